"""Find what annotators say beside their labels, and keep what owners answer to it.

A comment is a standing answer (the newest revision of one person's on one image) with a note, with the name of a missing label, or with a
picture found unfit. It is open until somebody answered these very words; a revision that says something else is open again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, exists, func, insert, select, update

from multilabelfy.annotation.model import Annotation, AnnotatorId, AssignmentId, Outcome
from multilabelfy.dataset.model import DatasetId
from multilabelfy.errors import UnknownComment
from multilabelfy.store.answers.annotation_rows import from_row
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.schema import annotations, answers_seen, comment_answers


class CommentKind(StrEnum):
    """What an answer says beside its labels; one comment may be of several kinds."""

    NOTE = "note"
    MISSING = "missing"  # a label that is not in the set
    UNFIT = "unfit"


@dataclass(frozen=True, slots=True)
class CommentAnswer:
    """What an owner answered to a comment."""

    number: int
    author: AnnotatorId
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment with the answers to it, oldest first; `number` is that of the answer that says it."""

    number: int
    dataset: DatasetId
    assignment: AssignmentId
    said: Annotation
    answers: tuple[CommentAnswer, ...]
    is_open: bool


def page(
    c: Connection,
    dataset: DatasetId,
    *,
    is_open: bool | None = None,
    kind: CommentKind | None = None,
    below: int | None = None,
    limit: int = 50,
) -> list[Comment]:
    """The newest comments first; `below` is the last number of the page before."""
    query = select(annotations).where(annotations.c.dataset_id == dataset, *_conditions(is_open, kind))
    if below is not None:
        query = query.where(annotations.c.id < below)
    return [_comment(c, row) for row in c.execute(query.order_by(annotations.c.id.desc()).limit(limit))]


def counts(c: Connection, dataset: DatasetId) -> tuple[int, int]:
    """How many comments are open, and how many there are."""
    here = select(func.count()).select_from(annotations).where(annotations.c.dataset_id == dataset)
    found = [int(c.execute(here.where(*_conditions(is_open, None))).scalar_one()) for is_open in (True, None)]
    return found[0], found[1]


def get(c: Connection, number: int) -> Comment:
    """The comment of this number. Raises UnknownComment."""
    row = c.execute(select(annotations).where(annotations.c.id == number, _says_something())).one_or_none()
    if row is None:
        raise UnknownComment(f"There is no comment number {number}.")
    return _comment(c, row)


def append(c: Connection, comment: Comment, author: AnnotatorId, client_id: str, text: str, now: datetime) -> bool:
    """Keep an answer; says whether it is new: one whose `client_id` is there already changes nothing."""
    if c.execute(select(comment_answers.c.id).where(comment_answers.c.client_id == client_id)).first() is not None:
        return False
    c.execute(
        insert(comment_answers).values(
            client_id=client_id,
            dataset_id=comment.dataset,
            annotation_id=comment.number,
            annotator_id=comment.said.annotator,
            author_id=author,
            text=text,
            created_at=now,
        )
    )
    return True


def answered_to(c: Connection, person: AnnotatorId, limit: int = 50) -> list[Comment]:
    """This person's comments that have answers, those with the newest answer first."""
    newest = func.max(comment_answers.c.id)
    query = select(comment_answers.c.annotation_id).where(comment_answers.c.annotator_id == person)
    found = c.execute(query.group_by(comment_answers.c.annotation_id).order_by(newest.desc()).limit(limit)).scalars().all()
    return [get(c, number) for number in found]


def n_unread(c: Connection, person: AnnotatorId) -> int:
    """How many answers this person has not looked at."""
    seen = select(answers_seen.c.comment_answer_id).where(answers_seen.c.annotator_id == person).scalar_subquery()
    fresh = (comment_answers.c.annotator_id == person) & (comment_answers.c.id > func.coalesce(seen, 0))
    return int(c.execute(select(func.count()).select_from(comment_answers).where(fresh)).scalar_one())


def mark_seen(c: Connection, person: AnnotatorId) -> int:
    """This person has looked at every answer to them; returns up to which one they had before."""
    before = c.execute(select(answers_seen.c.comment_answer_id).where(answers_seen.c.annotator_id == person)).scalar_one_or_none()
    newest = c.execute(select(func.max(comment_answers.c.id)).where(comment_answers.c.annotator_id == person)).scalar_one_or_none() or 0
    if before is None:
        c.execute(insert(answers_seen).values(annotator_id=person, comment_answer_id=newest))
    elif newest > before:
        c.execute(update(answers_seen).where(answers_seen.c.annotator_id == person).values(comment_answer_id=newest))
    return int(before or 0)


def _conditions(is_open: bool | None, kind: CommentKind | None) -> Iterator[ColumnElement[bool]]:
    later = annotations.alias("later")
    same = (later.c.image_id == annotations.c.image_id) & (later.c.annotator_id == annotations.c.annotator_id)
    yield ~exists().where(same, later.c.revision > annotations.c.revision)
    yield _says_something() if kind is None else _of(kind)
    if is_open is not None:
        yield ~_is_answered() if is_open else _is_answered()


def _says_something() -> ColumnElement[bool]:
    return _of(CommentKind.NOTE) | _of(CommentKind.MISSING) | _of(CommentKind.UNFIT)


def _of(kind: CommentKind) -> ColumnElement[bool]:
    if kind is CommentKind.UNFIT:
        return annotations.c.outcome == Outcome.UNFIT.value
    return (annotations.c.note if kind is CommentKind.NOTE else annotations.c.missing_label) != ""


def _is_answered() -> ColumnElement[bool]:
    said = annotations.alias("said")
    same_words = [said.c[name] == annotations.c[name] for name in ("image_id", "annotator_id", "note", "missing_label", "outcome")]
    return exists().where(comment_answers.c.annotation_id == said.c.id, *same_words).correlate(annotations)


def _comment(c: Connection, row: Any) -> Comment:
    answers = _answers(c, row.image_id, row.annotator_id)
    is_open = c.execute(select(annotations.c.id).where(annotations.c.id == row.id, ~_is_answered())).first() is not None
    return Comment(row.id, DatasetId(row.dataset_id), AssignmentId(row.assignment_id), from_row(row), tuple(answers), is_open)


def _answers(c: Connection, image: int, annotator: int) -> Sequence[CommentAnswer]:
    """Every answer to what one person said of one image, whichever revision it was about."""
    about = annotations.c.id == comment_answers.c.annotation_id
    query = select(comment_answers).join(annotations, about).where(annotations.c.image_id == image, annotations.c.annotator_id == annotator)
    rows = c.execute(query.order_by(comment_answers.c.id))
    return [CommentAnswer(row.id, AnnotatorId(row.author_id), row.text, row.created_at) for row in rows]
