"""Match the columns of a scorer's scores to the dataset's labels, and refuse if the match is not certain."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.model import LabelSpace
from multilabelfy.errors import InvalidScores
from multilabelfy.plurals import counted
from multilabelfy.proposals.model import Scores

IMAGENET1K = "imagenet1k"
N_IMAGENET1K = 1000
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Columns:
    """A scorer with `n_columns` columns has the scores of the dataset's label i in column `of_label[i]`; (n_labels,)."""

    n_columns: int
    of_label: npt.NDArray[np.int64]

    @property
    def n_unused(self) -> int:
        """How many of the scorer's labels the dataset does not have: they are never proposed."""
        return self.n_columns - len(self.of_label)

    def in_label_order(self, scores: Scores) -> Scores:
        """(n, n_columns) as the scorer gave them → (n, n_labels) in the order of the label space; softmax over all the scorer's labels."""
        if self.n_unused == 0 and bool((self.of_label == np.arange(self.n_columns)).all()):
            return scores
        return scores.take(self.of_label, axis=1)  # of 21,841 labels, four times as fast as an index


def columns(labels: Sequence[str], space: LabelSpace, *, source: str, imagenet1k: Sequence[str] = ()) -> Columns:
    """Match a scorer's `labels` (see the port) to the dataset's label space.

    Keys are matched by key, or else texts by name, where that leaves no doubt about any of the dataset's labels; the scorer may know more
    labels than the dataset, never fewer. `('imagenet1k',)` means the keys in
    `imagenet1k` where they name all the dataset's labels, else that space's own order, if the dataset has as many labels. No labels
    mean the dataset's own order. Raises InvalidScores with what does not match.
    """
    if not labels:
        return Columns(len(space), np.arange(len(space)))
    if tuple(labels) != (IMAGENET1K,):
        return _by_name(labels, space) or _by_key(labels, space, source)
    if len(space) == N_IMAGENET1K and not set(space.index_by_key) <= set(imagenet1k):
        return Columns(N_IMAGENET1K, np.arange(N_IMAGENET1K))
    return _by_key(imagenet1k, space, source)


def _by_key(keys: Sequence[str], space: LabelSpace, source: str) -> Columns:
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if twice:
        raise InvalidScores(
            f"Cannot use the scores of '{source}': it names {_some(twice)} more than once, so its columns have no one meaning."
        )
    column_of = {key: column for column, key in enumerate(keys)}
    missing = [label.key for label in space.labels if label.key not in column_of]
    if missing:
        raise InvalidScores(
            f"Cannot use the scores of '{source}' for '{space.name}': of the dataset's {counted(len(space), 'label')}, "
            f"{len(missing)} are not among "
            f"the scorer's {len(keys)} ({_some(missing)}; the scorer's begin with {_some(keys)}). Labels are matched by key or name: "
            "use a model of this label space, or name the model's labels by the dataset's keys."
        )
    return Columns(len(keys), np.array([column_of[label.key] for label in space.labels], dtype=np.int64))


def _by_name(texts: Sequence[str], space: LabelSpace) -> Columns | None:
    """Match texts such as "tench, Tinca tinca", whole or else by one of their names; None where keys match, or names leave a doubt."""
    if set(space.index_by_key) <= set(texts):
        return None
    whole: dict[str, set[int]] = defaultdict(set)
    part: dict[str, set[int]] = defaultdict(set)
    for column, text in enumerate(texts):
        whole[_plain(text)].add(column)
        for name in text.split(","):
            part[_plain(name)].add(column)
    columns_of_labels = [
        _only(whole, {label.key, ", ".join(label.names)}) or _only(part, {label.key, *label.names}) for label in space.labels
    ]
    of_label = [column for columns in columns_of_labels for column in columns]
    return Columns(len(texts), np.array(of_label, dtype=np.int64)) if len(set(of_label)) == len(of_label) == len(space) else None


def _only(columns_of: Mapping[str, set[int]], names: Iterable[str]) -> set[int]:
    """The one column that any of these names has; nothing where it is none or several."""
    columns = {column for name in names for column in columns_of.get(_plain(name), ())}
    return columns if len(columns) == 1 else set()


def _plain(name: str) -> str:
    return name.replace("_", " ").strip().casefold()


def _some(keys: Sequence[str]) -> str:
    return ", ".join(f"'{key}'" for key in keys[:MOST_NAMED]) + (", …" if len(keys) > MOST_NAMED else "")
