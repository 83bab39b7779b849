"""Whatever experts do in whatever order: nobody judges what they annotated, nobody twice, and an image is decided only by those it wants.

A hypothesis state machine plays experts against the store. Which images are decided is worked out by brute force over all decisions.
"""

from collections import Counter
from datetime import datetime

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select
from tests.deciding import append_decision
from tests.store.campaigns import Campaign, after, new_campaign

from multilabelfy.annotation.assignment import Assignment, AssignmentState
from multilabelfy.annotation.model import Annotator, Role, Task, Vote
from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.refinement.lots import REOPENED, RefinePolicy
from multilabelfy.refinement.model import Refinement
from multilabelfy.store.answers import rebuild
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import images
from multilabelfy.store.handing_out import assignments
from multilabelfy.store.schema import assignments as rows
from multilabelfy.workflows.settling.decisions import settle_decisions

N_IMAGES = 3
EXPERTS = ("Ada", "Bob", "Eve", "Fay", "Gus")
N_ANNOTATORS = 2
"""The first two annotated every image, and are experts too."""
_numbers = iter(range(10**9))
which = st.integers(0, 40)


class Experts(RuleBasedStateMachine):
    """Experts are handed images, decide, revise, leave, dawdle and come late; an owner reopens."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.minutes = 0.0
        self.n_said = 0
        self.handed: list[Assignment] = []
        self.standing: dict[ImageId, dict[int, int]] = {}  # by image, the label that each expert chose in this round
        self.wanted: dict[ImageId, int] = {}

    @initialize(wanted=st.lists(st.sampled_from((1, 2)), min_size=N_IMAGES, max_size=N_IMAGES))
    def begin(self, wanted: list[int]) -> None:
        number = next(_numbers)
        self.campaign: Campaign = new_campaign(self.store, N_IMAGES, name=f"experts {number}")
        self.people: list[Annotator] = [self.campaign.person(f"{name} {number}", Role.EXPERT) for name in EXPERTS]
        for annotator in self.people[:N_ANNOTATORS]:
            for held in self.campaign.hand_out(annotator, N_IMAGES):
                self.campaign.submit(held, annotator.id % 2)
        for place, n in enumerate(wanted):
            self.want(self.campaign.image(place), n, RefinePolicy.ONE_EXPERT if n == 1 else RefinePolicy.TWO_EXPERTS)

    @rule(who=st.integers(0, len(EXPERTS) - 1), n=st.integers(1, 2))
    def ask(self, who: int, n: int) -> None:
        expert = self.people[who]
        for assignment in self.campaign.hand_out(expert, n, now=self.now, task=Task.REFINE):
            assert who >= N_ANNOTATORS, "nobody judges what they annotated"
            assert expert.id not in self.standing[assignment.image], "nobody decides twice"
            if assignment.handed_at == self.now:
                assert self.n_at_work(assignment.image) <= self.wanted[assignment.image], "no more experts than it wants"
            self.handed.append(assignment)

    @precondition(lambda self: self.handed)
    @rule(pick=which, label=st.integers(0, 2))
    def decide(self, pick: int, label: int) -> None:
        """Also late, when the lease lapsed or the image is decided, and again, which is a revision."""
        held = self.handed[pick % len(self.handed)]
        self.n_said += 1
        with self.store.writing() as c:
            answers = {label: Vote.YES}
            said = Refinement(f"{held.id}-{self.n_said}", held.image, held.annotator, (0,), (0, 1, 2), None, answers, self.now)
            append_decision(c, said, dataset=self.campaign.dataset, assignment=held.id)
            found = settle_decisions(c, held.image)
        self.standing[held.image][held.annotator] = label
        assert found is self.expected(held.image)

    @precondition(lambda self: self.handed)
    @rule(pick=which)
    def leave(self, pick: int) -> None:
        with self.store.writing() as c:
            assignments.leave_for_later(c, self.handed[pick % len(self.handed)].id)

    @rule(minutes=st.sampled_from((1, 31)))
    def wait(self, minutes: int) -> None:
        self.minutes += minutes

    @rule(place=st.integers(0, N_IMAGES - 1))
    def reopen(self, place: int) -> None:
        image = self.campaign.image(place)
        if self.state_of(image) is ImageState.DISPUTED:
            return
        with self.store.writing() as c:
            assignments.reopen(c, image, Task.REFINE)
        self.want(image, REOPENED.n_experts, REOPENED.policy)

    @invariant()
    def an_image_that_nobody_decided_waits(self) -> None:
        for image, said in self.standing.items():
            assert said or self.state_of(image) is ImageState.DISPUTED

    @invariant()
    def summaries_are_those_of_the_log(self) -> None:
        with self.store.reading() as c:
            assert rebuild.stored_summaries(c, self.campaign.dataset) == rebuild.recomputed(c, self.campaign.dataset)

    def teardown(self) -> None:
        """Experts work on until nothing is handed out: then an image that waits has been before everybody who may decide on it."""
        if not self.standing:
            return
        self.minutes += 31
        while sum(self.work(who) for who in range(len(EXPERTS))):
            pass
        may = {person.id for person in self.people[N_ANNOTATORS:]}
        for image, said in self.standing.items():
            assert self.state_of(image) is not ImageState.DISPUTED or may <= said.keys(), "nothing is lost"

    def work(self, who: int) -> int:
        handed = self.campaign.hand_out(self.people[who], 2, now=self.now, task=Task.REFINE)
        for assignment in handed:
            self.handed.append(assignment)
            self.decide(len(self.handed) - 1, who % 3)
        return len(handed)

    def expected(self, image: ImageId) -> ImageState:
        """By brute force over what stands; where as many as were wanted do not settle it, one more is wanted, up to three."""
        counts = sorted(Counter(self.standing[image].values()).values(), reverse=True)
        if 2 * counts[0] > self.wanted[image] and counts[0] > sum(counts[1:2]):
            return ImageState.REFINED
        if sum(counts) < self.wanted[image]:
            return ImageState.DISPUTED
        if sum(counts) >= 3:
            return ImageState.CONTESTED
        self.wanted[image] = sum(counts) + 1
        return ImageState.DISPUTED

    def want(self, image: ImageId, n: int, policy: RefinePolicy) -> None:
        self.wanted[image], self.standing[image] = n, {}
        with self.store.writing() as c:
            images.want_experts(c, image, n, policy=policy.value, probability=1.0)
            images.set_state(c, image, ImageState.DISPUTED)

    def state_of(self, image: ImageId) -> ImageState:
        with self.store.reading() as c:
            return images.get(c, image).state

    def n_at_work(self, image: ImageId) -> int:
        """How many experts hold the image or have decided on it in this round."""
        busy = rows.c.state.in_((AssignmentState.OPEN.value, AssignmentState.ANSWERED.value))
        here = (rows.c.image_id == image) & (rows.c.task == Task.REFINE.value)
        with self.store.reading() as c:
            return int(c.execute(select(func.count()).select_from(rows).where(here, busy)).scalar_one())

    @property
    def now(self) -> datetime:
        return after(self.minutes)


def test_experts_hold_their_promises_whatever_they_do(store: Store) -> None:
    class OnThisStore(Experts):
        def __init__(self) -> None:
            super().__init__(store)

    n_examples = settings().max_examples // (6 if store.url.startswith("sqlite") else 13)
    checked = settings(max_examples=n_examples, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(OnThisStore, settings=checked)
