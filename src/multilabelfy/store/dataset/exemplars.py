"""Reference pictures: which ones stand beside a label, in which order.

Every change draws a new mark for its dataset (`StoredDataset.references_mark`), by which whoever keeps them in memory knows of it.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, insert, select, update

from multilabelfy.dataset.model import DatasetId, Exemplar
from multilabelfy.dataset.stored import StoredExemplar
from multilabelfy.errors import UnknownImage
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Listed
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.schema import datasets, exemplars

REMOVED = -1
_OF_LABELS = Listed(
    select(exemplars)
    .where(exemplars.c.dataset_id == bindparam("dataset"), exemplars.c.place >= 0)
    .order_by(exemplars.c.label_index, exemplars.c.place, exemplars.c.id),
    exemplars.c.label_index,
)


def add_many(c: Connection, dataset: DatasetId, new: Iterable[Exemplar], *, token: Callable[[str], str]) -> int:
    """Add the reference pictures that are new, behind those of the same label. Returns how many were added."""
    next_places = _next_places(c, dataset)
    n_added = 0
    for chunk in chunked(new):
        rows = []
        for exemplar in _not_there(c, dataset, chunk):
            place = next_places.get(exemplar.label, 0)
            next_places[exemplar.label] = place + 1
            named = {"label_index": exemplar.label, "path": exemplar.path, "token": token(exemplar.path)}
            rows.append({"dataset_id": dataset, "place": place, **named})
        if rows:
            c.execute(insert(exemplars), rows)
        n_added += len(rows)
    if n_added:
        _mark(c, datasets.c.id == dataset)
    return n_added


def of_labels(c: Connection, dataset: DatasetId, labels: Iterable[int]) -> dict[int, list[StoredExemplar]]:
    """The reference pictures of these labels in their order, without removed ones; a label without any has an empty list."""
    by_label: dict[int, list[StoredExemplar]] = {label: [] for label in labels}
    for chunk in chunked(by_label):
        for row in _OF_LABELS.of(c, chunk, dataset=dataset):
            by_label[row.label_index].append(_from_row(row))
    return by_label


def all_of(c: Connection, dataset: DatasetId) -> list[StoredExemplar]:
    """Every reference picture of a dataset, removed ones too, in the order of their import."""
    return [_from_row(row) for row in c.execute(select(exemplars).where(exemplars.c.dataset_id == dataset).order_by(exemplars.c.id))]


def removed(c: Connection, dataset: DatasetId, label: int) -> list[StoredExemplar]:
    """The reference pictures of a label that an owner removed, in the order of their import."""
    is_removed = (exemplars.c.dataset_id == dataset) & (exemplars.c.label_index == label) & (exemplars.c.place == REMOVED)
    return [_from_row(row) for row in c.execute(select(exemplars).where(is_removed).order_by(exemplars.c.id))]


def by_token(c: Connection, token: str) -> tuple[DatasetId, StoredExemplar]:
    """The dataset and the reference picture of this opaque name (the first if it serves several labels). Raises UnknownImage."""
    row = c.execute(select(exemplars).where(exemplars.c.token == token).order_by(exemplars.c.id).limit(1)).one_or_none()
    if row is None:
        raise UnknownImage("There is no such picture.")
    return DatasetId(row.dataset_id), _from_row(row)


def reorder(c: Connection, dataset: DatasetId, label: int, ids: Sequence[int]) -> None:
    """Put these reference pictures of a label first, in this order; the others follow in their old order. A removed one comes back."""
    of_label = (exemplars.c.dataset_id == dataset) & (exemplars.c.label_index == label)
    query = select(exemplars.c.id).where(of_label, exemplars.c.place >= 0).order_by(exemplars.c.place, exemplars.c.id)
    rest = [exemplar for exemplar in c.execute(query).scalars() if exemplar not in ids]
    for place, exemplar in enumerate([*ids, *rest]):
        c.execute(update(exemplars).where(of_label, exemplars.c.id == exemplar).values(place=place))
    _mark(c, datasets.c.id == dataset)


def remove(c: Connection, exemplar: int) -> None:
    """Stop showing this picture. Screens that showed it still name it, and `reorder` brings it back."""
    c.execute(update(exemplars).where(exemplars.c.id == exemplar).values(place=REMOVED))
    _mark(c, datasets.c.id == select(exemplars.c.dataset_id).where(exemplars.c.id == exemplar).scalar_subquery())


def _mark(c: Connection, which: ColumnElement[bool]) -> None:
    """A drawn mark: two changes never leave the same one, even where one of them was rolled back."""
    c.execute(update(datasets).where(which).values(references_mark=secrets.token_hex(8)))


def _next_places(c: Connection, dataset: DatasetId) -> dict[int, int]:
    query = select(exemplars.c.label_index, func.max(exemplars.c.place)).where(exemplars.c.dataset_id == dataset)
    return {label: last + 1 for label, last in c.execute(query.group_by(exemplars.c.label_index))}


def _not_there(c: Connection, dataset: DatasetId, chunk: list[Exemplar]) -> list[Exemplar]:
    query = select(exemplars.c.label_index, exemplars.c.path)
    same_paths = query.where(exemplars.c.dataset_id == dataset, exemplars.c.path.in_([exemplar.path for exemplar in chunk]))
    stored = {(label, path) for label, path in c.execute(same_paths)}
    return [exemplar for exemplar in dict.fromkeys(chunk) if (exemplar.label, exemplar.path) not in stored]


def _from_row(row: Any) -> StoredExemplar:
    return StoredExemplar(row.id, row.label_index, row.path, row.place, row.token)
