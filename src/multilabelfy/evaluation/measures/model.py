"""The nouns of an evaluation: labelled images with their given labels, and what models say about them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.model import LabelSets

NO_LABEL = -1
"""Marks an image without a given label, or the end of a ranking."""

Labels = npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class LabelledImages:
    """The final label sets, and beside each the label that the image came with: (n_images,), NO_LABEL where it has none."""

    sets: LabelSets
    given: Labels | None = None

    def __len__(self) -> int:
        return len(self.sets)

    def of(self, rows: npt.NDArray[np.int64]) -> "LabelledImages":
        """Some of the images, by their positions, in this order."""
        names = [self.sets.images[row] for row in rows.tolist()]
        sets = LabelSets.from_rows(names, [self.sets.row(row) for row in rows.tolist()])
        return LabelledImages(sets, None if self.given is None else np.asarray(self.given)[rows])


@dataclass(frozen=True, slots=True)
class Rankings:
    """The first labels of one or several models for the same images, best first.

    `ranked` is (n_models, n_images, n_ranks) of label indices; NO_LABEL ends a shorter ranking. `images` is None where the file names
    none: then the rows are in the order of the label file. `scores` are the labels' own, in the shape of `ranked`, where known.
    """

    models: tuple[str, ...]
    ranked: Labels
    images: tuple[str, ...] | None = None
    scores: npt.NDArray[np.floating] | None = None


@dataclass(frozen=True, slots=True)
class ScoredImages:
    """One model's scores, (n_images, n_labels): a greater score is a better rank, an equal one goes to the lower label index first."""

    model: str
    scores: npt.NDArray[np.floating]
    images: tuple[str, ...] | None = None


Predictions = Rankings | ScoredImages
