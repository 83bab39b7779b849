"""Browse the images of a dataset: a fixed list of filters, a page at a time, each beginning behind the place where the last one ended."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, exists, func, select

from multilabelfy.dataset.model import DatasetId
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.refinement.image_filter import EVERYTHING, ImageFilter
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset.image_rows import from_row
from multilabelfy.store.schema import annotations, final_labels, images, label_choices


def page(
    c: Connection, dataset: DatasetId, wanted: ImageFilter = EVERYTHING, *, after_place: int = -1, limit: int = 50
) -> list[StoredImage]:
    """The images behind a place that fit, in the order of the import."""
    query = select(images).where(images.c.dataset_id == dataset, images.c.place > after_place, *_conditions(wanted))
    return [from_row(row) for row in c.execute(query.order_by(images.c.place).limit(limit))]


def count(c: Connection, dataset: DatasetId, wanted: ImageFilter = EVERYTHING) -> int:
    """How many images fit."""
    query = select(func.count()).select_from(images).where(images.c.dataset_id == dataset, *_conditions(wanted))
    return int(c.execute(query).scalar_one())


def _conditions(wanted: ImageFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.state is not None:
        yield images.c.state == wanted.state.value
    if wanted.given_label is not None:
        yield images.c.given_label == wanted.given_label
    if wanted.text:
        yield func.lower(images.c.path).contains(wanted.text.lower(), autoescape=True)
    if wanted.annotator is not None:
        yield exists().where(annotations.c.image_id == images.c.id, annotations.c.annotator_id == wanted.annotator)
    if wanted.label is not None:
        chosen = (label_choices.c.label_index == wanted.label) & (label_choices.c.n_yes > 0)
        yield exists().where(label_choices.c.image_id == images.c.id, chosen)
    if wanted.n_labels is not None:
        yield _newest_final(final_labels.c.n_labels == wanted.n_labels)
    if wanted.reason is not None:
        yield _newest_final(final_labels.c.reason == wanted.reason.value)


def _newest_final(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the newest row of an image's final labels fits."""
    other = final_labels.alias("other")
    newest = select(func.max(other.c.release_id)).where(other.c.image_id == images.c.id).correlate(images).scalar_subquery()
    return exists().where(final_labels.c.image_id == images.c.id, final_labels.c.release_id == newest, condition)
