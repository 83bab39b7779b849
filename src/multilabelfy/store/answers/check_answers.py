"""What people said about checks: a log of its own, so that no reader of the votes can take gold or a repeat for one (decision 11)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, Select, insert, select

from multilabelfy.annotation.checks import CheckPolicy
from multilabelfy.annotation.model import Annotation, AssignmentId, Task
from multilabelfy.dataset.model import DatasetId
from multilabelfy.store.answers import summaries
from multilabelfy.store.answers.annotation_rows import from_row, to_row
from multilabelfy.store.answers.annotations import check_repeated, check_same
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.handing_out import leases
from multilabelfy.store.handing_out.assignments import get as get_assignment
from multilabelfy.store.schema import assignments, check_answers


@dataclass(frozen=True, slots=True)
class Checked:
    """The standing answer to a check, the policy that drew it, and with which probability."""

    answer: Annotation
    policy: CheckPolicy
    inclusion_probability: float


def append(c: Connection, annotation: Annotation, *, assignment: AssignmentId) -> Annotation:
    """Store an answer to a check and return it with its revision; one whose `client_id` is there already changes nothing.

    No image counts it and no label does. Raises InvalidInput where the answer is of another image or person than the assignment,
    AnswerIdUsed where the stored one says something else.
    """
    handed = get_assignment(c, assignment)
    there = by_client_id(c, annotation.client_id)
    check_same(handed, annotation.image, annotation.annotator, there)
    check_repeated(annotation, there)
    if there is not None:
        return there
    earlier = latest_of(c, assignment)
    row = to_row(annotation, handed, 1 if earlier is None else earlier.revision + 1)
    c.execute(insert(check_answers).values(**row))
    leases.answer(c, assignment, annotation.submitted_at)
    is_counted = earlier is None and handed.policy != CheckPolicy.PRACTICE
    summaries.count_answer(c, handed.dataset, annotation.annotator, Task.CHECK, first=is_counted, present_ms=annotation.present_ms)
    return replace(annotation, revision=row["revision"])


def by_client_id(c: Connection, client_id: str) -> Annotation | None:
    """The answer that carries this id of its browser."""
    row = c.execute(select(check_answers).where(check_answers.c.client_id == client_id)).one_or_none()
    return None if row is None else from_row(row)


def latest_of(c: Connection, assignment: AssignmentId) -> Annotation | None:
    """What stands as the answer to this check."""
    own = select(check_answers).where(check_answers.c.assignment_id == assignment)
    row = c.execute(own.order_by(check_answers.c.revision.desc()).limit(1)).one_or_none()
    return None if row is None else from_row(row)


def iterate_latest(c: Connection, dataset: DatasetId) -> Iterator[Checked]:
    """The standing answer to every check of a dataset, in the order of the first answers."""
    standing: dict[int, Checked] = {}
    for row in c.execute(_with_policy().where(check_answers.c.dataset_id == dataset).order_by(check_answers.c.id)):
        standing[row.assignment_id] = _checked(row)
    yield from standing.values()


def _with_policy() -> Select[Any]:
    drawn = select(check_answers, assignments.c.policy, assignments.c.inclusion_probability)
    return drawn.join(assignments, assignments.c.id == check_answers.c.assignment_id)


def _checked(row: Row[Any]) -> Checked:
    return Checked(from_row(row), CheckPolicy(row.policy), row.inclusion_probability)
