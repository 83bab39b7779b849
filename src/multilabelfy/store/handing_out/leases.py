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
    """Give the images of lapsed leases back to the queue; returns those that lost an annotator. A late answer is still taken."""
    lapsed = (assignments.c.dataset_id == dataset) & (assignments.c.state == AssignmentState.OPEN.value) & (assignments.c.expires_at <= now)
    return end(c, dataset, lapsed, AssignmentState.RETURNED)


def end(c: Connection, dataset: DatasetId, which: ColumnElement[bool], state: AssignmentState) -> list[ImageId]:
    """Take the open assignments among `which` out of their persons' hands and make their images available again.

    Returns the images that lost an annotator: a surplus answer may take the place that is free now (store.surplus).
    """
    columns = select(assignments.c.id, assignments.c.task, images.c.id.label("image_id"), images.c.queue_place)
    rows = c.execute(columns.join(images, images.c.id == assignments.c.image_id).where(which, _is_open())).all()
    if not rows:
        return []
    c.execute(update(assignments).where(assignments.c.id.in_([row.id for row in rows])).values(state=state.value))
    asked = [row for row in rows if row.task == Task.ANNOTATE]
    for row in asked:
        change_leases(c, row.image_id, -1)
    if asked:
        pull_back(c, dataset, min(row.queue_place for row in asked))
    return [ImageId(row.image_id) for row in asked]


def answer(c: Connection, assignment: AssignmentId, now: datetime) -> bool:
    """Mark as answered, whatever state it was in; returns whether it held a lease."""
    row = c.execute(select(assignments).where(assignments.c.id == assignment)).one()
    if row.state == AssignmentState.ANSWERED:
        return False
    c.execute(update(assignments).where(assignments.c.id == assignment).values(state=AssignmentState.ANSWERED.value, answered_at=now))
    held = row.state == AssignmentState.OPEN
    if held and row.task == Task.ANNOTATE:
        change_leases(c, row.image_id, -1)
    return bool(held)


def change_leases(c: Connection, image: int, by: int) -> None:
    """Keep the count of who holds an image now."""
    c.execute(update(images).where(images.c.id == image).values(n_leases=images.c.n_leases + by))


def extend(c: Connection, ids: Iterable[AssignmentId], expires_at: datetime) -> None:
    """Let open assignments be held until then."""
    here: list[Any] = list(ids)
    if here:
        c.execute(update(assignments).where(assignments.c.id.in_(here), _is_open()).values(expires_at=expires_at))


def _is_open() -> ColumnElement[bool]:
    return assignments.c.state == AssignmentState.OPEN.value
