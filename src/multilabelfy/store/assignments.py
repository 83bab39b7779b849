"""Assignments: who is to look at which image now, what they left for later, and the way back over what they answered."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, func, insert, select, tuple_, update

from multilabelfy.annotation.model import AnnotatorId, AssignmentId, Task
from multilabelfy.dataset.model import DatasetId, ImageId, ImageState
from multilabelfy.errors import UnknownImage
from multilabelfy.store import leases, queue
from multilabelfy.store.engine import Connection
from multilabelfy.store.leases import AssignmentState, return_expired
from multilabelfy.store.locks import lock_dataset
from multilabelfy.store.schema import assignments, datasets, images, person_counts

__all__ = [
    "FIXED_OVERLAP", "Assignment", "AssignmentState", "Available", "available", "counts_of", "get", "hand_out", "leave_for_later",
    "mark_answered", "next_after", "previous", "reclaim", "renew", "reopen", "return_expired",
]  # fmt: skip

FIXED_OVERLAP = "fixed-overlap"


@dataclass(frozen=True, slots=True)
class Assignment:
    """One person is to look at one image until `expires_at`. `policy` chose it, which it did with `inclusion_probability`."""

    id: AssignmentId
    dataset: DatasetId
    image: ImageId
    annotator: AnnotatorId
    task: Task
    state: AssignmentState
    handed_at: datetime
    expires_at: datetime
    policy: str
    inclusion_probability: float
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Available:
    """What there is for a person: `now` something new, `n_later` left for later, `held_by_others` something if others do not answer."""

    now: bool
    n_later: int
    held_by_others: bool


def hand_out(
    c: Connection,
    dataset: DatasetId,
    annotator: AnnotatorId,
    *,
    task: Task,
    n: int,
    overlap: int,
    now: datetime,
    lease: timedelta,
    policy: str = FIXED_OVERLAP,
    inclusion_probability: float = 1.0,
    among: Collection[ImageId] | None = None,
) -> list[Assignment]:
    """Up to n assignments for a person: what they hold (its lease renewed), then images of the queue, at last what they left for later.

    No image is held and answered by more than `overlap` people together, and nobody is given one that they have. A paused dataset gives
    nothing. `among` restricts what experts are given to these images.
    """
    lock_dataset(c, dataset)
    if c.execute(select(datasets.c.paused).where(datasets.c.id == dataset)).scalar_one():
        return []
    return_expired(c, dataset, now)
    _return_unwanted(c, dataset, annotator, task, overlap)
    held = _held(c, dataset, annotator, task, AssignmentState.OPEN)[:n]
    leases.extend(c, [assignment.id for assignment in held], now + lease)
    new = _wanted(c, dataset, annotator, task, overlap, n - len(held), among)
    handed = _hand(c, dataset, annotator, task, new, now, lease, policy, inclusion_probability)
    if len(held) + len(handed) < n:
        handed += _bring_back(c, dataset, annotator, task, n - len(held) - len(handed), overlap, now, lease)
    return _in_order(c, [assignment.id for assignment in held] + handed)


def get(c: Connection, assignment: AssignmentId) -> Assignment:
    """The assignment of this id. Raises UnknownImage."""
    row = c.execute(select(assignments).where(assignments.c.id == assignment)).one_or_none()
    if row is None:
        raise UnknownImage(f"There is no assignment number {assignment}.")
    return _from_row(row)


def renew(c: Connection, ids: Iterable[AssignmentId], now: datetime, lease: timedelta) -> None:
    """Hold open assignments for longer; others stay as they are."""
    leases.extend(c, ids, now + lease)


def leave_for_later(c: Connection, assignment: AssignmentId) -> None:
    """Put an open assignment aside; it comes back before the end, unless others answer it meanwhile."""
    dataset = get(c, assignment).dataset
    lock_dataset(c, dataset)
    leases.end(c, dataset, assignments.c.id == assignment, AssignmentState.LATER)


def reclaim(c: Connection, assignment: AssignmentId, *, overlap: int, now: datetime, lease: timedelta) -> bool:
    """Hold a lapsed or left assignment again, if its image still wants an answer; says whether it is held now."""
    dataset = get(c, assignment).dataset
    lock_dataset(c, dataset)
    stored = get(c, assignment)
    if stored.state in (AssignmentState.LATER, AssignmentState.RETURNED) and _still_wanted(c, stored, overlap):
        _reopen(c, stored, now, lease)
        return True
    leases.extend(c, [assignment], now + lease)
    return stored.state is AssignmentState.OPEN


def mark_answered(c: Connection, assignment: AssignmentId, now: datetime) -> bool:
    """Note that an answer came; returns whether its lease still held."""
    return leases.answer(c, assignment, now)


def reopen(c: Connection, image: ImageId, task: Task) -> None:
    """Let an image be handed out for this task again, also to those who answered it (what they said stays)."""
    answered = (assignments.c.image_id == image) & (assignments.c.task == task.value)
    answered &= assignments.c.state == AssignmentState.ANSWERED.value
    c.execute(update(assignments).where(answered).values(state=AssignmentState.RETURNED.value))


def previous(c: Connection, annotator: AnnotatorId, dataset: DatasetId, task: Task, before: AssignmentId | None) -> Assignment | None:
    """What this person answered last, or last before that assignment; None at the beginning."""
    return _beside(c, annotator, dataset, task, before, backwards=True)


def next_after(c: Connection, annotator: AnnotatorId, dataset: DatasetId, task: Task, after: AssignmentId) -> Assignment | None:
    """What this person answered next after that assignment; None at the end."""
    return _beside(c, annotator, dataset, task, after, backwards=False)


def counts_of(c: Connection, annotator: AnnotatorId, dataset: DatasetId, task: Task) -> tuple[int, int, int]:
    """How many images this person answered, holds, and left for later."""
    own = (person_counts.c.annotator_id == annotator) & (person_counts.c.dataset_id == dataset) & (person_counts.c.task == task.value)
    n_answered = c.execute(select(person_counts.c.n_answered).where(own)).scalar_one_or_none() or 0
    return int(n_answered), _n(c, dataset, annotator, task, AssignmentState.OPEN), _n(c, dataset, annotator, task, AssignmentState.LATER)


def available(c: Connection, dataset: DatasetId, annotator: AnnotatorId, task: Task, overlap: int) -> Available:
    """Whether there is anything for this person now, later, or if others give up what they hold."""
    if task is Task.ANNOTATE:
        query = queue.open_images(c, dataset, annotator, overlap)
    else:
        query = queue.disputed_images(dataset, annotator, overlap)
    found = c.execute(query.limit(1)).first() is not None
    return Available(found, _n(c, dataset, annotator, task, AssignmentState.LATER), _held_by_others(c, dataset, annotator, task))


def _wanted(
    c: Connection, dataset: DatasetId, annotator: AnnotatorId, task: Task, overlap: int, n: int, among: Collection[ImageId] | None
) -> list[ImageId]:
    if n <= 0:
        return []
    if task is Task.ANNOTATE:
        return queue.take_open(c, dataset, annotator, overlap=overlap, n=n)
    query = queue.disputed_images(dataset, annotator, overlap, among).limit(n)
    return [ImageId(image) for image in c.execute(query).scalars()]


def _hand(
    c: Connection,
    dataset: DatasetId,
    annotator: AnnotatorId,
    task: Task,
    chosen: Sequence[ImageId],
    now: datetime,
    lease: timedelta,
    policy: str,
    inclusion_probability: float,
) -> list[AssignmentId]:
    """A new open assignment for each image; a returned one of the same person is opened again."""
    held = {"state": AssignmentState.OPEN.value, "handed_at": now, "expires_at": now + lease, "policy": policy}
    held["inclusion_probability"] = inclusion_probability
    ids = []
    for image in chosen:
        own = (assignments.c.image_id == image) & (assignments.c.annotator_id == annotator) & (assignments.c.task == task.value)
        again = c.execute(update(assignments).where(own).values(**held).returning(assignments.c.id)).scalar_one_or_none()
        if again is None:
            keys = {"dataset_id": dataset, "image_id": image, "annotator_id": annotator, "task": task.value}
            again = c.execute(insert(assignments).values(**keys, **held).returning(assignments.c.id)).scalar_one()
        if task is Task.ANNOTATE:
            leases.change_leases(c, image, 1)
        ids.append(AssignmentId(int(again)))
    return ids


def _bring_back(
    c: Connection, dataset: DatasetId, annotator: AnnotatorId, task: Task, n: int, overlap: int, now: datetime, lease: timedelta
) -> list[AssignmentId]:
    """Open what was left for later, the oldest first; what is no longer wanted goes."""
    brought: list[AssignmentId] = []
    for assignment in _held(c, dataset, annotator, task, AssignmentState.LATER):
        if len(brought) == n:
            break
        if _still_wanted(c, assignment, overlap):
            _reopen(c, assignment, now, lease)
            brought.append(assignment.id)
        else:
            gone = update(assignments).where(assignments.c.id == assignment.id)
            c.execute(gone.values(state=AssignmentState.RETURNED.value))
    return brought


def _reopen(c: Connection, assignment: Assignment, now: datetime, lease: timedelta) -> None:
    again = update(assignments).where(assignments.c.id == assignment.id)
    c.execute(again.values(state=AssignmentState.OPEN.value, handed_at=now, expires_at=now + lease))
    if assignment.task is Task.ANNOTATE:
        leases.change_leases(c, assignment.image, 1)


def _return_unwanted(c: Connection, dataset: DatasetId, annotator: AnnotatorId, task: Task, overlap: int) -> None:
    """Take from a person what others have answered meanwhile (a late answer) or what was put aside."""
    if task is Task.ANNOTATE:
        wanted: ColumnElement[bool] = (images.c.state == ImageState.OPEN.value) & (images.c.n_answers < overlap)
    else:
        wanted = images.c.state == ImageState.DISPUTED.value
    unwanted = assignments.c.image_id.in_(select(images.c.id).where(images.c.id == assignments.c.image_id, ~wanted).correlate(assignments))
    leases.end(c, dataset, _own(dataset, annotator, task, AssignmentState.OPEN) & unwanted, AssignmentState.RETURNED)


def _still_wanted(c: Connection, assignment: Assignment, overlap: int) -> bool:
    here = images.c.id == assignment.image
    if assignment.task is Task.ANNOTATE:
        here &= (images.c.state == ImageState.OPEN.value) & (images.c.n_answers + images.c.n_leases < overlap)
    else:
        here &= (images.c.state == ImageState.DISPUTED.value) & (queue.n_refining() < overlap)
    return c.execute(select(images.c.id).where(here)).first() is not None


def _held(c: Connection, dataset: DatasetId, annotator: AnnotatorId, task: Task, state: AssignmentState) -> list[Assignment]:
    query = select(assignments).where(_own(dataset, annotator, task, state)).order_by(assignments.c.handed_at, assignments.c.id)
    return [_from_row(row) for row in c.execute(query)]


def _in_order(c: Connection, ids: Sequence[AssignmentId]) -> list[Assignment]:
    found = {row.id: _from_row(row) for row in c.execute(select(assignments).where(assignments.c.id.in_(ids)))}
    return [found[assignment] for assignment in ids]


def _beside(
    c: Connection, annotator: AnnotatorId, dataset: DatasetId, task: Task, than: AssignmentId | None, *, backwards: bool
) -> Assignment | None:
    key = tuple_(assignments.c.answered_at, assignments.c.id)
    query = select(assignments).where(_own(dataset, annotator, task, AssignmentState.ANSWERED))
    answered_at = None if than is None else get(c, than).answered_at
    if than is not None and answered_at is not None:
        here = tuple_(answered_at, than)
        query = query.where(key < here if backwards else key > here)
    elif not backwards:
        return None
    columns = (assignments.c.answered_at, assignments.c.id)
    order = [column.desc() for column in columns] if backwards else list(columns)
    row = c.execute(query.order_by(*order).limit(1)).one_or_none()
    return None if row is None else _from_row(row)


def _held_by_others(c: Connection, dataset: DatasetId, annotator: AnnotatorId, task: Task) -> bool:
    open_ones = (
        (assignments.c.dataset_id == dataset) & (assignments.c.task == task.value) & (assignments.c.state == AssignmentState.OPEN.value)
    )
    own = assignments.alias("own")
    has = exists().where(
        own.c.image_id == assignments.c.image_id, own.c.annotator_id == annotator, own.c.task == task.value, own.c.state.in_(queue.KEPT)
    )
    query = select(assignments.c.id).where(open_ones, assignments.c.annotator_id != annotator, ~has).limit(1)
    return c.execute(query).first() is not None


def _n(c: Connection, dataset: DatasetId, annotator: AnnotatorId, task: Task, state: AssignmentState) -> int:
    query = select(func.count()).select_from(assignments).where(_own(dataset, annotator, task, state))
    return int(c.execute(query).scalar_one())


def _own(dataset: DatasetId, annotator: AnnotatorId, task: Task, state: AssignmentState) -> ColumnElement[bool]:
    own = (assignments.c.annotator_id == annotator) & (assignments.c.dataset_id == dataset) & (assignments.c.task == task.value)
    return own & (assignments.c.state == state.value)


def _from_row(row: Row[Any]) -> Assignment:
    return Assignment(
        id=AssignmentId(row.id),
        dataset=DatasetId(row.dataset_id),
        image=ImageId(row.image_id),
        annotator=AnnotatorId(row.annotator_id),
        task=Task(row.task),
        state=AssignmentState(row.state),
        handed_at=row.handed_at,
        expires_at=row.expires_at,
        policy=row.policy,
        inclusion_probability=row.inclusion_probability,
        answered_at=row.answered_at,
    )
