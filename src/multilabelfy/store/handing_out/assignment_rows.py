"""Read an assignment from a row, and select a person's rows."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, literal_column, select

from multilabelfy.annotation.assignment import Assignment as Assignment
from multilabelfy.annotation.assignment import AssignmentState
from multilabelfy.annotation.assignment import on_the_desk as on_the_desk
from multilabelfy.annotation.model import AnnotatorId, AssignmentId, Task
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Prebuilt, one_of
from multilabelfy.store.schema import assignments


def of_person(tasks: Iterable[Task], state: AssignmentState) -> ColumnElement[bool]:
    """A person's assignments of a dataset for these tasks, in this state, as a condition with the parameters `annotator` and `dataset`."""
    theirs = (assignments.c.annotator_id == bindparam("annotator")) & (assignments.c.dataset_id == bindparam("dataset"))
    return theirs & one_of(assignments.c.task, tasks) & (assignments.c.state == literal_column(f"'{state.value}'"))


def read_own(c: Connection, dataset: DatasetId, annotator: AnnotatorId, tasks: Iterable[Task], state: AssignmentState) -> list[Assignment]:
    """A person's assignments of a dataset for these tasks, in this state, the earliest handed out first."""
    return [from_row(row) for row in _own(tuple(tasks), state).rows(c, annotator=annotator, dataset=dataset)]


@cache
def _own(tasks: tuple[Task, ...], state: AssignmentState) -> Prebuilt:
    return Prebuilt(select(assignments).where(of_person(tasks, state)).order_by(assignments.c.handed_at, assignments.c.id))


def from_row(row: Any) -> Assignment:
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
