"""Find annotators' comments, and keep owners' answers to them. Only newest revisions count, as annotation/comments explains."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, func, insert, select, update

from multilabelfy.annotation.answers import further_id
from multilabelfy.annotation.comments import Comment, CommentAnswer, CommentKind
from multilabelfy.annotation.model import AnnotatorId, AssignmentId, Outcome
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import DatasetId
from multilabelfy.errors import UnknownComment
from multilabelfy.store.answers.annotation_rows import from_row
from multilabelfy.store.answers.counting import is_standing
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.members import is_seen_by
from multilabelfy.store.schema import annotations, answers_seen, comment_answers


def page(
    c: Connection,
    dataset: DatasetId,
    *,
    is_open: bool | None = None,
    kind: CommentKind | None = None,
    below: int | None = None,
    limit: int = 50,
) -> list[Comment]:
    """A page of comments, newest first; `below` is the previous page's last number."""
    query = select(annotations).where(annotations.c.dataset_id == dataset, *_conditions(is_open, kind))
    if below is not None:
        query = query.where(annotations.c.id < below)
    return _comments(c, c.execute(query.order_by(annotations.c.id.desc()).limit(limit)).all())


def n_all(c: Connection, dataset: DatasetId) -> int:
    """How many comments there are."""
    return _count(c, dataset, is_open=None)


def n_open(c: Connection, dataset: DatasetId) -> int:
    """How many comments are open."""
    return _count(c, dataset, is_open=True)


def _count(c: Connection, dataset: DatasetId, *, is_open: bool | None) -> int:
    query = select(func.count()).select_from(annotations).where(annotations.c.dataset_id == dataset)
    return int(c.execute(query.where(*_conditions(is_open, None))).scalar_one())


def get_in(c: Connection, dataset: StoredDataset, number: int) -> Comment:
    """The comment of this number in a dataset. Raises UnknownComment, for another dataset's in the words for one that does not exist."""
    is_it = (annotations.c.id == number, annotations.c.dataset_id == dataset.id)
    row = c.execute(select(annotations).where(*is_it, _says_something())).one_or_none()
    if row is None:
        raise UnknownComment(f"There is no comment number {number} in '{dataset.name}'.")
    return _comments(c, [row])[0]


def append(c: Connection, comment: Comment, author: AnnotatorId, client_id: str, text: str, now: datetime) -> bool:
    """Store an answer and return whether it is new: the same answer under the same `client_id` changes nothing.

    The browser's Back button brings a page back with its old id: a different answer under that id is stored under an id of its own.
    """
    same = (comment.number, author, text)
    stored = _under_id(c, client_id)
    if stored is not None and stored != same:
        client_id = further_id(client_id, *same)
        stored = _under_id(c, client_id)
    if stored is not None:
        return False
    c.execute(
        insert(comment_answers).values(
            client_id=client_id,
            dataset_id=comment.dataset,
            annotation_id=comment.number,
            annotator_id=comment.annotation.annotator,
            author_id=author,
            text=text,
            created_at=now,
        )
    )
    return True


def _under_id(c: Connection, client_id: str) -> tuple[int, AnnotatorId, str] | None:
    """The comment, author and text of the answer with this id."""
    row = c.execute(select(comment_answers).where(comment_answers.c.client_id == client_id)).one_or_none()
    return None if row is None else (row.annotation_id, AnnotatorId(row.author_id), row.text)


def answered_to(c: Connection, person: AnnotatorId, limit: int = 50) -> list[Comment]:
    """This person's comments that have answers, the most recently answered first; only from datasets whose teams they are in."""
    newest = func.max(comment_answers.c.id)
    seen = is_seen_by(comment_answers.c.dataset_id, person)
    query = select(comment_answers.c.annotation_id).where(comment_answers.c.annotator_id == person, seen)
    ids = c.execute(query.group_by(comment_answers.c.annotation_id).order_by(newest.desc()).limit(limit)).scalars().all()
    rows = c.execute(select(annotations).where(annotations.c.id.in_(ids), _says_something())).all()
    return sorted(_comments(c, rows), key=lambda comment: ids.index(comment.number))


def n_unread(c: Connection, person: AnnotatorId) -> int:
    """How many answers this person has not looked at."""
    seen = select(answers_seen.c.comment_answer_id).where(answers_seen.c.annotator_id == person).scalar_subquery()
    fresh = (comment_answers.c.annotator_id == person) & (comment_answers.c.id > func.coalesce(seen, 0))
    fresh &= is_seen_by(comment_answers.c.dataset_id, person)
    return int(c.execute(select(func.count()).select_from(comment_answers).where(fresh)).scalar_one())


def last_seen(c: Connection, person: AnnotatorId) -> int:
    """The last answer to their comments that this person has seen; 0 if none."""
    return int(c.execute(select(answers_seen.c.comment_answer_id).where(answers_seen.c.annotator_id == person)).scalar_one_or_none() or 0)


def mark_seen(c: Connection, person: AnnotatorId) -> int:
    """Note that this person has seen every answer to their comments; returns the last one that they had seen before."""
    before = c.execute(select(answers_seen.c.comment_answer_id).where(answers_seen.c.annotator_id == person)).scalar_one_or_none()
    newest = c.execute(select(func.max(comment_answers.c.id)).where(comment_answers.c.annotator_id == person)).scalar_one_or_none() or 0
    if before is None:
        c.execute(insert(answers_seen).values(annotator_id=person, comment_answer_id=newest))
    elif newest > before:
        c.execute(update(answers_seen).where(answers_seen.c.annotator_id == person).values(comment_answer_id=newest))
    return int(before or 0)


def _conditions(is_open: bool | None, kind: CommentKind | None) -> Iterator[ColumnElement[bool]]:
    yield is_standing()
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
    revisions = annotations.alias("revision")
    same_words = [revisions.c[name] == annotations.c[name] for name in ("image_id", "annotator_id", "note", "missing_label", "outcome")]
    return exists().where(comment_answers.c.annotation_id == revisions.c.id, *same_words).correlate(annotations)


def _comments(c: Connection, rows: Sequence[Row[Any]]) -> list[Comment]:
    """Rows of `annotations` as comments, in their order; two queries for any page of them."""
    answers = _answers(c, rows)
    open_ones = select(annotations.c.id).where(annotations.c.id.in_([row.id for row in rows]), ~_is_answered())
    is_open = set(c.execute(open_ones).scalars()) if rows else set()
    return [
        Comment(
            number=row.id,
            dataset=DatasetId(row.dataset_id),
            assignment=AssignmentId(row.assignment_id),
            annotation=from_row(row),
            answers=tuple(answers[row.image_id, row.annotator_id]),
            is_open=row.id in is_open,
        )
        for row in rows
    ]


def _answers(c: Connection, rows: Sequence[Row[Any]]) -> dict[tuple[int, int], list[CommentAnswer]]:
    """Every answer to one person's comments on one image, whichever revision it was about, oldest first."""
    by_comment: dict[tuple[int, int], list[CommentAnswer]] = {(row.image_id, row.annotator_id): [] for row in rows}
    about = comment_answers.join(annotations, annotations.c.id == comment_answers.c.annotation_id)
    query = select(comment_answers, annotations.c.image_id, annotations.c.annotator_id.label("to_id")).select_from(about)
    of_these = query.where(annotations.c.image_id.in_({row.image_id for row in rows}))
    for row in c.execute(of_these.order_by(comment_answers.c.id)) if rows else ():
        if (row.image_id, row.to_id) in by_comment:
            by_comment[row.image_id, row.to_id].append(CommentAnswer(row.id, AnnotatorId(row.author_id), row.text, row.created_at))
    return by_comment
