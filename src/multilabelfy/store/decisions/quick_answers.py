"""Experts' answers about one label at a time: appended, and the newest counts. Answers before a decision belong to that decision.

What came before what is counted when it is stored; the times of answers tell only when they came, and a clock may be set back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, insert, literal, select

from multilabelfy.annotation.model import AnnotatorId, AssignmentId, Vote
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.errors import AnswerIdUsed
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Listed
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.schema import quick_answers, refinements


def _n_decisions(assignment: ColumnElement[int]) -> ScalarSelect[int]:
    """How many decisions were made on an assignment so far."""
    decided = (refinements.c.assignment_id == assignment) & refinements.c.answer_revealed.is_not(None)
    return select(func.count()).select_from(refinements).where(decided).correlate(quick_answers).scalar_subquery()


_FRESH = Listed(
    select(quick_answers).where(quick_answers.c.n_decisions == _n_decisions(quick_answers.c.assignment_id)).order_by(quick_answers.c.id),
    quick_answers.c.assignment_id,
)


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
        """Whether this answer has the content of a stored one, as when it is sent again."""
        content, stored_content = ((answer.assignment, answer.expert, answer.label, answer.vote) for answer in (self, stored))
        return content == stored_content


def append(c: Connection, answer: QuickAnswer, dataset: DatasetId) -> bool:
    """Store an answer and return whether it is new: the same answer under the same `client_id` changes nothing.

    Raises AnswerIdUsed if the stored answer differs.
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
            n_decisions=_n_decisions(literal(answer.assignment)),
        )
    )
    return True


def by_client_id(c: Connection, client_id: str) -> QuickAnswer | None:
    """The answer with this id, which its browser gave it."""
    row = c.execute(select(quick_answers).where(quick_answers.c.client_id == client_id)).one_or_none()
    return None if row is None else _from_row(row)


def newest(c: Connection, assignment: AssignmentId, label: int) -> QuickAnswer | None:
    """The newest answer about a label of an assignment, even if a decision already includes it."""
    of_label = (quick_answers.c.assignment_id == assignment) & (quick_answers.c.label_index == label)
    row = c.execute(select(quick_answers).where(of_label).order_by(quick_answers.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else _from_row(row)


def standing(c: Connection, ids: Iterable[AssignmentId]) -> dict[AssignmentId, dict[int, QuickAnswer]]:
    """The newest answer about each label of these assignments, without those that an earlier decision includes."""
    by_assignment: dict[AssignmentId, dict[int, QuickAnswer]] = {}
    for chunk in chunked(ids):
        for row in _FRESH.of(c, chunk):
            by_assignment.setdefault(AssignmentId(row.assignment_id), {})[row.label_index] = _from_row(row)
    return by_assignment


def last_label(c: Connection, dataset: DatasetId, expert: AnnotatorId) -> int | None:
    """The label that this expert answered last; None before the first."""
    newest_answer = before(c, dataset, expert, None)
    return None if newest_answer is None else newest_answer.label


def before(c: Connection, dataset: DatasetId, expert: AnnotatorId, than: tuple[AssignmentId, int | None] | None) -> QuickAnswer | None:
    """This expert's answer before the newest one about that image (and label); with None, their last answer."""
    theirs = (quick_answers.c.expert_id == expert) & (quick_answers.c.dataset_id == dataset)
    if than is not None:
        assignment, label = than
        this_answer = quick_answers.c.assignment_id == assignment
        this_answer &= (quick_answers.c.label_index == label) if label is not None else True
        newest = c.execute(select(func.max(quick_answers.c.id)).where(theirs, this_answer)).scalar_one()
        theirs &= (quick_answers.c.id < newest) if newest is not None else True
    row = c.execute(select(quick_answers).where(theirs).order_by(quick_answers.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else _from_row(row)


def _from_row(row: Any) -> QuickAnswer:
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
