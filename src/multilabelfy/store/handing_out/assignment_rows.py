"""Read an assignment from a row, and select a person's rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, select

from multilabelfy.annotation.assignment import Assignment as Assignment
from multilabelfy.annotation.assignment import AssignmentState
from multilabelfy.annotation.assignment import on_the_desk as on_the_desk
from multilabelfy.annotation.model import AnnotatorId, AssignmentId, Task
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.schema import assignments

OF_PERSON = (
    (assignments.c.annotator_id == bindparam("annotator"))
    & (assignments.c.dataset_id == bindparam("dataset"))
    & assignments.c.task.in_(bindparam("tasks", expanding=True))
    & (assignments.c.state == bindparam("in_state"))
)
"""As `of_person`, for a prebuilt statement; `persons` gives its parameters."""
_OWN = select(assignments).where(OF_PERSON).order_by(assignments.c.handed_at, assignments.c.id)


def of_person(dataset: DatasetId, annotator: AnnotatorId, tasks: Sequence[Task], state: AssignmentState) -> ColumnElement[bool]:
    """A person's assignments of a dataset for these tasks, in this state, as a condition over `assignments`."""
    theirs = (assignments.c.annotator_id == annotator) & (assignments.c.dataset_id == dataset)
    return theirs & assignments.c.task.in_([task.value for task in tasks]) & (assignments.c.state == state.value)


def persons(dataset: DatasetId, annotator: AnnotatorId, tasks: Sequence[Task], state: AssignmentState) -> dict[str, Any]:
    """The parameters of OF_PERSON."""
    return {"annotator": annotator, "dataset": dataset, "tasks": [task.value for task in tasks], "in_state": state.value}


def read_own(c: Connection, dataset: DatasetId, annotator: AnnotatorId, tasks: Sequence[Task], state: AssignmentState) -> list[Assignment]:
    """A person's assignments of a dataset for these tasks, in this state, the earliest handed out first."""
    return [from_row(row) for row in c.execute(_OWN, persons(dataset, annotator, tasks, state))]


def from_row(row: Row[Any]) -> Assignment:
    """The assignment in a row."""
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
