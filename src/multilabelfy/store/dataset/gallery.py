"""Browse the images of a dataset by a fixed list of filters, page by page; each page begins behind the place where the last one ended."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, exists, func, select

from multilabelfy.dataset.image_states import AWAITING_ANNOTATORS, AWAITING_EXPERTS
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.refinement.image_filter import EVERYTHING, ImageFilter, Reader
from multilabelfy.refinement.lots import RefinePolicy
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.dataset.image_rows import from_row, is_in
from multilabelfy.store.schema import annotations, final_labels, images, label_choices, refinements


def page(
    c: Connection, dataset: DatasetId, wanted: ImageFilter = EVERYTHING, *, after_place: int = -1, limit: int = 50
) -> list[StoredImage]:
    """The matching images behind a place, in import order."""
    query = select(images).where(images.c.dataset_id == dataset, images.c.place > after_place, *_conditions(dataset, wanted))
    return [from_row(row) for row in c.execute(query.order_by(images.c.place).limit(limit))]


def ids(c: Connection, dataset: DatasetId, wanted: ImageFilter = EVERYTHING) -> list[ImageId]:
    """Every matching image, in import order."""
    query = select(images.c.id).where(images.c.dataset_id == dataset, *_conditions(dataset, wanted)).order_by(images.c.place)
    return [ImageId(image) for image in c.execute(query).scalars()]


def beside(c: Connection, dataset: DatasetId, place: int) -> tuple[ImageId | None, ImageId | None]:
    """The images before and after a place of the import; None at its ends."""
    of_dataset = select(images.c.id).where(images.c.dataset_id == dataset)
    before = c.execute(of_dataset.where(images.c.place < place).order_by(images.c.place.desc()).limit(1)).scalar()
    after = c.execute(of_dataset.where(images.c.place > place).order_by(images.c.place).limit(1)).scalar()
    return None if before is None else ImageId(before), None if after is None else ImageId(after)


def n_labels(c: Connection, dataset: DatasetId) -> dict[ImageId, int]:
    """The number of labels of each image: in its newest release, else those that anybody chose."""
    chosen = select(label_choices.c.image_id, func.count()).where(label_choices.c.dataset_id == dataset, label_choices.c.n_yes > 0)
    by_image = {ImageId(image): int(n) for image, n in c.execute(chosen.group_by(label_choices.c.image_id))}
    final = select(final_labels.c.image_id, final_labels.c.n_labels).where(final_labels.c.dataset_id == dataset)
    for image, n in c.execute(final.order_by(final_labels.c.image_id, final_labels.c.release_id)):
        if n is not None:
            by_image[ImageId(image)] = int(n)
    return by_image


def count(c: Connection, dataset: DatasetId, wanted: ImageFilter = EVERYTHING) -> int:
    """How many images match."""
    query = select(func.count()).select_from(images).where(images.c.dataset_id == dataset, *_conditions(dataset, wanted))
    return int(c.execute(query).scalar_one())


def hidden_among(c: Connection, reader: Reader, ids: Iterable[ImageId]) -> set[ImageId]:
    """The images among `ids` whose votes are hidden from this reader."""
    hidden_images: set[ImageId] = set()
    for chunk in chunked(ids):
        hidden = c.execute(select(images.c.id).where(images.c.id.in_(chunk), _is_hidden_from(reader)))
        hidden_images.update(ImageId(image) for image in hidden.scalars())
    return hidden_images


def hides_disputed(c: Connection, dataset: DatasetId, reader: Reader) -> bool:
    """Whether the votes on any disputed image of a dataset are hidden from this reader."""
    is_disputed = (images.c.dataset_id == dataset) & is_in(AWAITING_EXPERTS)
    return c.execute(select(images.c.id).where(is_disputed, _is_hidden_from(reader)).limit(1)).first() is not None


def _is_hidden_from(reader: Reader) -> ColumnElement[bool]:
    is_open = is_in(AWAITING_ANNOTATORS)
    if not reader.decides_blind:
        return is_open
    decided_by_reader = exists().where(refinements.c.image_id == images.c.id, refinements.c.expert_id == reader.person)
    is_reopened = func.coalesce(images.c.expert_policy, "") == RefinePolicy.REOPENED.value
    return is_open | (is_in(AWAITING_EXPERTS) & ~is_reopened & ~decided_by_reader)


def _conditions(dataset: DatasetId, wanted: ImageFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.state is not None:
        yield images.c.state == wanted.state.value
    if wanted.given_label is not None:
        yield images.c.given_label == wanted.given_label
    if wanted.text:
        yield func.lower(images.c.path).contains(wanted.text.lower(), autoescape=True)
    if wanted.annotator is not None:
        of_annotator = (annotations.c.annotator_id == wanted.annotator) & (annotations.c.dataset_id == dataset)
        yield images.c.id.in_(select(annotations.c.image_id).where(of_annotator))
    if wanted.label is not None:
        of_label = (label_choices.c.dataset_id == dataset) & (label_choices.c.label_index == wanted.label)
        yield images.c.id.in_(select(label_choices.c.image_id).where(of_label, label_choices.c.n_yes > 0))
    if wanted.final_label is not None:
        yield _newest_final(_holds(final_labels.c.labels, wanted.final_label))
    if wanted.n_labels is not None:
        yield _newest_final(final_labels.c.n_labels == wanted.n_labels)
    if wanted.reason is not None:
        yield _newest_final(final_labels.c.reason == wanted.reason.value)
    if wanted.reader is not None and wanted.asks_about_labels:
        yield ~_is_hidden_from(wanted.reader)


def _holds(labels: ColumnElement[Any], label: int) -> ColumnElement[bool]:
    """Whether a list of numbers in JSON, `[1, 12]` or `[1,12]`, has this one."""
    text = func.replace(func.replace(func.replace(cast(labels, Text), " ", ""), "[", ","), "]", ",")
    return text.contains(f",{label},")


def _newest_final(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the newest row of an image's final labels matches."""
    other = final_labels.alias("other")
    newest = select(func.max(other.c.release_id)).where(other.c.image_id == images.c.id).correlate(images).scalar_subquery()
    return exists().where(final_labels.c.image_id == images.c.id, final_labels.c.release_id == newest, condition)
