"""Stage 2: hand an annotator the next images, store each answer once, leave an image for later, go back through earlier answers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from multilabelfy.annotation.assignment import SOMEBODY_ELSES, Assignment, AssignmentState, Desk, Supply, check_own, desk
from multilabelfy.annotation.model import Annotation, Annotator, AssignmentId, Task
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.image_states import ANSWERABLE, AWAITING_PROPOSALS, n_in
from multilabelfy.errors import NotAllowed
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Coming
from multilabelfy.store.dataset import datasets, images, shown
from multilabelfy.store.handing_out import assignments, handing_out, overlap_decisions
from multilabelfy.workflows.annotating import quality_checks
from multilabelfy.workflows.annotating.label_search import FoundLabels, find_labels, look_into
from multilabelfy.workflows.annotating.sheets import Gathered, Option, Sheet, gathered, laid_out, options
from multilabelfy.workflows.annotating.taking import Answer, take
from multilabelfy.workflows.at_work import AtWork, OpenDataset, at_work, reading, writing
from multilabelfy.workflows.settling import answers, freed_places
from multilabelfy.workflows.showing.references_beside import LooksMissing, looking_between
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Progress:
    """One person's progress through a study, from counters alone: their answers, images of the study.

    Unmarked checks count as images, and so do those still expected, so that the count does not betray a check.
    """

    n_answered: int
    n_images: int


@dataclass(frozen=True, slots=True)
class Work:
    """What an annotator finds at the desk: its state, the next sheets (the first is the one to show), and their progress."""

    dataset: StoredDataset
    desk: Desk
    sheets: tuple[Sheet, ...]
    progress: Progress


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer as it is stored, this person's progress, and the sheets that follow: None if they were not asked for, or have to wait."""

    stored: Annotation
    progress: Progress
    ahead: tuple[Sheet, ...] | None


@looking_between
def next_work(
    workspace: Workspace, name: str, person: Annotator, now: datetime, *, n: int | None = None, held: Collection[AssignmentId] = ()
) -> Work:
    """The images for this person now: `n` of them, or by default the one to look at first and those to have ready.

    `held` are assignments that the browser already has: their leases are renewed, their sheets left out. Raises UnknownDataset.
    """
    with at_work(workspace, name, person, now) as at:
        if not at.dataset.has_pictures:
            return Work(at.dataset, Desk.NO_PICTURES, (), progress_of(at.c, at.dataset, person))
        quality_checks.begin(at.c, at.dataset, person)
        progress = _asked_progress(at.c, at.dataset, person)
        in_hand, material = _handed_out(at, held, n)
        state, so_far = _desk(at.c, at.dataset, person, len(in_hand)), progress()
    return Work(material.dataset, state, tuple(laid_out(material)), so_far)


def work_so_far(workspace: Workspace, name: str, person: Annotator) -> Work:
    """The state of this person's desk without a sheet; nothing is handed out. Raises UnknownDataset."""
    with reading(workspace, name) as at:
        return Work(at.dataset, Desk.WORK, (), progress_of(at.c, at.dataset, person))


@looking_between
def open_sheet(workspace: Workspace, name: str, person: Annotator, assignment_id: AssignmentId, now: datetime) -> Work:
    """One of this person's assignments again, to answer or to revise. Raises NotAllowed if it is somebody else's or there is none."""
    with at_work(workspace, name, person, now) as at:
        c, dataset, assignment = at.c, at.dataset, _own_assignment(at, person, assignment_id)
        assignments.reclaim(c, assignment.id, overlap=dataset.protocol.least_overlap, now=now, lease=lease_of(workspace))
        material, progress = gathered(at, [assignment]), progress_of(c, dataset, person)
    return Work(dataset, Desk.PAUSED if dataset.paused else Desk.WORK, tuple(laid_out(material)), progress)


def answer_before(workspace: Workspace, name: str, person: Annotator, assignment: AssignmentId | None) -> AssignmentId | None:
    """The assignment that this person answered before this one; the last one if this is None or unanswered. None at the beginning."""
    with reading(workspace, name) as at:
        previous = assignments.previous(at.c, person.id, at.dataset.id, Task.ANNOTATE, assignment)
        return None if previous is None else previous.id


def answered_among(workspace: Workspace, name: str, person: Annotator, held: Collection[AssignmentId]) -> frozenset[AssignmentId]:
    """Those of these assignments that this person has answered; not a word on anybody else's. Raises UnknownDataset."""
    with reading(workspace, name) as at:
        return assignments.answered_among(at.c, at.dataset.id, person.id, held)


def submit(
    workspace: Workspace,
    name: str,
    person: Annotator,
    assignment_id: AssignmentId,
    answer: Answer,
    now: datetime,
    *,
    held: Collection[AssignmentId] | None = None,
) -> Taken:
    """Store an answer and settle its image, in one transaction; the same answer under the same id changes nothing.

    A browser that says what it has (`held`, as in `next_work`) gets in the same transaction what it lacks.

    A different answer under a used id is a revision if it came `by_form`, and raises AnswerIdUsed otherwise. The screen is rebuilt from the
    frozen candidates, not from the form. Raises AnswerRefused with a message for each field that does not fit.
    """
    with workspace.store.writing() as c:
        asked_ground = answers.asked_ground(c, assignment_id, answer.submission.client_id)
        at = AtWork(c, workspace, datasets.find(c, name), person, now)
        stored = take(at, _own_ground(at, person, asked_ground()), answer)
        progress = _asked_progress(c, at.dataset, person)
        ahead, so_far = None if held is None else _ahead(at, held), progress()
    return Taken(stored, so_far, None if ahead is None else tuple(laid_out(ahead)))


def leave_for_later(workspace: Workspace, name: str, person: Annotator, assignment_id: AssignmentId) -> None:
    """Put an image aside; it comes back before the end. An answered image stays answered."""
    with writing(workspace, name) as at:
        assignment = _own_assignment(at, person, assignment_id)
        if assignment.state is AssignmentState.OPEN:
            freed_places.fill(at.c, at.dataset, assignments.leave_for_later(at.c, assignment.id))


def search_labels(
    workspace: Workspace, name: str, person: Annotator, assignment: AssignmentId, text: str, below: str | None = None
) -> FoundLabels:
    """The labels that match a text, or those below a concept, with reference pictures that may be shown beside the assignment's image."""
    with reading(workspace, name) as at:
        image = images.get(at.c, _own_assignment(at, person, assignment).image)
        return find_labels(at, image, text) if below is None else look_into(at, image, below)


def added_options(
    workspace: Workspace, name: str, person: Annotator, assignment: AssignmentId, wanted: Collection[int]
) -> dict[int, Option]:
    """These labels as the page of this assignment offers them; unknown labels are left out."""
    with reading(workspace, name) as at:
        return options(at, wanted, beside=images.get(at.c, _own_assignment(at, person, assignment).image), keep=False)


def minutes_present(workspace: Workspace, name: str, person: Annotator) -> int:
    """The whole minutes that this person has spent on their answers of a dataset."""
    with reading(workspace, name) as at:
        efforts = [*annotations.effort(at.c, at.dataset.id), *annotations.effort(at.c, at.dataset.id, Task.CHECK)]
        return sum(present_ms for annotator, _, present_ms in efforts if annotator == person.id) // 60_000


def progress_of(c: Connection, dataset: StoredDataset, person: Annotator) -> Progress:
    """This person's progress, from counters: it costs the same with a million images."""
    return _asked_progress(c, dataset, person)()


def _asked_progress(c: Connection, dataset: StoredDataset, person: Annotator) -> Coming[Progress]:
    """As `progress_of`, to be looked at later."""
    answered, counts = assignments.asked_n_answered(c, person.id, dataset.id, Task.ANNOTATE), images.asked_counts(c, dataset.id)

    def read() -> Progress:
        n_answered, n_images = answered(), n_in(counts(), ANSWERABLE)
        return Progress(n_answered, max(n_answered, n_images + quality_checks.n_expected(c, dataset, n_images)))

    return read


def lease_of(workspace: Workspace) -> timedelta:
    """How long an image is reserved for a person."""
    return timedelta(minutes=workspace.settings.lease_minutes)


def _own_assignment(at: OpenDataset, person: Annotator, assignment_id: AssignmentId) -> Assignment:
    return check_own(assignments.find(at.c, assignment_id), person.id, at.dataset.id, Task.ANNOTATE)


def _own_ground(at: OpenDataset, person: Annotator, ground: answers.Ground | None) -> answers.Ground:
    if ground is None:
        raise NotAllowed(SOMEBODY_ELSES[Task.ANNOTATE])
    check_own(ground.assignment, person.id, at.dataset.id, Task.ANNOTATE)
    return ground


def _handed_out(at: AtWork, held: Collection[AssignmentId], n: int | None = None) -> tuple[list[Assignment], Gathered]:
    """What this person has in hand now: `n` images, or by default the one to look at first and those to have ready. With what the sheets
    are made of that a browser lacks."""
    c, dataset, n_wanted = at.c, at.dataset, at.workspace.settings.ahead + 1 if n is None else n
    request = handing_out.Request(dataset.id, at.person.id, Task.ANNOTATE, dataset.protocol.least_overlap, at.now, lease_of(at.workspace))
    looked = freed_places.look(c, dataset, request, n_wanted)
    if dataset.paused:
        return [], gathered(at, [])
    given = handing_out.give(c, request, looked, n_wanted)
    coming = shown.asked(c, [*(each.image for each in _without(held, given.known)), *given.new_images])
    in_hand = quality_checks.ask_by_search(c, dataset, given.assignments())
    return in_hand, gathered(at, _without(held, in_hand), coming)


def _ahead(at: AtWork, held: Collection[AssignmentId]) -> Gathered | None:
    """What the sheets that a browser lacks are made of; None if pictures have to be looked at first, which no answer waits for."""
    try:
        return _handed_out(at, held)[1]
    except LooksMissing:
        return None


def _without(held: Collection[AssignmentId], in_hand: Sequence[Assignment]) -> list[Assignment]:
    return [assignment for assignment in in_hand if assignment.id not in held]


def _desk(c: Connection, dataset: StoredDataset, person: Annotator, n_handed: int) -> Desk:
    if n_handed and not dataset.paused:
        return Desk.WORK
    supply = assignments.available(c, dataset.id, person.id, Task.ANNOTATE, dataset.protocol.least_overlap)
    counts = images.counts(c, dataset.id)
    return desk(
        Supply(
            is_paused=dataset.paused,
            n_handed=n_handed,
            n_may_come=int(supply.now or supply.held_by_others or _may_be_asked_again(c, dataset)) + supply.n_later,
            n_unproposed=n_in(counts, AWAITING_PROPOSALS),
            n_proposed=n_in(counts, ANSWERABLE),
        )
    )


def _may_be_asked_again(c: Connection, dataset: StoredDataset) -> bool:
    """Whether the policy of an overlap that adapts has yet to look at answers: it may ask for more."""
    return dataset.protocol.is_adaptive and overlap_decisions.is_behind(c, dataset.id, dataset.protocol.overlap_floor)
