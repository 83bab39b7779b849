"""The labels of a dataset, and the search over every name that they have.

Each label keeps one folded text for the search: a line for its key and for each of its names, in small letters, without accents, words
separated by one space. Every word in it follows a space, and every name a line break, so that "begins with" is a plain `in`. The texts of a
dataset are kept in memory once somebody searches (22,000 labels: about 5 MB).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Row, func, insert, select

from multilabelfy.dataset.model import Concept, DatasetId, Label, LabelSpace
from multilabelfy.errors import UnknownDataset
from multilabelfy.store.engine import Connection
from multilabelfy.store.rows import chunked
from multilabelfy.store.schema import concepts, datasets, labels


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
    """The labels of these indices; an index that is not there is left out."""
    found: dict[int, Label] = {}
    for chunk in chunked(dict.fromkeys(indices)):
        query = select(labels).where(labels.c.dataset_id == dataset, labels.c.label_index.in_(chunk))
        found.update((row.label_index, _label(row)) for row in c.execute(query))
    return found


def page(c: Connection, dataset: DatasetId, after_index: int = -1, limit: int = 50) -> list[Label]:
    """The labels behind an index, in their order."""
    query = (
        select(labels).where(labels.c.dataset_id == dataset, labels.c.label_index > after_index).order_by(labels.c.label_index).limit(limit)
    )
    return [_label(row) for row in c.execute(query)]


def search(c: Connection, dataset: DatasetId, text: str, limit: int = 20) -> list[Label]:
    """The labels whose key or any name fits the text, whatever its case and accents.

    First those that are called exactly so, then those of which a name begins with it, then those in which every word of the text begins a
    word, then those that contain every word somewhere; within each the lower index first. An empty text finds nothing.
    """
    folded = fold(text)
    if not folded:
        return []
    words = sorted(folded.split(), key=len, reverse=True)  # the longest word leaves the fewest labels to the others
    fitting = _folded_names(c, dataset)
    for word in words:
        fitting = [label for label in fitting if word in label[1]]
    indices = [index for index, _ in sorted(fitting, key=_rank_of(folded, words))[:limit]]
    found = labels_by_index(c, dataset, indices)
    return [found[index] for index in indices]


def fold(text: str) -> str:
    """Small letters without accents, everything that is neither letter nor digit as one space."""
    plain = "".join(x for x in unicodedata.normalize("NFKD", text) if not unicodedata.combining(x))
    return " ".join(re.sub(r"[\W_]+", " ", plain.casefold()).split())


def _rank_of(folded: str, words: list[str]) -> Callable[[tuple[int, str]], int]:
    """How well names that contain every word fit, from 0; a stable sort keeps the order of the labels within a rank."""
    exactly, at_the_start, at_word_starts = f"\n {folded} \n", f"\n {folded}", [f" {word}" for word in words]

    def rank(label: tuple[int, str]) -> int:
        names = label[1]
        if at_the_start in names:
            return 0 if exactly in names else 1
        return 2 if all(word in names for word in at_word_starts) else 3

    return rank


_searched: WeakKeyDictionary[Engine, dict[DatasetId, tuple[object, list[tuple[int, str]]]]] = WeakKeyDictionary()
"""What is searched, by database and dataset, each with the state of the dataset that it was read in."""


def _folded_names(c: Connection, dataset: DatasetId) -> list[tuple[int, str]]:
    """Every label's index and folded names, read once: labels are only ever added, so the last one says whether there are new ones."""
    last = select(func.max(labels.c.label_index)).where(labels.c.dataset_id == dataset).scalar_subquery()
    made = c.execute(select(datasets.c.name, datasets.c.created_at, last).where(datasets.c.id == dataset)).one_or_none()
    state = None if made is None else tuple(made)
    of_engine = _searched.setdefault(c.engine, {})
    known = of_engine.get(dataset)
    if known is None or known[0] != state:
        query = select(labels.c.label_index, labels.c.search).where(labels.c.dataset_id == dataset).order_by(labels.c.label_index)
        known = of_engine[dataset] = (state, [(row.label_index, row.search) for row in c.execute(query)])
    return known[1]


def _values(dataset: DatasetId, label: Label) -> dict[str, object]:
    search_text = "\n" + "".join(f" {fold(name)} \n" for name in (label.key, *label.names))
    named = {"key": label.key, "names": list(label.names), "definition": label.definition, "parents": list(label.parents)}
    return {"dataset_id": dataset, "label_index": label.index, "search": search_text, **named}


def _label(row: Row[Any]) -> Label:
    return Label(row.label_index, row.key, tuple(row.names), row.definition, tuple(row.parents))
