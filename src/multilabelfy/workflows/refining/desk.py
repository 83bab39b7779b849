"""Stage 4: hand an expert the least certain disputed images, store each decision once, and postpone, revise or reopen one."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from multilabelfy.annotation.answers import further_id
from multilabelfy.annotation.assignment import Assignment, AssignmentState, check_own
from multilabelfy.annotation.model import Annotator, AssignmentId, Role, Task
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import AWAITING_EXPERTS, UNFINISHED, n_in
from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.disagreement.comparison import compare
from multilabelfy.errors import AnswerIdUsed
from multilabelfy.refinement.cases.decision import Deciding, Decision, refinement_of
from multilabelfy.refinement.final_labels.verdict import MOST_EXPERTS
from multilabelfy.refinement.image_filter import EVERY_CASE, CaseFilter
from multilabelfy.refinement.lots import REOPENED
from multilabelfy.refinement.model import Refinement
from multilabelfy.refinement.reopening import can_be_reopened
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import images, labels
from multilabelfy.store.decisions import quick_answers, refinements
from multilabelfy.store.handing_out import assignments, handing_out, passed_on, queue
from multilabelfy.store.handing_out.assignment_rows import read_own
from multilabelfy.workflows.annotating.desk import lease_of
from multilabelfy.workflows.annotating.label_search import FoundLabels, find_labels, look_into
from multilabelfy.workflows.annotating.sheets import Option, options
from multilabelfy.workflows.annotating.waiting import takes_first
from multilabelfy.workflows.at_work import AtWork, OpenDataset, at_work, reading, writing
from multilabelfy.workflows.refining.cases import Case, case_of, shown_labels
from multilabelfy.workflows.refining.filters import images_that_fit
from multilabelfy.workflows.settling import freed_places
from multilabelfy.workflows.settling.decisions import settle_decisions
from multilabelfy.workflows.showing.references_beside import looking_between
from multilabelfy.workflows.workspace import Workspace


class ExpertDesk(StrEnum):
    """The state of an expert's desk."""

    WORK = "work"
    PAUSED = "paused"
    NO_PICTURES = "no-pictures"  # the study was made of votes that people cast elsewhere
    WAITING = "waiting"  # others hold the last disputed images, or annotators are still at work
    FINISHED = "finished"  # nothing is disputed, and no answers are wanted any more
    NOTHING_SO_FILTERED = "nothing-so-filtered"


@dataclass(frozen=True, slots=True)
class ExpertProgress:
    """One expert's progress, from counters: images decided and left for later, and the disputed images of the study."""

    n_decided: int
    n_later: int
    n_disputed: int


@dataclass(frozen=True, slots=True)
class RefiningWork:
    """What an expert finds at the desk: its state, the case on it, and their progress."""

    dataset: StoredDataset
    desk: ExpertDesk
    case: Case | None
    progress: ExpertProgress


@looking_between
def next_work(
    workspace: Workspace,
    name: str,
    expert: Annotator,
    now: datetime,
    *,
    wanted: CaseFilter = EVERY_CASE,
    held: Collection[AssignmentId] = (),
) -> RefiningWork:
    """The case to show now: one in hand (first a blind answer that waits for its reveal), or the next of the queue.

    `wanted` filters the cases; `held` are those that the page already has. Raises UnknownDataset.
    """
    with at_work(workspace, name, expert, now) as at:
        c, dataset = at.c, at.dataset
        if not dataset.has_pictures:
            return RefiningWork(dataset, ExpertDesk.NO_PICTURES, None, progress_of(c, dataset, expert))
        among = images_that_fit(at, wanted)
        freed_places.return_lapsed(c, dataset, now)
        in_hand = [] if among == [] else _cases_in_hand(at, among, held)
        fresh = [assignment for assignment in in_hand if assignment.id not in held and (among is None or assignment.image in among)]
        case = case_of(at, fresh[0]) if fresh else None
        desk = ExpertDesk.WORK if case else empty_desk(c, dataset, is_filtered=not wanted.is_empty)
        return RefiningWork(dataset, desk, case, progress_of(c, dataset, expert))


def only_looks(workspace: Workspace, name: str, person: Annotator, now: datetime, wanted: CaseFilter = EVERY_CASE) -> bool:
    """Whether the filter has a case for an owner who has neither decided nor taken one of this dataset. Raises UnknownDataset."""
    if person.role is not Role.OWNER:
        return False
    with at_work(workspace, name, person, now) as at:
        if not takes_first(at, Task.REFINE):
            return False
        among = images_that_fit(at, wanted)
        if among is None:
            return assignments.available(at.c, at.dataset.id, person.id, Task.REFINE, MOST_EXPERTS).now
        return bool(queue.available_among(at.c, at.dataset.id, person.id, among))


def state(workspace: Workspace, name: str, expert: Annotator) -> RefiningWork:
    """The desk and the progress without a case, for a filter that nothing can match. Raises UnknownDataset."""
    with reading(workspace, name) as at:
        return RefiningWork(at.dataset, ExpertDesk.NOTHING_SO_FILTERED, None, progress_of(at.c, at.dataset, expert))


@looking_between
def open_case(workspace: Workspace, name: str, expert: Annotator, assignment_id: AssignmentId, now: datetime) -> RefiningWork:
    """One of this expert's assignments again, to decide or to revise. Raises NotAllowed if it is somebody else's or there is none."""
    with at_work(workspace, name, expert, now) as at:
        assignment = own_assignment(at, expert, assignment_id)
        assignments.reclaim(at.c, assignment.id, overlap=MOST_EXPERTS, now=now, lease=lease_of(workspace))
        return RefiningWork(at.dataset, ExpertDesk.WORK, case_of(at, assignment), progress_of(at.c, at.dataset, expert))


def decide(
    workspace: Workspace, name: str, expert: Annotator, assignment_id: AssignmentId, decision: Decision, now: datetime
) -> Refinement:
    """Store a decision, in one transaction with the image's new state; the same decision under the same id changes nothing.

    A different decision under a used id is a revision if it came `by_form`, and raises AnswerIdUsed otherwise.

    In the blind style the first answer is kept, and the image stays disputed until the answer after the reveal. An image that needs several
    experts stays disputed until all have decided; if they differ, another one is asked. Raises AnswerRefused with a message for each field
    that does not fit, NotAllowed for an image that the expert annotated.
    """
    with at_work(workspace, name, expert, now) as at:
        return decide_in(at, own_assignment(at, expert, assignment_id), decision)


def decide_in(at: AtWork, assignment: Assignment, decision: Decision) -> Refinement:
    """As `decide`, in an open transaction, for one of this expert's cases. Raises AnswerIdUsed if the id belongs to another decision."""
    c = at.c
    stored = refinements.by_client_id(c, decision.client_id)
    if stored is not None and (stored.image, stored.expert) != (assignment.image, at.person.id):
        raise AnswerIdUsed
    if stored is not None and decision.by_form:
        stored, decision = _as_revision(c, assignment, decision)
    if stored is not None and not decision.repeats(stored):
        raise AnswerIdUsed
    if stored is not None:
        return stored
    own = refinements.latest_of(c, assignment.image, at.person.id)
    stored = refinements.add(c, _refinement(at, assignment, decision, own), assignment, own, dataset=at.dataset.id)
    if stored.is_decided:
        settle_decisions(c, assignment.image)
    return stored


def _as_revision(c: Connection, assignment: Assignment, decision: Decision) -> tuple[Refinement | None, Decision]:
    """The standing decision if this form repeats it; otherwise None, and the form's decision under an id of its own."""
    standing = refinements.latest_of(c, assignment.image, assignment.annotator)
    if standing is None or decision.repeats(standing):
        return standing, decision
    return None, replace(decision, client_id=further_id(decision.client_id, standing.revision))


def leave_for_later(workspace: Workspace, name: str, expert: Annotator, assignment_id: AssignmentId) -> None:
    """Put a case aside; it comes back before the end."""
    with writing(workspace, name) as at:
        assignment = own_assignment(at, expert, assignment_id)
        if assignment.state is AssignmentState.OPEN:
            assignments.leave_for_later(at.c, assignment.id)


def reopen(workspace: Workspace, name: str, image: ImageId) -> None:
    """Return a decided image to the queue for one more decision; earlier decisions stay in its history. Raises UnknownImage.

    It also reopens an image that waits for a further expert, or on which three experts differ.
    """
    with writing(workspace, name) as at:
        reopen_in(at.c, at.dataset, image)


def reopen_in(c: Connection, dataset: StoredDataset, image: ImageId) -> bool:
    """As `reopen`, in an open transaction; returns whether the image could be reopened."""
    stored = images.get(c, image)
    has_decision = bool(refinements.standing_of_image(c, stored.id))
    if stored.dataset != dataset.id or not can_be_reopened(stored.state, has_decision=has_decision):
        return False
    assignments.reopen(c, image, Task.REFINE)
    images.want_experts(c, image, REOPENED.n_experts, policy=REOPENED.policy.value, probability=REOPENED.inclusion_probability)
    images.set_state(c, image, ImageState.DISPUTED)
    return True


def beside(workspace: Workspace, name: str, expert: Annotator, assignment: AssignmentId | None, *, backwards: bool) -> AssignmentId | None:
    """The assignment that this expert decided before (or after) this one, or last if it is None. None if there is none."""
    with reading(workspace, name) as at:
        c, dataset = at.c, at.dataset
        if backwards or assignment is None:
            neighbour = assignments.previous(c, expert.id, dataset.id, Task.REFINE, assignment)
        else:
            neighbour = assignments.next_after(c, expert.id, dataset.id, Task.REFINE, assignment)
        return None if neighbour is None else neighbour.id


def search_labels(
    workspace: Workspace, name: str, expert: Annotator, assignment_id: AssignmentId, text: str, below: str | None = None
) -> FoundLabels:
    """The labels that match a text, or those below a concept, beside the image of a case.

    Raises NotAllowed if the case is somebody else's.
    """
    with reading(workspace, name) as at:
        image = images.get(at.c, own_assignment(at, expert, assignment_id).image)
        return find_labels(at, image, text) if below is None else look_into(at, image, below)


def options_of(workspace: Workspace, name: str, wanted: Collection[int]) -> dict[int, Option]:
    """These labels as a page offers them; unknown labels are left out."""
    with reading(workspace, name) as at:
        return options(at, wanted)


def progress_of(c: Connection, dataset: StoredDataset, expert: Annotator) -> ExpertProgress:
    """This expert's progress, from counters: it costs the same with a million images."""
    by_state = images.asked_counts(c, dataset.id)
    n_decided, _, n_later = assignments.counts_of(c, expert.id, dataset.id, Task.REFINE)
    return ExpertProgress(n_decided, n_later, n_in(by_state(), AWAITING_EXPERTS))


def _cases_in_hand(at: AtWork, among: Collection[ImageId] | None, held: Collection[AssignmentId]) -> list[Assignment]:
    """The expert's cases in hand, and a new one if the page has all of them. Experts hold few: a case left open comes back at once."""
    c, dataset, expert = at.c, at.dataset, at.person
    in_hand = read_own(c, dataset.id, expert.id, (Task.REFINE,), AssignmentState.OPEN)
    if among is None and (passed := passed_on.passed_by_name(c, dataset.id, expert.id)):
        among = queue.available_among(c, dataset.id, expert.id, passed) or None
    is_one_more = among is not None or all(assignment.id in held for assignment in in_hand)
    n = len(in_hand) + 1 if is_one_more else len(in_hand)
    return hand_out_cases(at, n=n, among=among)


def hand_out_cases(at: AtWork, *, n: int, among: Collection[ImageId] | None = None) -> list[Assignment]:
    """Up to n cases for an expert: those in hand, then the most urgent ones (within `among`), and last those left for later."""
    return handing_out.hand_out(
        at.c,
        at.dataset.id,
        at.person.id,
        task=Task.REFINE,
        n=n,
        overlap=MOST_EXPERTS,
        now=at.now,
        lease=lease_of(at.workspace),
        among=among,
    )


def empty_desk(c: Connection, dataset: StoredDataset, *, is_filtered: bool) -> ExpertDesk:
    """The state of a desk without a case: why there is none."""
    if dataset.paused:
        return ExpertDesk.PAUSED
    if is_filtered:
        return ExpertDesk.NOTHING_SO_FILTERED
    return ExpertDesk.WAITING if n_in(images.counts(c, dataset.id), UNFINISHED) else ExpertDesk.FINISHED


def _refinement(at: AtWork, assignment: Assignment, decision: Decision, own: Refinement | None) -> Refinement:
    c, expert = at.c, at.person
    everything = annotations.latest_of_image(c, assignment.image)
    by_label = quick_answers.standing(c, [assignment.id]).get(assignment.id, {})
    case = Deciding(
        assignment=assignment,
        expert=expert,
        protocol=at.dataset.protocol,
        annotations=everything,
        shown=own.shown if own else shown_labels(at, assignment.image, compare(everything)),
        own=own,
        by_label_ms=sum(answer.present_ms for answer in by_label.values()),
    )
    known = labels.labels_by_index(c, at.dataset.id, sorted(decision.chosen)).keys()
    return refinement_of(decision, case, known=known, now=at.now)


def own_assignment(at: OpenDataset, expert: Annotator, assignment_id: AssignmentId) -> Assignment:
    """One of this expert's assignments. Raises NotAllowed if it is somebody else's or there is none."""
    return check_own(assignments.find(at.c, assignment_id), expert.id, at.dataset.id, Task.REFINE)
