"""Answers to checks, in a log of their own: no reader of the votes can mistake gold or a repeat for a vote (decision 23)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, Select, bindparam, insert, select

from multilabelfy.annotation.checking.checks import CheckPolicy
from multilabelfy.annotation.model import Annotation, AssignmentId, Task
from multilabelfy.dataset.model import DatasetId
from multilabelfy.store.answers import summaries
from multilabelfy.store.answers.annotation_rows import from_row, to_row
from multilabelfy.store.answers.annotations import check_repeated, check_same
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Prebuilt
from multilabelfy.store.handing_out import leases
from multilabelfy.store.handing_out.assignments import get as get_assignment
from multilabelfy.store.schema import assignments, check_answers

_BY_CLIENT_ID = Prebuilt(select(check_answers).where(check_answers.c.client_id == bindparam("id_of_client")))


@dataclass(frozen=True, slots=True)
class Checked:
    """The standing answer to a check, with the policy that drew the check and the probability of the draw."""

    answer: Annotation
    policy: CheckPolicy
    inclusion_probability: float


def append(c: Connection, annotation: Annotation, *, assignment: AssignmentId) -> Annotation:
    """Store an answer to a check and return it with its revision; if its `client_id` is already stored, nothing changes.

    It counts for no image and no label. Raises InvalidInput if the answer's image or person is not the assignment's, AnswerIdUsed if
        the stored answer differs.
    """
    stored_assignment = get_assignment(c, assignment)
    stored = by_client_id(c, annotation.client_id)
    check_same(stored_assignment, annotation.image, annotation.annotator, stored)
    check_repeated(annotation, stored)
    if stored is not None:
        return stored
    earlier = latest_of(c, assignment)
    row = to_row(annotation, stored_assignment, 1 if earlier is None else earlier.revision + 1)
    c.execute(insert(check_answers).values(**row))
    leases.answer(c, stored_assignment, annotation.submitted_at)
    is_counted = earlier is None and stored_assignment.policy != CheckPolicy.PRACTICE
    summaries.count_answer(
        c, stored_assignment.dataset, annotation.annotator, Task.CHECK, first=is_counted, present_ms=annotation.present_ms
    )
    return replace(annotation, revision=row["revision"])


def by_client_id(c: Connection, client_id: str) -> Annotation | None:
    """The answer with this id, which its browser gave it."""
    row = _BY_CLIENT_ID.row(c, id_of_client=client_id)
    return None if row is None else from_row(row)


def latest_of(c: Connection, assignment: AssignmentId) -> Annotation | None:
    """The newest answer to this check."""
    query = select(check_answers).where(check_answers.c.assignment_id == assignment)
    row = c.execute(query.order_by(check_answers.c.revision.desc()).limit(1)).one_or_none()
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
