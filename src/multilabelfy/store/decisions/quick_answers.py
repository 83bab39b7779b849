"""Keep what experts answer one label at a time; appended, the newest counts. Answers from before a decision belong to that decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select

from multilabelfy.annotation.model import AnnotatorId, AssignmentId, Vote
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.errors import AnswerIdUsed
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.schema import quick_answers, refinements


@dataclass(frozen=True, slots=True)
class QuickAnswer:
    """One answer about one label of one image."""

    client_id: str
    assignment: AssignmentId
    image: ImageId
    expert: AnnotatorId
    label: int
    vote: Vote
    submitted_at: datetime
    present_ms: int = 0

    def repeats(self, stored: "QuickAnswer") -> bool:
        """Whether this says what a stored answer does, as it does where an answer is sent again."""
        mine, there = ((one.assignment, one.expert, one.label, one.vote) for one in (self, stored))
        return mine == there


def append(c: Connection, answer: QuickAnswer, dataset: DatasetId) -> bool:
    """Keep an answer; says whether it is new: the same one under the same `client_id` changes nothing.

    Raises AnswerIdUsed where the stored one says something else.
    """
    stored = by_client_id(c, answer.client_id)
    if stored is not None:
        if not answer.repeats(stored):
            raise AnswerIdUsed
        return False
    c.execute(
        insert(quick_answers).values(
            client_id=answer.client_id,
            assignment_id=answer.assignment,
            dataset_id=dataset,
            image_id=answer.image,
            expert_id=answer.expert,
            label_index=answer.label,
            vote=answer.vote.value,
            submitted_at=answer.submitted_at,
            present_ms=answer.present_ms,
        )
    )
    return True


def by_client_id(c: Connection, client_id: str) -> QuickAnswer | None:
    """The answer that carries this id of its browser."""
    row = c.execute(select(quick_answers).where(quick_answers.c.client_id == client_id)).one_or_none()
    return None if row is None else _from_row(row)


def newest(c: Connection, assignment: AssignmentId, label: int) -> QuickAnswer | None:
    """The newest answer to a label of an assignment, also where it went into a decision."""
    here = (quick_answers.c.assignment_id == assignment) & (quick_answers.c.label_index == label)
    row = c.execute(select(quick_answers).where(here).order_by(quick_answers.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else _from_row(row)


def standing(c: Connection, ids: Iterable[AssignmentId]) -> dict[AssignmentId, dict[int, QuickAnswer]]:
    """The newest answer to each label of these assignments, leaving out what went into an earlier decision."""
    found: dict[AssignmentId, dict[int, QuickAnswer]] = {}
    decided = select(func.max(refinements.c.submitted_at)).where(refinements.c.assignment_id == quick_answers.c.assignment_id)
    for some in chunked(ids):
        here = quick_answers.c.assignment_id.in_(some)
        since = decided.where(refinements.c.answer_revealed.is_not(None)).correlate(quick_answers).scalar_subquery()
        fresh = since.is_(None) | (quick_answers.c.submitted_at > since)
        for row in c.execute(select(quick_answers).where(here, fresh).order_by(quick_answers.c.id)):
            found.setdefault(AssignmentId(row.assignment_id), {})[row.label_index] = _from_row(row)
    return found


def last_label(c: Connection, dataset: DatasetId, expert: AnnotatorId) -> int | None:
    """The label that this expert answered last; None before the first."""
    found = before(c, dataset, expert, None)
    return None if found is None else found.label


def before(c: Connection, dataset: DatasetId, expert: AnnotatorId, than: tuple[AssignmentId, int | None] | None) -> QuickAnswer | None:
    """This expert's answer before the newest one to that image (and label), else the last one."""
    own = (quick_answers.c.expert_id == expert) & (quick_answers.c.dataset_id == dataset)
    if than is not None:
        assignment, label = than
        here = quick_answers.c.assignment_id == assignment
        here &= (quick_answers.c.label_index == label) if label is not None else True
        newest = c.execute(select(func.max(quick_answers.c.id)).where(own, here)).scalar_one()
        own &= (quick_answers.c.id < newest) if newest is not None else True
    row = c.execute(select(quick_answers).where(own).order_by(quick_answers.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else _from_row(row)


def _from_row(row: Row[Any]) -> QuickAnswer:
    return QuickAnswer(
        client_id=row.client_id,
        assignment=AssignmentId(row.assignment_id),
        image=ImageId(row.image_id),
        expert=AnnotatorId(row.expert_id),
        label=row.label_index,
        vote=Vote(row.vote),
        submitted_at=row.submitted_at,
        present_ms=row.present_ms,
    )
