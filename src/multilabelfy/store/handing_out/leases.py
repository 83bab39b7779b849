"""The life of an assignment: open under a lease, then answered, left for later, or returned to the queue when its lease lapses.

`images.n_leases` counts the open assignments that ask for an annotation; it changes here alone, together with their states.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, literal_column, select, update

from multilabelfy.annotation.assignment import Assignment, AssignmentState
from multilabelfy.annotation.model import AssignmentId, Task
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Coming, Listed, Prebuilt, one_of
from multilabelfy.store.dataset.cursors import pull_back
from multilabelfy.store.schema import assignments, datasets, images, person_counts

_IS_OPEN = assignments.c.state == AssignmentState.OPEN.value
_ENDING: Select[Any] = select(assignments.c.id, assignments.c.task, images.c.id.label("image_id"), images.c.queue_place).join(
    images, images.c.id == assignments.c.image_id
)
_HAS_LAPSED = (assignments.c.dataset_id == bindparam("dataset")) & _IS_OPEN & (assignments.c.expires_at <= bindparam("now"))
_LAPSED = Prebuilt(_ENDING.where(_HAS_LAPSED))
_FIRST_LAPSED = Prebuilt(select(assignments.c.id).where(_HAS_LAPSED).order_by(assignments.c.expires_at).limit(literal_column("1")))
_ANSWER = Prebuilt(
    update(assignments)
    .where(assignments.c.id == bindparam("assignment"))
    .values(state=AssignmentState.ANSWERED.value, answered_at=bindparam("now"))
)
_COUNT = Prebuilt(
    update(images)
    .where(images.c.id == bindparam("image"))
    .values(n_leases=images.c.n_leases + bindparam("leases"), n_answers=images.c.n_answers + bindparam("answers"))
)
_EXTEND = Listed(update(assignments).where(_IS_OPEN).values(expires_at=bindparam("until")), assignments.c.id)


def asked_whether_lapsed(c: Connection, dataset: DatasetId, now: datetime) -> Coming[bool]:
    """Whether there is a lapsed lease to return: nearly always none, and PostgreSQL, which plans for many, would plan anew each time."""
    first = _FIRST_LAPSED.asked(c, dataset=dataset, now=now)
    return lambda: first.value() is not None


def return_expired(c: Connection, dataset: DatasetId, now: datetime) -> list[ImageId]:
    """Return the images of lapsed leases to the queue; returns those that lost an annotator. A late answer is still accepted."""
    return take_back(c, dataset, _LAPSED.rows(c, dataset=dataset, now=now), AssignmentState.RETURNED)


def n_lapsed(c: Connection, dataset: DatasetId, before: datetime) -> int:
    """How many leases ended before this time and were not returned yet, because nobody has asked for a picture since."""
    query = select(func.count()).select_from(assignments).where(assignments.c.dataset_id == dataset, _IS_OPEN)
    return int(c.execute(query.where(assignments.c.expires_at < before)).scalar_one())


def end(c: Connection, dataset: DatasetId, which: ColumnElement[bool], state: AssignmentState) -> list[ImageId]:
    """Take back the open assignments among `which` and make their images available again.

    Returns the images that lost an annotator: a surplus answer may take the freed place (see `surplus`).
    """
    return take_back(c, dataset, c.execute(_ENDING.where(which, _IS_OPEN)).all(), state)


def take_back(c: Connection, dataset: DatasetId, rows: Sequence[Any], state: AssignmentState) -> list[ImageId]:
    """As `end`, for open assignments that were read with their images' places: rows with `id`, `task`, `image_id` and `queue_place`."""
    if not rows:
        return []
    c.execute(update(assignments).where(assignments.c.id.in_([row.id for row in rows])).values(state=state.value))
    to_annotate = [row for row in rows if row.task == Task.ANNOTATE]
    for row in to_annotate:
        change_leases(c, row.image_id, -1)
    if to_annotate:
        pull_back(c, dataset, min(row.queue_place for row in to_annotate))
    return [ImageId(row.image_id) for row in to_annotate]


def answer(c: Connection, assignment: Assignment, now: datetime, *, n_answers: int = 0) -> bool:
    """Mark an assignment as answered, whatever its state; returns whether its lease was still running.

    `n_answers` is how many answers its image gains by that. The assignment is as it is stored now.
    """
    was_open = assignment.state is AssignmentState.OPEN
    if assignment.state is not AssignmentState.ANSWERED:
        _ANSWER.run(c, assignment=assignment.id, now=now)
    gives_up = was_open and assignment.task is Task.ANNOTATE
    if gives_up or n_answers:
        _COUNT.run(c, image=assignment.image, leases=-int(gives_up), answers=n_answers)
    return was_open


def change_leases(c: Connection, image: int, by: int) -> None:
    """Change the number of people who have an image in hand."""
    _COUNT.run(c, image=image, leases=by, answers=0)


def extend(c: Connection, ids: Iterable[AssignmentId], expires_at: datetime) -> None:
    """Let the leases of open assignments end at this time."""
    listed = list(ids)
    if listed:
        _EXTEND.run(c, listed, until=expires_at)


_UNANSWERED = [state.value for state in AssignmentState if state is not AssignmentState.ANSWERED]


@dataclass(frozen=True, slots=True)
class Totals:
    """Of one task: the answers that are stored (revisions not counted), the sheets that were handed out, and those in hand now."""

    answered: int
    handed_out: int
    in_hand: int


def totals(c: Connection) -> dict[Task, Totals]:
    """The totals of every task."""
    counted = select(person_counts.c.task, func.sum(person_counts.c.n_answered)).group_by(person_counts.c.task)
    answered = {Task(task): int(n) for task, n in c.execute(counted)}
    anywhere = assignments.c.dataset_id.in_(select(datasets.c.id))  # so that the index of leases finds them
    waiting = select(assignments.c.task, assignments.c.state, func.count()).where(anywhere, one_of(assignments.c.state, _UNANSWERED))
    open_or_not: dict[Task, dict[AssignmentState, int]] = {task: {} for task in Task}
    for task, state, n in c.execute(waiting.group_by(assignments.c.task, assignments.c.state)):
        open_or_not[Task(task)][AssignmentState(state)] = n
    return {task: _totals(answered.get(task, 0), open_or_not[task]) for task in Task}


def _totals(answered: int, others: dict[AssignmentState, int]) -> Totals:
    return Totals(answered, answered + sum(others.values()), others.get(AssignmentState.OPEN, 0))
