"""The labels of a dataset, and the index through which people search them."""

from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, func, insert, select

from multilabelfy.dataset.label_index import LabelIndex
from multilabelfy.dataset.label_names import names_text
from multilabelfy.dataset.model import Concept, DatasetId, Label, LabelSpace
from multilabelfy.errors import UnknownDataset
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Listed
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.schema import concepts, datasets, labels

_BY_INDEX = Listed(select(labels).where(labels.c.dataset_id == bindparam("dataset")), labels.c.label_index)


def add_space(c: Connection, dataset: DatasetId, space: LabelSpace) -> None:
    """Store a dataset's labels and the concepts above them."""
    for chunk in chunked(space.labels):
        c.execute(insert(labels), [_values(dataset, label) for label in chunk])
    for above in chunked(space.concepts):
        c.execute(
            insert(concepts), [{"dataset_id": dataset, "key": x.key, "names": list(x.names), "parents": list(x.parents)} for x in above]
        )


def label_space(c: Connection, dataset: DatasetId) -> LabelSpace:
    """The whole space, concepts included. Raises UnknownDataset."""
    name = c.execute(select(datasets.c.label_space).where(datasets.c.id == dataset)).scalar_one_or_none()
    if name is None:
        raise UnknownDataset(f"There is no dataset number {dataset} in this workspace.")
    rows = c.execute(select(labels).where(labels.c.dataset_id == dataset).order_by(labels.c.label_index))
    above = c.execute(select(concepts).where(concepts.c.dataset_id == dataset).order_by(concepts.c.key))
    return LabelSpace(name, tuple(_label(row) for row in rows), tuple(Concept(x.key, tuple(x.names), tuple(x.parents)) for x in above))


def labels_by_index(c: Connection, dataset: DatasetId, indices: Iterable[int]) -> dict[int, Label]:
    """The labels of these indices; unknown indices are left out."""
    by_index: dict[int, Label] = {}
    for chunk in chunked(dict.fromkeys(indices)):
        by_index.update((row.label_index, _label(row)) for row in _BY_INDEX.of(c, chunk, dataset=dataset))
    return by_index


def page(c: Connection, dataset: DatasetId, after_index: int = -1, limit: int = 50) -> list[Label]:
    """The labels behind an index, in their order."""
    query = (
        select(labels).where(labels.c.dataset_id == dataset, labels.c.label_index > after_index).order_by(labels.c.label_index).limit(limit)
    )
    return [_label(row) for row in c.execute(query)]


def search(c: Connection, dataset: DatasetId, text: str, limit: int = 20) -> list[Label]:
    """The labels that match a text, the best first (see `LabelIndex.find`); none for an empty text."""
    indices = label_index(c, dataset).find(text, limit).labels
    by_index = labels_by_index(c, dataset, indices)
    return [by_index[index] for index in indices]


_indices: WeakKeyDictionary[Engine, dict[DatasetId, tuple[object, LabelIndex]]] = WeakKeyDictionary()
"""What is searched, by database and dataset, each with the state of the dataset that it was read in."""


def label_index(c: Connection, dataset: DatasetId) -> LabelIndex:
    """The names and the hierarchy of a dataset's labels, in memory (22,000 labels: about 70 MB).

    Cached: labels are only ever added, so the last one tells whether there are new ones.
    """
    last = select(func.max(labels.c.label_index)).where(labels.c.dataset_id == dataset).scalar_subquery()
    made = c.execute(select(datasets.c.name, datasets.c.created_at, last).where(datasets.c.id == dataset)).one_or_none()
    state = None if made is None else tuple(made)
    of_engine = _indices.setdefault(c.engine, {})
    known = of_engine.get(dataset)
    if known is None or known[0] != state:
        known = of_engine[dataset] = (state, _read_index(c, dataset))
    return known[1]


def _read_index(c: Connection, dataset: DatasetId) -> LabelIndex:
    query = select(labels.c.label_index, labels.c.search, labels.c.parents, labels.c.definition).where(labels.c.dataset_id == dataset)
    rows = c.execute(query.order_by(labels.c.label_index)).all()
    above = c.execute(select(concepts).where(concepts.c.dataset_id == dataset).order_by(concepts.c.key))
    return LabelIndex(
        [(row.label_index, _key_last(row.search)) for row in rows],
        {row.label_index: tuple(row.parents) for row in rows},
        {row.key: Concept(row.key, tuple(row.names), tuple(row.parents)) for row in above},
        {row.label_index: row.definition for row in rows},
    )


def _key_last(search: str) -> str:
    """The names with the key last: the stored text begins with the key, the searched text with the preferred name."""
    _, key, *names, end = search.split("\n")
    return "\n".join(["", *names, key, end])


def _values(dataset: DatasetId, label: Label) -> dict[str, object]:
    named = {"key": label.key, "names": list(label.names), "definition": label.definition, "parents": list(label.parents)}
    return {"dataset_id": dataset, "label_index": label.index, "search": names_text((label.key, *label.names)), **named}


def _label(row: Any) -> Label:
    return Label(row.label_index, row.key, tuple(row.names), row.definition, tuple(row.parents))
