"""The nouns of a dataset: labels and their space, images, exemplars, and label sets over many images."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NewType

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.image_states import ImageState as ImageState
from multilabelfy.errors import UnknownImage, UnknownLabel
from multilabelfy.plurals import counted

DatasetId = NewType("DatasetId", int)
ImageId = NewType("ImageId", int)


@dataclass(frozen=True, slots=True)
class Label:
    """One label of a label space. `key` is its stable name (for ImageNet the WordNet id); `parents` are keys of concepts."""

    index: int
    key: str
    names: tuple[str, ...]
    definition: str = ""
    parents: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The first of its names."""
        return self.names[0] if self.names else self.key


@dataclass(frozen=True, slots=True)
class Concept:
    """A node above the labels (a WordNet ancestor): it has names, but no picture carries it."""

    key: str
    names: tuple[str, ...]
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class LabelSpace:
    """The ordered labels that the images of a dataset may carry; `labels[i].index == i`."""

    name: str
    labels: tuple[Label, ...]
    concepts: tuple[Concept, ...] = ()

    def __post_init__(self) -> None:
        for position, label in enumerate(self.labels):
            if label.index != position:
                raise UnknownLabel(f"Label '{label.key}' has index {label.index}, but stands at place {position}: indices must run from 0.")

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> Label:
        if not 0 <= index < len(self.labels):
            raise UnknownLabel(f"There is no label {index} in '{self.name}': its indices run from 0 to {len(self.labels) - 1}.")
        return self.labels[index]

    @cached_property
    def index_by_key(self) -> Mapping[str, int]:
        """From a label's key to its index."""
        return {label.key: label.index for label in self.labels}

    def index_of(self, key: str) -> int:
        """The index of the label with this key. Raises UnknownLabel."""
        try:
            return self.index_by_key[key]
        except KeyError:
            raise UnknownLabel(f"There is no label with the key '{key}' in '{self.name}'.") from None

    def keys_of(self, indices: Iterable[int]) -> list[str]:
        """The keys of these labels, in their order. Raises UnknownLabel."""
        return [self[index].key for index in indices]


@dataclass(frozen=True, slots=True)
class Image:
    """One picture: `path` is the POSIX path below the dataset's image folder, `given_label` the single label it came with."""

    path: str
    given_label: int | None = None


@dataclass(frozen=True, slots=True)
class Exemplar:
    """A reference picture shown beside a label; `path` is relative to the dataset's reference folder, in POSIX form."""

    label: int
    path: str


@dataclass(frozen=True, slots=True)
class LabelSets:
    """The label sets of many images, as compressed rows: row i holds `labels[offsets[i]:offsets[i + 1]]`.

    `images` are names in their file's own order; `offsets` is (n_images + 1,) int64; `labels` is (n_labels_in_total,) int64, each row
    in the order in which it was written, without repetition.
    """

    images: tuple[str, ...]
    offsets: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]

    @classmethod
    def from_rows(cls, images: Sequence[str], rows: Iterable[Iterable[int]]) -> "LabelSets":
        """Build from one iterable of label indices an image; a label repeated within a row is kept once, at its first place."""
        unique = [tuple(dict.fromkeys(row)) for row in rows]
        if len(unique) != len(images):
            raise UnknownImage(f"{counted(len(images), 'image')}, but {counted(len(unique), 'label set')}: each image needs one.")
        offsets = np.zeros(len(unique) + 1, dtype=np.int64)
        np.cumsum([len(row) for row in unique], out=offsets[1:])
        labels = np.fromiter((label for row in unique for label in row), dtype=np.int64, count=int(offsets[-1]))
        return cls(tuple(images), offsets, labels)

    def __len__(self) -> int:
        return len(self.images)

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """The number of labels of each image, (n_images,)."""
        return np.diff(self.offsets)

    def row(self, position: int) -> tuple[int, ...]:
        """The labels of the image at this position, in the order in which they were written."""
        return tuple(int(label) for label in self.labels[self.offsets[position] : self.offsets[position + 1]])

    def rows(self) -> list[tuple[int, ...]]:
        """The labels of every image."""
        return [self.row(position) for position in range(len(self))]


@dataclass(frozen=True, slots=True)
class DatasetDescription:
    """What an import found, before anything is stored: the label space, the images, their exemplars."""

    name: str
    labels: LabelSpace
    images: tuple[Image, ...]
    exemplars: tuple[Exemplar, ...] = field(default=())
