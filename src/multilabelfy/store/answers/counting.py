"""The rules of `annotation.counting` as SQL, for queries that choose rows inside the database; a test compares the two."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, select

from multilabelfy.annotation.model import AnnotatorId, Vote
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.disagreement.answer_quality.kin_pace import TimedAnswer
from multilabelfy.proposals.kin.groups import KIN_POLICY
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets
from multilabelfy.store.handing_out.handing_out import FIXED_OVERLAP
from multilabelfy.store.schema import annotations, assignments, images


def is_standing() -> ColumnElement[bool]:
    """Whether a row of `annotations` is its person's newest revision for its image."""
    later = annotations.alias("later")
    same = (later.c.image_id == annotations.c.image_id) & (later.c.annotator_id == annotations.c.annotator_id)
    return ~exists().where(same, later.c.revision > annotations.c.revision)


def is_first_of_counting() -> ColumnElement[bool]:
    """Whether a row of `annotations` is the first revision of an answer that counts; its further revisions count with it."""
    return (annotations.c.revision == 1) & ~annotations.c.surplus


def is_answered_between(c: Connection, after: datetime | None, until: datetime) -> bool:
    """Whether an answer of any dataset came after one moment (None: at any time) and up to another."""
    upto = select(annotations.c.id).where(annotations.c.submitted_at <= until).limit(1)
    asked = upto if after is None else upto.where(annotations.c.submitted_at > after)
    return any(c.execute(asked.where(annotations.c.dataset_id == dataset.id)).first() for dataset in datasets.all_datasets(c))


PLACES_DRAWN = 2**48
"""Images of one group share a place in these steps, in which single images are drawn."""


def timed_answers(c: Connection, dataset: DatasetId) -> list[TimedAnswer]:
    """The standing answers of everybody who was given an image among its kin, to images of both kinds; none if nobody was."""
    among_kin = (assignments.c.dataset_id == dataset) & (assignments.c.policy == KIN_POLICY)
    people = [AnnotatorId(person) for person in c.execute(select(assignments.c.annotator_id).where(among_kin).distinct()).scalars()]
    newest = {(row.image_id, row.annotator_id): row for person in people for row in _answers_of(c, dataset, person)}
    return [_from_row(row) for row in newest.values()]


def _answers_of(c: Connection, dataset: DatasetId, person: AnnotatorId) -> Iterator[Any]:
    """A person's answers to images of either kind, oldest first."""
    columns = (annotations.c.image_id, annotations.c.annotator_id, annotations.c.present_ms, annotations.c.answers)
    query = (
        select(*columns, assignments.c.policy, assignments.c.handed_at, images.c.queue_place)
        .join(assignments, assignments.c.id == annotations.c.assignment_id)
        .join(images, images.c.id == annotations.c.image_id)
        .where(annotations.c.annotator_id == person, annotations.c.dataset_id == dataset)
        .where(assignments.c.policy.in_((KIN_POLICY, FIXED_OVERLAP)))
    )
    yield from c.execute(query.order_by(annotations.c.id))


def _from_row(row: Any) -> TimedAnswer:
    is_among_kin = row.policy == KIN_POLICY
    return TimedAnswer(
        annotator=AnnotatorId(row.annotator_id),
        image=ImageId(row.image_id),
        group=int(row.queue_place * PLACES_DRAWN) if is_among_kin else -row.image_id,
        handed_at=row.handed_at,
        seconds=row.present_ms / 1000,
        is_among_kin=is_among_kin,
        chosen=frozenset(int(label) for label, vote in row.answers.items() if vote == Vote.YES),
    )
