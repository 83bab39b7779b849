"""Take an answer: what was it given on, does it fit, is it new? Then store it once, and let what follows from it follow."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from multilabelfy.annotation.answers import Submission, annotation_of, further_id, says_the_same
from multilabelfy.annotation.assignment import Assignment
from multilabelfy.annotation.checking.checks import SEARCH_FIRST
from multilabelfy.annotation.model import Annotation, Screen, Task, Vote
from multilabelfy.annotation.page import ordered
from multilabelfy.annotation.response_times import Timing, kept_from_before, moments
from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.errors import AnswerIdUsed, AnswerRefused
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, labels
from multilabelfy.workflows.annotating import quality_checks
from multilabelfy.workflows.at_work import AtWork
from multilabelfy.workflows.settling import answers
from multilabelfy.workflows.settling.answers import Ground


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


def take(at: AtWork, ground: Ground, answer: Answer) -> Annotation:
    """Store an answer to one's own assignment and settle its image; the same answer under the same id changes nothing.

    Raises AnswerIdUsed and AnswerRefused, as `desk.submit` does.
    """
    c, dataset, assignment = at.c, at.dataset, ground.assignment
    stored = answers.answer_under_id(c, ground, answer.submission.client_id)
    if stored is not None and answer.by_form:
        stored, answer = _as_revision(c, dataset, ground.standing, answer)
    if stored is not None:
        if not _repeats(c, dataset, answer, stored):
            raise AnswerIdUsed
        return stored
    stored = answers.store_answer(c, dataset, ground, _annotation(at, ground, answer))
    if assignment.task is Task.ANNOTATE and stored.revision == 1:
        quality_checks.plan_after(c, dataset, assignment)
    return stored


def _repeats(c: Connection, dataset: StoredDataset, answer: Answer, stored: Annotation) -> bool:
    return says_the_same(answer.submission, stored, _protocol(c, dataset, stored.screen.protocol_version))


def _as_revision(c: Connection, dataset: StoredDataset, standing: Annotation | None, answer: Answer) -> tuple[Annotation | None, Answer]:
    """The standing answer if this form repeats it; otherwise None, and the form's answer under an id of its own."""
    if standing is None or _repeats(c, dataset, answer, standing):
        return standing, answer
    client_id = further_id(answer.submission.client_id, standing.revision)
    return None, replace(answer, submission=replace(answer.submission, client_id=client_id))


def _annotation(at: AtWork, ground: Ground, answer: Answer) -> Annotation:
    c, dataset, assignment, earlier = at.c, at.dataset, ground.assignment, ground.standing
    protocol = _protocol(c, dataset, answer.protocol_version)
    if not 0 <= answer.guidelines_version <= dataset.guidelines_version:
        raise AnswerRefused({"id": "The answer names guidelines that this study never had: reload the page and answer again."})
    when = moments(answer.timing, handed_at=assignment.handed_at, now=at.now)
    opened_at = kept_from_before(when.opened_at, earlier.screen.opened_at) if earlier else when.opened_at
    screen = _screen(at, ground, answer, protocol, opened_at)
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


def _screen(at: AtWork, ground: Ground, answer: Answer, protocol: AnnotationProtocol, opened_at: tuple[datetime | None, ...]) -> Screen:
    annotator = ground.assignment.annotator
    shown = ordered(ground.candidates, protocol, seed=at.dataset.seed, image=ground.image.id, annotator=annotator)
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
