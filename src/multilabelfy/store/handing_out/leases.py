"""The life of an assignment: open under a lease, then answered, left for later, or returned to the queue when its lease lapses.

`images.n_leases` counts the open assignments that ask for an annotation; it changes here alone, together with their states.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from multilabelfy.annotation.assignment import AssignmentState
from multilabelfy.annotation.model import AssignmentId, Task
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset.cursors import pull_back
from multilabelfy.store.schema import assignments, images


def return_expired(c: Connection, dataset: DatasetId, now: datetime) -> list[ImageId]:
    """Return the images of lapsed leases to the queue; returns those that lost an annotator. A late answer is still accepted."""
    lapsed = (assignments.c.dataset_id == dataset) & (assignments.c.state == AssignmentState.OPEN.value) & (assignments.c.expires_at <= now)
    return end(c, dataset, lapsed, AssignmentState.RETURNED)


def end(c: Connection, dataset: DatasetId, which: ColumnElement[bool], state: AssignmentState) -> list[ImageId]:
    """Take back the open assignments among `which` and make their images available again.

    Returns the images that lost an annotator: a surplus answer may take the freed place (see `surplus`).
    """
    columns = select(assignments.c.id, assignments.c.task, images.c.id.label("image_id"), images.c.queue_place)
    rows = c.execute(columns.join(images, images.c.id == assignments.c.image_id).where(which, _is_open())).all()
    if not rows:
        return []
    c.execute(update(assignments).where(assignments.c.id.in_([row.id for row in rows])).values(state=state.value))
    to_annotate = [row for row in rows if row.task == Task.ANNOTATE]
    for row in to_annotate:
        change_leases(c, row.image_id, -1)
    if to_annotate:
        pull_back(c, dataset, min(row.queue_place for row in to_annotate))
    return [ImageId(row.image_id) for row in to_annotate]


def answer(c: Connection, assignment: AssignmentId, now: datetime) -> bool:
    """Mark an assignment as answered, whatever its state; returns whether its lease was still running."""
    row = c.execute(select(assignments).where(assignments.c.id == assignment)).one()
    if row.state == AssignmentState.ANSWERED:
        return False
    c.execute(update(assignments).where(assignments.c.id == assignment).values(state=AssignmentState.ANSWERED.value, answered_at=now))
    was_open = row.state == AssignmentState.OPEN
    if was_open and row.task == Task.ANNOTATE:
        change_leases(c, row.image_id, -1)
    return bool(was_open)


def change_leases(c: Connection, image: int, by: int) -> None:
    """Change the number of people who have an image in hand."""
    c.execute(update(images).where(images.c.id == image).values(n_leases=images.c.n_leases + by))


def extend(c: Connection, ids: Iterable[AssignmentId], expires_at: datetime) -> None:
    """Let the leases of open assignments end at this time."""
    listed: list[Any] = list(ids)
    if listed:
        c.execute(update(assignments).where(assignments.c.id.in_(listed), _is_open()).values(expires_at=expires_at))


def _is_open() -> ColumnElement[bool]:
    return assignments.c.state == AssignmentState.OPEN.value
