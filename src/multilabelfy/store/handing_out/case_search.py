"""Find the disputed images that may match an expert's filter, in queue order: as few as the tables allow, but never too few."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, exists

from multilabelfy.annotation.model import AnnotatorId, Outcome
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.disagreement.comparison import Why
from multilabelfy.refinement.image_filter import CaseFilter
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.handing_out.queue import disputed_images
from multilabelfy.store.schema import annotations, images, label_choices

CHUNK = 200
OUTCOMES = {Why.CANNOT_TELL: Outcome.CANNOT_TELL, Why.UNFIT: Outcome.UNFIT}


def likely_images(c: Connection, dataset: DatasetId, expert: AnnotatorId, wanted: CaseFilter) -> Iterator[list[ImageId]]:
    """Images that want this expert's decision and may match, the most urgent first, in chunks; the caller checks the answers themselves."""
    query = disputed_images(dataset, expert).where(*_conditions(wanted))
    for rows in c.execute(query).partitions(CHUNK):
        yield [ImageId(row.id) for row in rows]


def _conditions(wanted: CaseFilter) -> Iterator[ColumnElement[bool]]:
    for label in (wanted.label, wanted.other):
        if label is not None:
            yield _named(label_choices.c.label_index == label)
    if wanted.annotators is not None:
        yield exists().where(annotations.c.image_id == images.c.id, annotations.c.annotator_id.in_(sorted(wanted.annotators)))
    if wanted.why is Why.MAYBE:
        yield _named(label_choices.c.n_maybe > 0)
    if wanted.why is Why.AGREED_EMPTY:  # where nobody said "none", somebody said maybe
        yield _ended_as(Outcome.NONE) | _named(label_choices.c.n_maybe > 0)
    if wanted.why in OUTCOMES:
        yield _ended_as(OUTCOMES[wanted.why])


def _ended_as(outcome: Outcome) -> ColumnElement[bool]:
    return exists().where(annotations.c.image_id == images.c.id, annotations.c.outcome == outcome.value)


def _named(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(label_choices.c.image_id == images.c.id, condition)
