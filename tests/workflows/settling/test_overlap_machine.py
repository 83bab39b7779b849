"""Whatever people do and whenever the policy speaks: nobody is asked twice about an image, none exceeds its cap, each reaches its floor.

A hypothesis state machine plays a study with an adaptive overlap and a panel, its answers settled and its images decided as a study does,
by two workers whose requests come in any order, or at once.
"""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from tests.store.campaigns import LEASE, NOW, Campaign, after, new_campaign
from tests.store.two_workers import beside_a_waiting_writer, two_stores, workers

from multilabelfy.annotation.assignment import Assignment
from multilabelfy.annotation.model import Annotator, AnnotatorId
from multilabelfy.annotation.overlap import OverlapReason, is_in_panel
from multilabelfy.annotation.study.protocol import PAPER, AnnotationProtocol
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import MOVABLE, SETTLED
from multilabelfy.dataset.model import ImageId
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.settings import load_settings
from multilabelfy.store.answers import annotations, rebuild
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.handing_out import assignments, overlap_decisions
from multilabelfy.workflows.settling.answers import settle
from multilabelfy.workflows.settling.behind import datasets_behind
from multilabelfy.workflows.settling.freed_places import fill, return_lapsed
from multilabelfy.workflows.settling.overlap import begin_anew, decide_overlap
from multilabelfy.workflows.workspace import Workspace

N_IMAGES = 3
PEOPLE = ("Ada", "Bob", "Cem", "Dia", "Eve")
MOST = 4
_campaigns = iter(range(10**9))
who = st.integers(0, len(PEOPLE) - 1)
which = st.integers(0, 30)


@st.composite
def protocols(draw: st.DrawFn) -> AnnotationProtocol:
    """Protocols whose overlap adapts, from never enough to always, with all, some or no images in the panel."""
    floor = draw(st.integers(1, 2))
    cap = draw(st.integers(floor, MOST))
    bound, share = draw(st.sampled_from((0.0, 0.3, 10.0))), draw(st.sampled_from((0.0, 0.5, 1.0)))
    overlap = draw(st.integers(floor, cap))
    return replace(PAPER, overlap=overlap, overlap_floor=floor, overlap_cap=cap, overlap_bound=bound, panel_share=share)


class AdaptiveStudy(RuleBasedStateMachine):
    """People are handed images, answer, dawdle, leave, come late; now and then the policy decides."""

    def __init__(self, workspaces: tuple[Workspace, Workspace]) -> None:
        super().__init__()
        self.workspaces = workspaces
        self.workspace, self.store = workspaces[0], workspaces[0].store
        self.minutes = 0.0
        self.n_answers = 0
        self.answered: set[tuple[AnnotatorId, ImageId]] = set()
        self.handed: list[Assignment] = []
        self.people: list[Annotator] = []

    @initialize(protocol=protocols())
    def begin(self, protocol: AnnotationProtocol) -> None:
        number = next(_campaigns)
        self.protocol, self.name = protocol, f"adaptive {number}"
        self.campaign: Campaign = new_campaign(self.store, N_IMAGES, overlap=protocol.least_overlap, name=self.name)
        self.people = [self.campaign.person(f"{name} {number}") for name in PEOPLE]
        with self.store.writing() as c:
            datasets.set_protocol(c, self.campaign.dataset, protocol, NOW)
            begin_anew(c, datasets.get(c, self.campaign.dataset), NOW)

    def by(self, worker: int) -> None:
        """What follows is asked of this worker."""
        self.workspace = self.workspaces[worker]
        self.store = self.workspace.store
        self.campaign = replace(self.campaign, store=self.store)

    @rule(worker=workers, person=who, n=st.integers(1, 2))
    def ask(self, worker: int, person: int, n: int) -> None:
        self.by(worker)
        with self.store.writing() as c:
            return_lapsed(c, datasets.get(c, self.campaign.dataset), self.now)
        self.take_in(self.campaign.hand_out(self.people[person], n, now=self.now))

    @rule(worker=workers, person=who, behind=st.integers(1, len(PEOPLE) - 1))
    def ask_both_workers_at_once(self, worker: int, person: int, behind: int) -> None:
        """Two people ask; the second one's worker waits until the first one's has committed."""
        self.by(worker)
        first, second = self.people[person], self.people[(person + behind) % len(PEOPLE)]
        waits = replace(self.campaign, store=self.workspaces[1 - worker].store)
        handed = beside_a_waiting_writer(
            self.store,
            lambda c: self.campaign.hand_out_in(c, first, 1, self.now),
            lambda: waits.hand_out(second, 1, now=self.now),
        )
        for theirs in handed:
            self.take_in(theirs)

    def take_in(self, handed: list[Assignment]) -> None:
        """Somebody was handed these."""
        assert not [each for each in handed if (each.annotator, each.image) in self.answered], "nobody is asked twice"
        self.handed += handed

    @precondition(lambda self: self.handed)
    @rule(worker=workers, pick=which, label=st.integers(0, 2))
    def answer(self, worker: int, pick: int, label: int) -> None:
        self.by(worker)
        assignment = self.handed[pick % len(self.handed)]
        self.n_answers += 1
        self.campaign.submit(assignment, label, client_id=f"{self.campaign.dataset}-{self.n_answers}", now=self.now)
        self.answered.add((assignment.annotator, assignment.image))
        with self.store.writing() as c:
            settle(c, datasets.get(c, self.campaign.dataset), assignment.image)

    @precondition(lambda self: self.handed)
    @rule(worker=workers, pick=which)
    def leave(self, worker: int, pick: int) -> None:
        self.by(worker)
        with self.store.writing() as c:
            freed = assignments.leave_for_later(c, self.handed[pick % len(self.handed)].id)
            fill(c, datasets.get(c, self.campaign.dataset), freed)

    @precondition(lambda self: self.handed)
    @rule(worker=workers, pick=which)
    def take_up_again(self, worker: int, pick: int) -> None:
        self.by(worker)
        with self.store.writing() as c:
            overlap = self.protocol.least_overlap
            assignments.reclaim(c, self.handed[pick % len(self.handed)].id, overlap=overlap, now=self.now, lease=LEASE)

    @rule(minutes=st.sampled_from((1, 31)))
    def wait(self, minutes: int) -> None:
        self.minutes += minutes

    @rule(worker=workers)
    def decide(self, worker: int) -> None:
        self.by(worker)
        decide_overlap(self.workspace, self.name, self.now)
        assert self.name not in datasets_behind(self.workspace)

    @invariant()
    def no_image_has_more_places_than_its_cap(self) -> None:
        for image in self.images():
            assert image.n_answers + image.n_leases <= image.wants(self.protocol.least_overlap) <= self.most(image)

    @invariant()
    def no_image_is_finished_below_its_floor(self) -> None:
        assert all(image.n_answers >= self.protocol.overlap_floor for image in self.images() if image.state in set(SETTLED) & set(MOVABLE))

    @invariant()
    def summaries_are_those_of_the_log(self) -> None:
        if self.people:
            with self.store.reading() as c:
                assert rebuild.stored_summaries(c, self.campaign.dataset) == rebuild.recomputed(c, self.campaign.dataset)

    def teardown(self) -> None:
        """Everybody works on, and the policy decides, until nothing is handed out: then each image has had what it should."""
        if not self.people:
            return
        self.minutes += 31
        while sum(self.work(person) for person in range(len(PEOPLE))):
            self.decide(0)
        self.decide(1)
        with self.store.reading() as c:
            decided = overlap_decisions.of_dataset(c, self.campaign.dataset)
            n_visits = {image.id: len(annotations.latest_of_image(c, image.id)) for image in self.images()}
        for image in self.images():
            assert image.state in set(SETTLED) & set(MOVABLE)
            reason = decided[image.id].reason
            if is_in_panel(self.protocol, self.dataset().seed, image.id):
                assert (reason, image.n_answers) == (OverlapReason.PANEL, self.protocol.overlap)
            else:
                assert self.protocol.overlap_floor <= image.n_answers <= self.protocol.overlap_cap
                assert reason is OverlapReason.ENOUGH or (reason, n_visits[image.id] >= self.protocol.overlap_cap) == (
                    OverlapReason.AT_CAP,
                    True,
                )

    def work(self, person: int) -> int:
        before = len(self.handed)
        self.ask(person % 2, person, 2)
        for place in range(before, len(self.handed)):
            self.answer(place % 2, place, place % 3)
        return len(self.handed) - before

    def images(self) -> list[StoredImage]:
        if not self.people:
            return []
        with self.store.reading() as c:
            return list(images.iterate(c, self.campaign.dataset))

    def dataset(self) -> StoredDataset:
        with self.store.reading() as c:
            return datasets.get(c, self.campaign.dataset)

    def most(self, image: StoredImage) -> int:
        return self.protocol.overlap if is_in_panel(self.protocol, self.dataset().seed, image.id) else self.protocol.overlap_cap

    @property
    def now(self) -> datetime:
        return after(self.minutes)


def test_an_adaptive_overlap_holds_its_promises_whatever_people_do(store: Store, tmp_path: Path) -> None:
    n_examples = settings().max_examples // (6 if store.url.startswith("sqlite") else 13)
    checked = settings(max_examples=n_examples, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
    with two_stores(store) as (one, two):
        workspaces = Workspace(load_settings(tmp_path), one, bytes(32)), Workspace(load_settings(tmp_path), two, bytes(32))

        class ByTwoWorkers(AdaptiveStudy):
            def __init__(self) -> None:
                super().__init__(workspaces)

        run_state_machine_as_test(ByTwoWorkers, settings=checked)
