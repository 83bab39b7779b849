"""Stage 2: hand an annotator the next images, store each answer once, leave an image for later, go back through earlier answers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from multilabelfy.annotation.answers import Submission, annotation_of, further_id, says_the_same
from multilabelfy.annotation.assignment import Assignment, AssignmentState, Desk, Supply, check_own, desk
from multilabelfy.annotation.checks import SEARCH_FIRST
from multilabelfy.annotation.model import Annotation, Annotator, AssignmentId, Screen, Task, Vote
from multilabelfy.annotation.page import ordered
from multilabelfy.annotation.protocol import AnnotationProtocol
from multilabelfy.annotation.stored_dataset import StoredDataset
from multilabelfy.annotation.timing import Timing, kept_from_before, moments
from multilabelfy.dataset.image_states import ANSWERABLE, AWAITING_PROPOSALS, n_in
from multilabelfy.errors import AnswerIdUsed, AnswerRefused
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import candidates as stored_candidates
from multilabelfy.store.dataset import datasets, guidelines, images, labels
from multilabelfy.store.handing_out import assignments, handing_out
from multilabelfy.workflows.annotating import quality_checks
from multilabelfy.workflows.annotating.label_search import FoundLabels, find_labels, look_into
from multilabelfy.workflows.annotating.sheets import Option, Sheet, options, sheets_of
from multilabelfy.workflows.at_work import AtWork, OpenDataset, at_work, reading, writing
from multilabelfy.workflows.settling import answers, freed_places
from multilabelfy.workflows.showing.references_beside import looking_between
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
class Answer:
    """A submitted form: the submission, its timing, and the versions and reference pictures of the screen it was made on.

    `search_first` is the answer by search alone, if the candidates came into view only after it. `by_form` means that a page without
    scripts sent it: its id was made with the page, and the browser's Back button brings both back, so that a different answer may follow.
    """

    submission: Submission
    timing: Timing
    protocol_version: int
    guidelines_version: int
    exemplars: Mapping[int, tuple[str, ...]]
    search_used: bool = False
    search_first: Mapping[int, Vote] | None = None
    by_form: bool = False


@looking_between
def next_work(
    workspace: Workspace, name: str, person: Annotator, now: datetime, *, n: int | None = None, held: Collection[AssignmentId] = ()
) -> Work:
    """The images for this person now: `n` of them, or by default the one to look at first and those to have ready.

    `held` are assignments that the browser already has: their leases are renewed, their sheets left out. Raises UnknownDataset.
    """
    with at_work(workspace, name, person, now) as at:
        c, dataset = at.c, at.dataset
        freed_places.return_lapsed(c, dataset, now)
        quality_checks.begin(c, dataset, person)
        in_hand = handing_out.hand_out(
            c,
            dataset.id,
            person.id,
            task=Task.ANNOTATE,
            n=workspace.settings.ahead + 1 if n is None else n,
            overlap=dataset.protocol.overlap,
            now=now,
            lease=lease_of(workspace),
        )
        in_hand = quality_checks.ask_by_search(c, dataset, in_hand)
        fresh = [assignment for assignment in in_hand if assignment.id not in held]
        sheets = sheets_of(at, fresh)
        return Work(dataset, _desk(c, dataset, person, len(in_hand)), tuple(sheets), progress_of(c, dataset, person))


def work_so_far(workspace: Workspace, name: str, person: Annotator) -> Work:
    """The state of this person's desk without a sheet; nothing is handed out. Raises UnknownDataset."""
    with reading(workspace, name) as at:
        return Work(at.dataset, Desk.WORK, (), progress_of(at.c, at.dataset, person))


@looking_between
def open_sheet(workspace: Workspace, name: str, person: Annotator, assignment_id: AssignmentId, now: datetime) -> Work:
    """One of this person's assignments again, to answer or to revise. Raises UnknownImage, NotAllowed if it is somebody else's."""
    with at_work(workspace, name, person, now) as at:
        c, dataset, assignment = at.c, at.dataset, _own_assignment(at, person, assignment_id)
        assignments.reclaim(c, assignment.id, overlap=dataset.protocol.overlap, now=now, lease=lease_of(workspace))
        sheets = sheets_of(at, [assignment])
        state = Desk.PAUSED if dataset.paused else Desk.WORK
        return Work(dataset, state, tuple(sheets), progress_of(c, dataset, person))


def answer_before(workspace: Workspace, name: str, person: Annotator, assignment: AssignmentId | None) -> AssignmentId | None:
    """The assignment that this person answered before this one; the last one if this is None or unanswered. None at the beginning."""
    with reading(workspace, name) as at:
        previous = assignments.previous(at.c, person.id, at.dataset.id, Task.ANNOTATE, assignment)
        return None if previous is None else previous.id


def submit(
    workspace: Workspace, name: str, person: Annotator, assignment_id: AssignmentId, answer: Answer, now: datetime
) -> tuple[Annotation, Progress]:
    """Store an answer and settle its image, in one transaction; the same answer under the same id changes nothing.

    A different answer under a used id is a revision if it came `by_form`, and raises AnswerIdUsed otherwise. The screen is rebuilt from the
    frozen candidates, not from the form. Raises AnswerRefused with a message for each field that does not fit.
    """
    with at_work(workspace, name, person, now) as at:
        c, dataset, assignment = at.c, at.dataset, _own_assignment(at, person, assignment_id)
        stored = answers.answer_under_id(c, assignment, answer.submission.client_id)
        if stored is not None and answer.by_form:
            stored, answer = _as_revision(c, dataset, assignment, answer)
        if stored is None:
            earlier = answers.standing_answer(c, assignment)
            stored = answers.store_answer(c, dataset, assignment, _annotation(at, assignment, answer, earlier), earlier)
            if assignment.task is Task.ANNOTATE and stored.revision == 1:
                quality_checks.plan_after(c, dataset, assignment)
        elif not _repeats(c, dataset, answer, stored):
            raise AnswerIdUsed
        return stored, progress_of(c, dataset, person)


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
    n_answered = assignments.n_answered(c, person.id, dataset.id, Task.ANNOTATE)
    n_images = n_in(images.counts(c, dataset.id), ANSWERABLE)
    return Progress(n_answered, max(n_answered, n_images + quality_checks.n_expected(c, dataset, n_images)))


def lease_of(workspace: Workspace) -> timedelta:
    """How long an image is reserved for a person."""
    return timedelta(minutes=workspace.settings.lease_minutes)


def _own_assignment(at: OpenDataset, person: Annotator, assignment_id: AssignmentId) -> Assignment:
    assignment = assignments.get(at.c, assignment_id)
    check_own(assignment, person.id, at.dataset.id, Task.ANNOTATE)
    return assignment


def _repeats(c: Connection, dataset: StoredDataset, answer: Answer, stored: Annotation) -> bool:
    return says_the_same(answer.submission, stored, _protocol(c, dataset, stored.screen.protocol_version))


def _as_revision(c: Connection, dataset: StoredDataset, assignment: Assignment, answer: Answer) -> tuple[Annotation | None, Answer]:
    """The standing answer if this form repeats it; otherwise None, and the form's answer under an id of its own."""
    standing = answers.standing_answer(c, assignment)
    if standing is None or _repeats(c, dataset, answer, standing):
        return standing, answer
    client_id = further_id(answer.submission.client_id, standing.revision)
    return None, replace(answer, submission=replace(answer.submission, client_id=client_id))


def _annotation(at: AtWork, assignment: Assignment, answer: Answer, earlier: Annotation | None) -> Annotation:
    c, dataset = at.c, at.dataset
    protocol = _protocol(c, dataset, answer.protocol_version)
    if not 0 <= answer.guidelines_version <= guidelines.latest_version(c, dataset.id):
        raise AnswerRefused({"id": "The answer names guidelines that this study never had: reload the page and answer again."})
    when = moments(answer.timing, handed_at=assignment.handed_at, now=at.now)
    opened_at = kept_from_before(when.opened_at, earlier.screen.opened_at) if earlier else when.opened_at
    screen = _screen(at, assignment, answer, protocol, opened_at)
    return annotation_of(
        answer.submission,
        screen,
        protocol,
        known=_known(c, dataset, answer.submission.ticked() | answer.submission.added, screen),
        image=assignment.image,
        annotator=assignment.annotator,
        submitted_at=when.submitted_at,
        present_ms=when.present_ms,
        search_first=_said_first(c, dataset, assignment, answer) if earlier is None else earlier.search_first,
    )


def _known(c: Connection, dataset: StoredDataset, named: Collection[int], screen: Screen) -> Collection[int]:
    """Which of these labels the dataset has: those of the screen, without asking, and others that are found."""
    beyond = set(named) - {candidate.label for candidate in screen.candidates}
    return {*named} - beyond | labels.labels_by_index(c, dataset.id, beyond).keys()


def _said_first(c: Connection, dataset: StoredDataset, assignment: Assignment, answer: Answer) -> Mapping[int, Vote] | None:
    """The answer by search alone, if the image was asked that way. A revision keeps the first answer's."""
    if assignment.policy != SEARCH_FIRST or answer.search_first is None:
        return None
    known = labels.labels_by_index(c, dataset.id, answer.search_first)
    return {label: vote for label, vote in answer.search_first.items() if label in known}


def _protocol(c: Connection, dataset: StoredDataset, version: int) -> AnnotationProtocol:
    """The protocol under which the sheet was made; the owner may have changed it since."""
    if version == dataset.protocol_version:
        return dataset.protocol
    versions = {number: protocol for number, protocol, _ in datasets.protocol_versions(c, dataset.id)}
    if version not in versions:
        raise AnswerRefused({"id": "The answer names a protocol that this study never had: reload the page and answer again."})
    return versions[version]


def _screen(
    at: AtWork, assignment: Assignment, answer: Answer, protocol: AnnotationProtocol, opened_at: tuple[datetime | None, ...]
) -> Screen:
    frozen = stored_candidates.frozen(at.c, [assignment.image]).get(assignment.image, ())
    shown = ordered(frozen, protocol, seed=at.dataset.seed, image=assignment.image, annotator=assignment.annotator)
    n_groups = -(-len(shown) // protocol.group_size)
    known = {candidate.label for candidate in shown}
    return Screen(
        candidates=shown,
        group_size=protocol.group_size,
        opened_at=(*opened_at[:n_groups], *[None] * (n_groups - len(opened_at))),
        exemplars={label: ids for label, ids in answer.exemplars.items() if label in known},
        protocol_version=answer.protocol_version,
        guidelines_version=answer.guidelines_version,
        search_used=answer.search_used,
    )


def _desk(c: Connection, dataset: StoredDataset, person: Annotator, n_handed: int) -> Desk:
    if n_handed and not dataset.paused:
        return Desk.WORK
    supply = assignments.available(c, dataset.id, person.id, Task.ANNOTATE, dataset.protocol.overlap)
    counts = images.counts(c, dataset.id)
    return desk(
        Supply(
            is_paused=dataset.paused,
            n_handed=n_handed,
            n_may_come=int(supply.now or supply.held_by_others) + supply.n_later,
            n_unproposed=n_in(counts, AWAITING_PROPOSALS),
            n_proposed=n_in(counts, ANSWERABLE),
        )
    )
