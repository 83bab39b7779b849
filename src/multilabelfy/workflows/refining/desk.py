"""Stage 4: hand an expert the least certain disputed images, take a decision once, and leave, revise or reopen one."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from multilabelfy.annotation.answers import further_id
from multilabelfy.annotation.assignment import Assignment, AssignmentState, check_own
from multilabelfy.annotation.model import Annotator, AssignmentId, Task
from multilabelfy.annotation.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import AWAITING_EXPERTS, UNFINISHED, n_in
from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.disagreement.comparison import compare
from multilabelfy.errors import AnswerIdUsed
from multilabelfy.refinement.decision import Deciding, Decision, refinement_of
from multilabelfy.refinement.filtering import EVERYTHING, CaseFilter
from multilabelfy.refinement.lots import REOPENED
from multilabelfy.refinement.model import Refinement
from multilabelfy.refinement.reopening import can_be_reopened
from multilabelfy.refinement.verdict import MOST_EXPERTS
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import images, labels
from multilabelfy.store.decisions import quick_answers, refinements
from multilabelfy.store.handing_out import assignments, handing_out, passed_on, queue
from multilabelfy.store.handing_out.assignment_rows import read_own
from multilabelfy.workflows.annotating.label_search import FoundLabels, find_labels, look_into
from multilabelfy.workflows.annotating.sheets import Option, options
from multilabelfy.workflows.at_work import AtWork, OpenDataset, at_work, reading, writing
from multilabelfy.workflows.refining.cases import Case, case_of, shown_labels
from multilabelfy.workflows.refining.filters import images_that_fit
from multilabelfy.workflows.settling import freed_places
from multilabelfy.workflows.settling.decisions import settle_decisions
from multilabelfy.workflows.showing.references_beside import looking_between
from multilabelfy.workflows.workspace import Workspace


class Desk(StrEnum):
    """What there is for an expert now."""

    WORK = "work"
    PAUSED = "paused"
    WAITING = "waiting"  # others hold the last disputed images, or annotators are still at work
    FINISHED = "finished"  # nothing is disputed, and no answers are wanted any more
    NOTHING_SO_FILTERED = "nothing-so-filtered"


@dataclass(frozen=True, slots=True)
class Progress:
    """From counters: what this expert decided and left for later, and the disputed images of the study."""

    n_decided: int
    n_later: int
    n_disputed: int


@dataclass(frozen=True, slots=True)
class Work:
    """What an expert finds: the state of the desk, the case on it, and their progress."""

    dataset: StoredDataset
    desk: Desk
    case: Case | None
    progress: Progress


@looking_between
def next_work(
    workspace: Workspace,
    name: str,
    expert: Annotator,
    now: datetime,
    *,
    wanted: CaseFilter = EVERYTHING,
    held: Collection[AssignmentId] = (),
) -> Work:
    """The case to look at first: one in hand (a blind answer that waits for its reveal comes before all), or the next of the queue.

    `wanted` restricts it; `held` are cases that the page has already. Raises UnknownDataset.
    """
    with at_work(workspace, name, expert, now) as at:
        c, dataset = at.c, at.dataset
        among = images_that_fit(at, wanted)
        freed_places.return_lapsed(c, dataset, now)
        handed = [] if among == [] else _hand_out(at, among, held)
        there = [one for one in handed if one.id not in held and (among is None or one.image in among)]
        case = case_of(at, there[0]) if there else None
        desk = Desk.WORK if case else empty_desk(c, dataset, is_filtered=not wanted.is_empty)
        return Work(dataset, desk, case, progress_of(c, dataset, expert))


def state(workspace: Workspace, name: str, expert: Annotator) -> Work:
    """The desk and the progress without a case, as where a filter asks for what is not there. Raises UnknownDataset."""
    with reading(workspace, name) as at:
        return Work(at.dataset, Desk.NOTHING_SO_FILTERED, None, progress_of(at.c, at.dataset, expert))


@looking_between
def open_case(workspace: Workspace, name: str, expert: Annotator, assignment: AssignmentId, now: datetime) -> Work:
    """One assignment of this expert again: to decide, or to revise. Raises UnknownImage, NotAllowed where it is somebody else's."""
    with at_work(workspace, name, expert, now) as at:
        handed = own_assignment(at, expert, assignment)
        assignments.reclaim(at.c, handed.id, overlap=MOST_EXPERTS, now=now, lease=_lease(workspace))
        return Work(at.dataset, Desk.WORK, case_of(at, handed), progress_of(at.c, at.dataset, expert))


def decide(workspace: Workspace, name: str, expert: Annotator, assignment: AssignmentId, decision: Decision, now: datetime) -> Refinement:
    """Store a decision, in one transaction with the image's new state; the same decision under the same id changes nothing.

    Other content under a used id is a revision where it came `by_form`, and raises AnswerIdUsed where not.

    In the blind style the first answer is kept and the image stays disputed until the answer after the reveal. An image that wants several
    experts stays so until they decided; where they differ, another one is asked. Raises AnswerRefused with a
    message for each field that does not fit, NotAllowed for an image that the expert annotated.
    """
    with at_work(workspace, name, expert, now) as at:
        return decide_in(at, own_assignment(at, expert, assignment), decision)


def decide_in(at: AtWork, handed: Assignment, decision: Decision) -> Refinement:
    """The same in a transaction, of a case that is this expert's. Raises AnswerIdUsed where the id belongs to another decision."""
    c = at.c
    stored = refinements.by_client_id(c, decision.client_id)
    if stored is not None and (stored.image, stored.expert) != (handed.image, at.person.id):
        raise AnswerIdUsed
    if stored is not None and decision.by_form:
        stored, decision = _as_revision(c, handed, decision)
    if stored is not None and not decision.repeats(stored):
        raise AnswerIdUsed
    if stored is not None:
        return stored
    refinement = _refinement(at, handed, decision)
    stored = refinements.append(c, refinement, dataset=at.dataset.id, assignment=handed.id)
    if stored.is_decided:
        settle_decisions(c, handed.image)
    return stored


def _as_revision(c: Connection, handed: Assignment, decision: Decision) -> tuple[Refinement | None, Decision]:
    """What stands where a form that was sent before says the same; else None, and the form's decision under an id of its own."""
    standing = refinements.latest_of(c, handed.image, handed.annotator)
    if standing is None or decision.repeats(standing):
        return standing, decision
    return None, replace(decision, client_id=further_id(decision.client_id, standing.revision))


def leave_for_later(workspace: Workspace, name: str, expert: Annotator, assignment: AssignmentId) -> None:
    """Put a case aside; it comes back before the end."""
    with writing(workspace, name) as at:
        handed = own_assignment(at, expert, assignment)
        if handed.state is AssignmentState.OPEN:
            assignments.leave_for_later(at.c, handed.id)


def reopen(workspace: Workspace, name: str, image: ImageId) -> None:
    """Bring a decided image back into the queue, for one decision; what was decided stays in its history. Raises UnknownImage.

    So does one that waits for a further expert, or on which three decided differently.
    """
    with writing(workspace, name) as at:
        reopen_in(at.c, at.dataset, image)


def reopen_in(c: Connection, dataset: StoredDataset, image: ImageId) -> bool:
    """The same in a transaction; says whether there was anything to bring back."""
    stored = images.get(c, image)
    has_decision = bool(refinements.standing_of_image(c, stored.id))
    if stored.dataset != dataset.id or not can_be_reopened(stored.state, has_decision=has_decision):
        return False
    assignments.reopen(c, image, Task.REFINE)
    images.want_experts(c, image, REOPENED.n_experts, policy=REOPENED.policy.value, probability=REOPENED.inclusion_probability)
    images.set_state(c, image, ImageState.DISPUTED)
    return True


def beside(workspace: Workspace, name: str, expert: Annotator, assignment: AssignmentId | None, *, backwards: bool) -> AssignmentId | None:
    """The own decision before (or after) an assignment; before None, the last one. None where there is none."""
    with reading(workspace, name) as at:
        c, dataset = at.c, at.dataset
        if backwards or assignment is None:
            found = assignments.previous(c, expert.id, dataset.id, Task.REFINE, assignment)
        else:
            found = assignments.next_after(c, expert.id, dataset.id, Task.REFINE, assignment)
        return None if found is None else found.id


def search_labels(
    workspace: Workspace, name: str, expert: Annotator, assignment: AssignmentId, text: str, below: str | None = None
) -> FoundLabels:
    """The labels that a text fits, or what stands below a concept, beside the image of a case.

    Raises NotAllowed where the case is somebody else's.
    """
    with reading(workspace, name) as at:
        image = images.get(at.c, own_assignment(at, expert, assignment).image)
        return find_labels(at, image, text) if below is None else look_into(at, image, below)


def options_of(workspace: Workspace, name: str, wanted: Collection[int]) -> dict[int, Option]:
    """These labels as a page offers them; one that is not there is left out."""
    with reading(workspace, name) as at:
        return options(at, wanted)


def progress_of(c: Connection, dataset: StoredDataset, expert: Annotator) -> Progress:
    """From counters: it costs the same with a million images."""
    n_decided, _, n_later = assignments.counts_of(c, expert.id, dataset.id, Task.REFINE)
    return Progress(n_decided, n_later, n_in(images.counts(c, dataset.id), AWAITING_EXPERTS))


def _hand_out(at: AtWork, among: Collection[ImageId] | None, held: Collection[AssignmentId]) -> list[Assignment]:
    """What the expert holds, and one new case where the page has all of those. Experts hold few: a case left open comes back at once."""
    c, dataset, expert = at.c, at.dataset, at.person
    own = read_own(c, dataset.id, expert.id, (Task.REFINE,), AssignmentState.OPEN)
    if among is None and (passed := passed_on.passed_by_name(c, dataset.id, expert.id)):
        among = queue.available_among(c, dataset.id, expert.id, passed) or None
    is_one_more = among is not None or all(one.id in held for one in own)
    n = len(own) + 1 if is_one_more else len(own)
    return hand_out(at, n=n, among=among)


def hand_out(at: AtWork, *, n: int, among: Collection[ImageId] | None = None) -> list[Assignment]:
    """Up to n cases for an expert: what they hold, then the most urgent ones (of those in `among`), at last what they left for later."""
    return handing_out.hand_out(
        at.c,
        at.dataset.id,
        at.person.id,
        task=Task.REFINE,
        n=n,
        overlap=MOST_EXPERTS,
        now=at.now,
        lease=_lease(at.workspace),
        among=among,
    )


def empty_desk(c: Connection, dataset: StoredDataset, *, is_filtered: bool) -> Desk:
    """Why there is nothing for an expert now."""
    if dataset.paused:
        return Desk.PAUSED
    if is_filtered:
        return Desk.NOTHING_SO_FILTERED
    return Desk.WAITING if n_in(images.counts(c, dataset.id), UNFINISHED) else Desk.FINISHED


def _refinement(at: AtWork, handed: Assignment, decision: Decision) -> Refinement:
    c, expert = at.c, at.person
    everything = annotations.latest_of_image(c, handed.image)
    own = refinements.latest_of(c, handed.image, expert.id)
    by_label = quick_answers.standing(c, [handed.id]).get(handed.id, {})
    case = Deciding(
        handed=handed,
        expert=expert,
        protocol=at.dataset.protocol,
        annotations=everything,
        shown=own.shown if own else shown_labels(at, handed.image, compare(everything)),
        own=own,
        by_label_ms=sum(one.present_ms for one in by_label.values()),
    )
    known = labels.labels_by_index(c, at.dataset.id, sorted(decision.chosen)).keys()
    return refinement_of(decision, case, known=known, now=at.now)


def own_assignment(at: OpenDataset, expert: Annotator, assignment: AssignmentId) -> Assignment:
    """A case of this expert's. Raises UnknownImage, NotAllowed where it is somebody else's."""
    handed = assignments.get(at.c, assignment)
    check_own(handed, expert.id, at.dataset.id, Task.REFINE)
    return handed


def _lease(workspace: Workspace) -> timedelta:
    return timedelta(minutes=workspace.settings.lease_minutes)
