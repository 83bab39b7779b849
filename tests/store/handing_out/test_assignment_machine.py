"""Whatever people do in whatever order: no item beyond its overlap, no lease immortal, no image lost, none twice to one person.

A hypothesis state machine plays campaigns against the store, by two workers whose requests come in any order, or at once. What is left to
do is worked out by brute force over all rows and compared with what the cursors find.
"""

from dataclasses import replace
from datetime import datetime

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select, tuple_
from tests.store.campaigns import LEASE, Campaign, add_images, after, new_campaign
from tests.store.campaigns import answer as answer_to
from tests.store.two_workers import Stores, beside_a_waiting_writer, two_stores, workers

from multilabelfy.annotation.assignment import Assignment, AssignmentState
from multilabelfy.annotation.model import Annotator, AnnotatorId, Task
from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.store.answers import annotations, check_answers, rebuild
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import images
from multilabelfy.store.handing_out import assignments, checks, leases, surplus
from multilabelfy.store.schema import assignments as rows

N_IMAGES = 2
PEOPLE = ("Ada", "Bob", "Cem")
_campaigns = iter(range(10**9))
who = st.integers(0, len(PEOPLE) - 1)
which = st.integers(0, 30)


class Assignments(RuleBasedStateMachine):
    """People are handed images, answer, dawdle, leave, come late; the owner adds images, puts them aside, opens them again."""

    def __init__(self, stores: Stores) -> None:
        super().__init__()
        self.stores, self.store = stores, stores[0]
        self.minutes = 0.0
        self.n_images = N_IMAGES
        self.n_answers = 0
        self.answered: set[tuple[int, ImageId]] = set()
        self.handed: list[Assignment] = []
        self.people: list[Annotator] = []
        self.put_aside: set[ImageId] = set()

    @initialize(overlap=st.integers(1, 3), n_staying=st.integers(1, len(PEOPLE)))
    def begin(self, overlap: int, n_staying: int) -> None:
        number = next(_campaigns)
        self.n_staying = n_staying
        self.campaign: Campaign = new_campaign(self.store, N_IMAGES, overlap=overlap, name=f"campaign {number}")
        self.people = [self.campaign.person(f"{name} {number}") for name in PEOPLE]

    @rule(worker=workers, person=who, n=st.integers(1, 3))
    def ask(self, worker: int, person: int, n: int) -> None:
        self.by(worker)
        self.take_back_what_lapsed()
        self.take_in(self.people[person], self.campaign.hand_out(self.people[person], n, now=self.now))

    @rule(worker=workers, person=who, behind=st.integers(1, len(PEOPLE) - 1))
    def ask_both_workers_at_once(self, worker: int, person: int, behind: int) -> None:
        """Two people ask; the second one's worker waits until the first one's has committed."""
        self.by(worker)
        self.take_back_what_lapsed()
        first, second = self.people[person], self.people[(person + behind) % len(PEOPLE)]
        waits = replace(self.campaign, store=self.stores[1 - worker])
        handed = beside_a_waiting_writer(
            self.store,
            lambda c: self.campaign.hand_out_in(c, first, 1, self.now),
            lambda: waits.hand_out(second, 1, now=self.now),
        )
        for asker, theirs in zip((first, second), handed, strict=True):
            self.take_in(asker, theirs)

    def by(self, worker: int) -> None:
        """What follows is asked of this worker."""
        self.store = self.stores[worker]
        self.campaign = replace(self.campaign, store=self.store)

    def take_in(self, person: Annotator, handed: list[Assignment]) -> None:
        """A person was handed these."""
        for assignment in handed:
            assert self.now + 0.9 * LEASE <= assignment.expires_at <= self.now + LEASE
            self.handed.append(assignment)
            if assignment.task is Task.CHECK:
                continue
            assert (person.id, assignment.image) not in self.answered, "nobody is given an image twice"
            with self.store.reading() as c:
                image = images.get(c, assignment.image)
            assert image.state is ImageState.OPEN
            assert image.n_answers + image.n_leases <= self.campaign.overlap, "no item over its overlap"

    @precondition(lambda self: self.answered)
    @rule(worker=workers, pick=which, wait=st.integers(0, 2))
    def draw_a_repeat(self, worker: int, pick: int, wait: int) -> None:
        self.by(worker)
        person, image = sorted(self.answered)[pick % len(self.answered)]
        with self.store.writing() as c:
            if not checks.is_checked(c, image, AnnotatorId(person)):
                due = checks.n_answered(c, self.campaign.dataset, AnnotatorId(person)) + wait
                checks.plan(c, self.campaign.dataset, AnnotatorId(person), [checks.Planned(image, "repeat", 0.5, due)])

    @precondition(lambda self: self.handed)
    @rule(worker=workers, pick=which, label=st.integers(0, 1))
    def answer(self, worker: int, pick: int, label: int) -> None:
        self.by(worker)
        assignment = self.handed[pick % len(self.handed)]
        self.n_answers += 1
        if assignment.task is Task.CHECK:
            self.answer_check(assignment, label)
            return
        self.campaign.submit(assignment, label, client_id=f"{self.campaign.dataset}-{self.n_answers}", now=self.now)
        self.answered.add((assignment.annotator, assignment.image))
        with self.store.writing() as c:
            self.settle(c, assignment.image)

    def answer_check(self, assignment: Assignment, label: int) -> None:
        """An answer to a check moves no image."""
        said = answer_to(assignment, label, client_id=f"{self.campaign.dataset}-{self.n_answers}", now=self.now)
        with self.store.writing() as c:
            before = images.get(c, assignment.image)
            check_answers.append(c, said, assignment=assignment.id)
            assert images.get(c, assignment.image) == before

    @precondition(lambda self: self.handed)
    @rule(worker=workers, pick=which)
    def leave(self, worker: int, pick: int) -> None:
        self.by(worker)
        with self.store.writing() as c:
            self.fill(c, assignments.leave_for_later(c, self.handed[pick % len(self.handed)].id))

    @precondition(lambda self: self.handed)
    @rule(worker=workers, pick=which)
    def take_up_again(self, worker: int, pick: int) -> None:
        self.by(worker)
        assignment = self.handed[pick % len(self.handed)]
        with self.store.writing() as c:
            before = assignments.get(c, assignment.id).state
            as_it_was = images.get(c, assignment.image)
            held = assignments.reclaim(c, assignment.id, overlap=self.campaign.overlap, now=self.now, lease=LEASE)
            assert held == (assignments.get(c, assignment.id).state is AssignmentState.OPEN)
            image = images.get(c, assignment.image)
            assert assignment.task is not Task.CHECK or image == as_it_was, "a check holds no place"
            assert (
                assignment.task is Task.CHECK
                or before is AssignmentState.OPEN
                or not held
                or image.n_answers + image.n_leases <= self.campaign.overlap
            )

    @rule(minutes=st.sampled_from((1, 20, 31)))
    def wait(self, minutes: int) -> None:
        self.minutes += minutes

    @rule(worker=workers, pick=which, state=st.sampled_from((ImageState.OPEN, ImageState.DISPUTED, ImageState.UNREADABLE)))
    def put_aside_or_open(self, worker: int, pick: int, state: ImageState) -> None:
        self.by(worker)
        with self.store.writing() as c:
            image = images.get(c, self.campaign.image(pick % self.n_images))
            if state is not ImageState.OPEN or image.n_answers < self.campaign.overlap:
                images.set_state(c, image.id, state)
                self.put_aside.add(image.id)

    @precondition(lambda self: self.n_images < 2 * N_IMAGES)
    @rule(worker=workers)
    def add(self, worker: int) -> None:
        self.by(worker)
        with self.store.writing() as c:
            add_images(c, self.campaign.dataset, [self.n_images])
        self.n_images += 1

    @invariant()
    def summaries_are_those_of_the_log(self) -> None:
        with self.store.reading() as c:
            assert rebuild.stored_summaries(c, self.campaign.dataset) == rebuild.recomputed(c, self.campaign.dataset)

    @invariant()
    def no_image_has_more_places_counted_and_held_than_it_wants(self) -> None:
        with self.store.reading() as c:
            assert all(image.n_answers + image.n_leases <= self.campaign.overlap for image in images.iterate(c, self.campaign.dataset))

    @invariant()
    def no_answer_waits_while_a_place_is_free(self) -> None:
        """But for images that the owner had put aside when the place came free: they are handed out again."""
        with self.store.reading() as c:
            waiting = [images.get(c, image) for image in surplus.images_waiting(c, self.campaign.dataset)]
        assert all(image.n_answers + image.n_leases == self.campaign.overlap for image in waiting if image.id not in self.put_aside)

    @invariant()
    def cursors_hide_nothing(self) -> None:
        with self.store.reading() as c:
            open_images = self.open_images(c)
            for person in self.people:
                wanted = self.wanted_by(c, person, open_images)
                found = assignments.available(c, self.campaign.dataset, person.id, Task.ANNOTATE, self.campaign.overlap)
                assert found.now == bool(wanted) or checks.is_due(c, self.campaign.dataset, person.id)

    def teardown(self) -> None:
        """Some people have left. Who stays works on until nothing is handed out: then open images have all the answers they can get."""
        if not self.people:
            return
        self.minutes += 31
        while sum(self.work(person) for person in range(self.n_staying)):
            pass
        staying = {person.id for person in self.people[: self.n_staying]}
        with self.store.reading() as c:
            for image in images.iterate(c, self.campaign.dataset):
                if image.state is ImageState.OPEN:
                    assert staying <= {said.annotator for said in annotations.latest_of_image(c, image.id)}, "nothing is lost"
                    assert image.n_leases == 0, "no lease is immortal"
            for person in self.people[: self.n_staying]:
                assert not checks.is_due(c, self.campaign.dataset, person.id), "no check whose turn has come is left"

    def take_back_what_lapsed(self) -> None:
        """As the workflow does before each hand-out."""
        with self.store.writing() as c:
            self.fill(c, leases.return_expired(c, self.campaign.dataset, self.now))

    def fill(self, c: Connection, freed: list[ImageId]) -> None:
        for image in surplus.count_waiting(c, freed, self.campaign.overlap):
            self.settle(c, image)

    def settle(self, c: Connection, image: ImageId) -> None:
        stored = images.get(c, image)
        if stored.state is ImageState.OPEN and stored.n_answers == self.campaign.overlap:
            images.set_state(c, image, ImageState.AGREED)

    def work(self, person: int) -> int:
        self.take_back_what_lapsed()
        handed = self.campaign.hand_out(self.people[person], 2, now=self.now)
        for assignment in handed:
            self.handed.append(assignment)
            self.answer(person % 2, len(self.handed) - 1, 0)
        return len(handed)

    def open_images(self, c: Connection) -> list[ImageId]:
        """By brute force: those with room."""
        everything = images.iterate(c, self.campaign.dataset)
        return [
            image.id for image in everything if image.state is ImageState.OPEN and image.n_answers + image.n_leases < self.campaign.overlap
        ]

    def wanted_by(self, c: Connection, person: Annotator, open_images: list[ImageId]) -> list[ImageId]:
        """Of the open images, those that the person does not hold, did not answer and did not leave for later."""
        has = (AssignmentState.OPEN, AssignmentState.LATER, AssignmentState.ANSWERED)
        own = select(rows.c.image_id).where(tuple_(rows.c.annotator_id, rows.c.dataset_id) == tuple_(person.id, self.campaign.dataset))
        theirs = set(c.execute(own.where(rows.c.state.in_([state.value for state in has]))).scalars())
        return [image for image in open_images if image not in theirs]

    @property
    def now(self) -> datetime:
        return after(self.minutes)


def test_assignments_hold_their_promises_whatever_people_do(store: Store) -> None:
    n_examples = settings().max_examples // (6 if store.url.startswith("sqlite") else 13)
    checked = settings(max_examples=n_examples, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
    with two_stores(store) as stores:

        class ByTwoWorkers(Assignments):
            def __init__(self) -> None:
                super().__init__(stores)

        run_state_machine_as_test(ByTwoWorkers, settings=checked)
