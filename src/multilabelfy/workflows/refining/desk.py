"""Stage 4: hand an expert the least certain disputed images, take a decision once, and leave, revise or reopen one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from multilabelfy.annotation.assignment import AssignmentState
from multilabelfy.annotation.model import Annotator, AssignmentId, Relation, Task, Vote
from multilabelfy.annotation.protocol import RefinementStyle
from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.disagreement.comparison import compare
from multilabelfy.errors import NotAllowed, UnknownLabel
from multilabelfy.refinement.filtering import EVERYTHING, CaseFilter
from multilabelfy.refinement.lots import REOPENED
from multilabelfy.refinement.model import EmptyReason, Refinement
from multilabelfy.refinement.queue import may_refine
from multilabelfy.refinement.resolution import check_decision, union_of_ticks
from multilabelfy.refinement.verdict import MOST_EXPERTS
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images, labels
from multilabelfy.store.dataset.datasets import StoredDataset
from multilabelfy.store.dataset.images import StoredImage
from multilabelfy.store.decisions import quick_answers, refinements
from multilabelfy.store.handing_out import assignments, passed_on, queue
from multilabelfy.store.handing_out.assignment_rows import read_own
from multilabelfy.store.handing_out.assignments import Assignment
from multilabelfy.workflows.annotating.label_search import FoundLabels, find_labels, look_into
from multilabelfy.workflows.annotating.sheets import Option, options
from multilabelfy.workflows.refining.cases import Case, answers_that_count, case_of, shown_labels
from multilabelfy.workflows.refining.filters import images_that_fit
from multilabelfy.workflows.settling import freed_places
from multilabelfy.workflows.settling.decisions import settle_decisions
from multilabelfy.workflows.showing.references_beside import looking_between
from multilabelfy.workflows.workspace import Workspace

REOPENABLE = (ImageState.REFINED, ImageState.AGREED, ImageState.CONTESTED)


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


@dataclass(frozen=True, slots=True)
class Decision:
    """A submitted form, parsed but not yet believed: `chosen` are the labels that are valid, shown or added.

    `age_ms` says how long ago it was given: it may have waited for a connection.
    """

    client_id: str
    chosen: frozenset[int]
    reason: EmptyReason | None = None
    reason_note: str = ""
    relation: Relation | None = None
    note: str = ""
    present_ms: int = 0
    age_ms: int = 0


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
    with workspace.store.writing() as c:
        dataset = datasets.find(c, name)
        among = images_that_fit(c, dataset, expert, wanted)
        freed_places.return_lapsed(c, dataset, now)
        handed = [] if among == [] else _hand_out(c, workspace, dataset, expert, now, among, held)
        there = [one for one in handed if one.id not in held and (among is None or one.image in among)]
        case = case_of(c, workspace, dataset, expert, there[0]) if there else None
        desk = Desk.WORK if case else empty_desk(c, dataset, is_filtered=not wanted.is_empty)
        return Work(dataset, desk, case, progress_of(c, dataset, expert))


def state(workspace: Workspace, name: str, expert: Annotator) -> Work:
    """The desk and the progress without a case, as where a filter asks for what is not there. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        return Work(dataset, Desk.NOTHING_SO_FILTERED, None, progress_of(c, dataset, expert))


@looking_between
def open_case(workspace: Workspace, name: str, expert: Annotator, assignment: AssignmentId, now: datetime) -> Work:
    """One assignment of this expert again: to decide, or to revise. Raises UnknownImage, NotAllowed where it is somebody else's."""
    with workspace.store.writing() as c:
        dataset, handed = own_assignment(c, name, expert, assignment)
        assignments.reclaim(c, handed.id, overlap=MOST_EXPERTS, now=now, lease=_lease(workspace))
        case = case_of(c, workspace, dataset, expert, handed)
        return Work(dataset, Desk.WORK, case, progress_of(c, dataset, expert))


def decide(workspace: Workspace, name: str, expert: Annotator, assignment: AssignmentId, decision: Decision, now: datetime) -> Refinement:
    """Store a decision, in one transaction with the image's new state; one whose id is there already changes nothing.

    In the blind style the first answer is kept and the image stays disputed until the answer after the reveal. An image that wants several
    experts stays so until they decided; where they differ, another one is asked. Raises AnswerRefused with a
    message for each field that does not fit, NotAllowed for an image that the expert annotated.
    """
    with workspace.store.writing() as c:
        dataset, handed = own_assignment(c, name, expert, assignment)
        return decide_in(c, dataset, expert, handed, decision, now)


def decide_in(
    c: Connection, dataset: StoredDataset, expert: Annotator, handed: Assignment, decision: Decision, now: datetime
) -> Refinement:
    """The same in a transaction, of a case that is this expert's."""
    there = refinements.by_client_id(c, decision.client_id)
    if there is not None:
        return there
    refinement = _refinement(c, dataset, expert, handed, decision, now)
    stored = refinements.append(c, refinement, dataset=dataset.id, assignment=handed.id)
    if stored.is_decided:
        settle_decisions(c, handed.image)
    return stored


def leave_for_later(workspace: Workspace, name: str, expert: Annotator, assignment: AssignmentId) -> None:
    """Put a case aside; it comes back before the end."""
    with workspace.store.writing() as c:
        _, handed = own_assignment(c, name, expert, assignment)
        if handed.state is AssignmentState.OPEN:
            assignments.leave_for_later(c, handed.id)


def reopen(workspace: Workspace, name: str, image: ImageId) -> None:
    """Bring a decided image back into the queue, for one decision; what was decided stays in its history. Raises UnknownImage.

    So does one that waits for a further expert, or on which three decided differently.
    """
    with workspace.store.writing() as c:
        reopen_in(c, datasets.find(c, name), image)


def reopen_in(c: Connection, dataset: StoredDataset, image: ImageId) -> bool:
    """The same in a transaction; says whether there was anything to bring back."""
    stored = images.get(c, image)
    if stored.dataset != dataset.id or not (stored.state in REOPENABLE or _waits_for_another(c, stored)):
        return False
    assignments.reopen(c, image, Task.REFINE)
    images.want_experts(c, image, REOPENED.n_experts, policy=REOPENED.policy.value, probability=REOPENED.inclusion_probability)
    images.set_state(c, image, ImageState.DISPUTED)
    return True


def beside(workspace: Workspace, name: str, expert: Annotator, assignment: AssignmentId | None, *, backwards: bool) -> AssignmentId | None:
    """The own decision before (or after) an assignment; before None, the last one. None where there is none."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
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
    with workspace.store.reading() as c:
        dataset, handed = own_assignment(c, name, expert, assignment)
        image = images.get(c, handed.image)
        if below is None:
            return find_labels(c, workspace, dataset, image, text)
        return look_into(c, workspace, dataset, image, below)


def options_of(workspace: Workspace, name: str, wanted: Collection[int]) -> dict[int, Option]:
    """These labels as a page offers them; one that is not there is left out."""
    with workspace.store.reading() as c:
        return options(c, workspace, datasets.find(c, name), wanted)


def progress_of(c: Connection, dataset: StoredDataset, expert: Annotator) -> Progress:
    """From counters: it costs the same with a million images."""
    n_decided, _, n_later = assignments.counts_of(c, expert.id, dataset.id, Task.REFINE)
    return Progress(n_decided, n_later, images.counts(c, dataset.id)[ImageState.DISPUTED])


def _waits_for_another(c: Connection, image: StoredImage) -> bool:
    return image.state is ImageState.DISPUTED and bool(refinements.standing_of_image(c, image.id))


def _hand_out(
    c: Connection,
    workspace: Workspace,
    dataset: StoredDataset,
    expert: Annotator,
    now: datetime,
    among: Collection[ImageId] | None,
    held: Collection[AssignmentId],
) -> list[Assignment]:
    """What the expert holds, and one new case where the page has all of those. Experts hold few: a case left open comes back at once."""
    own = read_own(c, dataset.id, expert.id, (Task.REFINE,), AssignmentState.OPEN)
    if among is None and (passed := passed_on.passed_by_name(c, dataset.id, expert.id)):
        among = queue.available_among(c, dataset.id, expert.id, passed) or None
    is_one_more = among is not None or all(one.id in held for one in own)
    n = len(own) + 1 if is_one_more else len(own)
    return hand_out(c, workspace, dataset, expert, now, n=n, among=among)


def hand_out(
    c: Connection,
    workspace: Workspace,
    dataset: StoredDataset,
    expert: Annotator,
    now: datetime,
    *,
    n: int,
    among: Collection[ImageId] | None = None,
) -> list[Assignment]:
    """Up to n cases for an expert: what they hold, then the most urgent ones (of those in `among`), at last what they left for later."""
    lease = _lease(workspace)
    return assignments.hand_out(c, dataset.id, expert.id, task=Task.REFINE, n=n, overlap=MOST_EXPERTS, now=now, lease=lease, among=among)


def empty_desk(c: Connection, dataset: StoredDataset, *, is_filtered: bool) -> Desk:
    """Why there is nothing for an expert now."""
    if dataset.paused:
        return Desk.PAUSED
    if is_filtered:
        return Desk.NOTHING_SO_FILTERED
    counts = images.counts(c, dataset.id)
    n_to_come = counts[ImageState.DISPUTED] + counts[ImageState.OPEN] + counts[ImageState.UNPROPOSED]
    return Desk.WAITING if n_to_come else Desk.FINISHED


def _refinement(
    c: Connection, dataset: StoredDataset, expert: Annotator, handed: Assignment, decision: Decision, now: datetime
) -> Refinement:
    said = answers_that_count(c, handed.image)
    if not may_refine(expert.id, said):
        raise NotAllowed(f"{expert.name} annotated this image: another expert decides on it.")
    own = refinements.latest_of(c, handed.image, expert.id)
    shown = own.shown if own else shown_labels(c, dataset, expert, handed.image, compare(said))
    answers = _answers(c, dataset, shown, decision.chosen)
    check_decision(answers, decision.reason, decision.reason_note)
    is_blind = dataset.protocol.refinement is RefinementStyle.BLIND and own is None
    has_labels = bool(decision.chosen)
    by_label_ms = sum(one.present_ms for one in quick_answers.standing(c, [handed.id]).get(handed.id, {}).values())
    return Refinement(
        client_id=decision.client_id,
        image=handed.image,
        expert=expert.id,
        before=union_of_ticks(said),
        shown=shown,
        answer_blind=answers if is_blind else own.answer_blind if own else None,
        answer_revealed=None if is_blind else answers,
        submitted_at=max(handed.handed_at, now - timedelta(milliseconds=decision.age_ms)),
        reason=None if has_labels else decision.reason,
        reason_note="" if has_labels else decision.reason_note.strip(),
        relation=decision.relation if len(decision.chosen) > 1 else None,
        note=decision.note.strip(),
        present_ms=decision.present_ms + (0 if own else by_label_ms),
        policy=handed.policy,
        inclusion_probability=handed.inclusion_probability,
    )


def _answers(c: Connection, dataset: StoredDataset, shown: Collection[int], chosen: frozenset[int]) -> dict[int, Vote]:
    """A yes for each chosen label, a no for each shown and unchosen one. Raises UnknownLabel for a label that is not there."""
    known = labels.labels_by_index(c, dataset.id, sorted(chosen))
    strange = sorted(chosen - known.keys())
    if strange:
        raise UnknownLabel(f"There is no label number {strange[0]} in this dataset. Reload the page and decide again.")
    return {label: Vote.YES if label in chosen else Vote.NO for label in sorted({*shown, *chosen})}


def own_assignment(c: Connection, name: str, expert: Annotator, assignment: AssignmentId) -> tuple[StoredDataset, Assignment]:
    """A case of this expert's. Raises UnknownImage, NotAllowed where it is somebody else's."""
    dataset = datasets.find(c, name)
    handed = assignments.get(c, assignment)
    if handed.annotator != expert.id or handed.dataset != dataset.id or handed.task is not Task.REFINE:
        raise NotAllowed("This picture was handed to somebody else. Go to “Refine” for one of your own.")
    return dataset, handed


def _lease(workspace: Workspace) -> timedelta:
    return timedelta(minutes=workspace.settings.lease_minutes)
