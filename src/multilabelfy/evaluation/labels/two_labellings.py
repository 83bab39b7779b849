"""Two labellings of the same images: how far their sets agree, who has what the other lacks, and that by class.

A class leans towards one labelling where the images in which only that one has it are reliably more, by the exact sign test over all
classes that differ (`statistics.significance`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.model import LabelSets
from multilabelfy.disagreement.agreement.set_agreement import equal, jaccard, masi
from multilabelfy.statistics.intervals import Interval, Measured, interval_of, wilson
from multilabelfy.statistics.resampling import resampled
from multilabelfy.statistics.significance import LEVEL, holm, p_of_signs

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Match(StrEnum):
    """How the two sets of an image relate, from alike to apart."""

    EQUAL = "equal"
    FIRST_HOLDS_SECOND = "first-holds-second"
    SECOND_HOLDS_FIRST = "second-holds-first"
    OVERLAP = "overlap"
    APART = "apart"
    ONE_EMPTY = "one-empty"


@dataclass(frozen=True, slots=True)
class ByMatch:
    """How many images match so, of all, with Wilson's interval."""

    match: Match
    n_images: int
    share: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class ByClass:
    """One class: images that have it in both labellings, in the first alone, and in the second alone.

    `leans` is 1 or 2 where it is reliably more often in that labelling alone, else 0.
    """

    label: int
    n_both: int
    n_first: int
    n_second: int
    leans: int

    @property
    def n_differs(self) -> int:
        """Images that have it in one labelling alone."""
        return self.n_first + self.n_second

    @property
    def of_first(self) -> Interval | None:
        """Wilson's interval of the first labelling's share of the images in which they differ."""
        return wilson(self.n_first, self.n_differs)


@dataclass(frozen=True)
class Comparison:
    """Two labellings of `n_images`: labels in both, in one alone; agreement on sets; images by match; classes that differ, most first."""

    n_images: int
    n_both: int
    n_first: int
    n_second: int
    equal: Measured
    jaccard: Measured
    masi: Measured
    mean_sizes: tuple[float, float]
    matches: tuple[ByMatch, ...]
    classes: tuple[ByClass, ...]

    def n_leaning(self, towards: int) -> int:
        """Classes that lean towards the first (1) or the second (2) labelling."""
        return sum(of.leans == towards for of in self.classes)


@dataclass(frozen=True)
class CodedPairs:
    """The (image, label) pairs of label sets as sorted whole numbers `image × stride + label`."""

    codes: Ints
    stride: int

    @classmethod
    def of(cls, sets: LabelSets, stride: int) -> "CodedPairs":
        """All pairs of the sets."""
        return cls(np.unique(np.repeat(np.arange(len(sets), dtype=np.int64), sets.counts) * stride + sets.labels), stride)

    def images(self, codes: Ints) -> Ints:
        """The position of each pair's image."""
        return np.asarray(codes // self.stride)

    def labels(self, codes: Ints) -> Ints:
        """The label of each pair."""
        return np.asarray(codes % self.stride)


def compared(first: LabelSets, second: LabelSets, *, seed: int) -> Comparison:
    """Compare the sets of two labellings, whose images are the same in the same order; at least one image."""
    n_images, stride = len(first), stride_of(first, second)
    a, b = CodedPairs.of(first, stride), CodedPairs.of(second, stride)
    both = np.intersect1d(a.codes, b.codes, assume_unique=True)
    shared = np.bincount(a.images(both), minlength=n_images)
    sizes = shared, first.counts, second.counts
    values = np.stack([np.asarray(alike(*sizes), dtype=np.float64) for alike in (equal, jaccard, masi)], axis=1)
    means = [Measured(float(column.mean()), interval_of(drawn)) for column, drawn in zip(values.T, _means(values, seed).T, strict=True)]
    n_equal = int(values[:, 0].sum())
    return Comparison(
        n_images=n_images,
        n_both=len(both),
        n_first=len(a.codes) - len(both),
        n_second=len(b.codes) - len(both),
        equal=Measured(n_equal / n_images, wilson(n_equal, n_images)),
        jaccard=means[1],
        masi=means[2],
        mean_sizes=(float(first.counts.mean()), float(second.counts.mean())),
        matches=_matches(*sizes),
        classes=_classes(a, b, both),
    )


def stride_of(*labellings: LabelSets) -> int:
    """One more than the greatest label of any."""
    return 1 + max(int(sets.labels.max(initial=0)) for sets in labellings)


def _means(values: Floats, seed: int) -> Floats:
    return resampled(values, seed=seed) / len(values)


def _matches(shared: Ints, first: Ints, second: Ints) -> tuple[ByMatch, ...]:
    are_equal = (shared == first) & (shared == second)
    one_empty = ((first == 0) | (second == 0)) & ~are_equal
    left = ~are_equal & ~one_empty
    masks = {
        Match.EQUAL: are_equal,
        Match.FIRST_HOLDS_SECOND: left & (shared == second),
        Match.SECOND_HOLDS_FIRST: left & (shared == first),
        Match.OVERLAP: left & (shared > 0) & (shared < first) & (shared < second),
        Match.APART: left & (shared == 0),
        Match.ONE_EMPTY: one_empty,
    }
    n = len(shared)
    counts = [(match, int(mask.sum())) for match, mask in masks.items()]
    return tuple(ByMatch(match, n_images, n_images / n, wilson(n_images, n)) for match, n_images in counts)


def _classes(a: CodedPairs, b: CodedPairs, both: Ints) -> tuple[ByClass, ...]:
    n_both, n_a, n_b = (np.bincount(a.labels(codes), minlength=a.stride) for codes in (both, a.codes, b.codes))
    n_first, n_second = n_a - n_both, n_b - n_both
    labels = np.flatnonzero(n_first + n_second)
    leans = _leaning(n_first[labels], n_second[labels])
    rows = [
        ByClass(label, int(n_both[label]), int(n_first[label]), int(n_second[label]), lean)
        for label, lean in zip(labels.tolist(), leans, strict=True)
    ]
    return tuple(sorted(rows, key=lambda row: (-abs(row.n_first - row.n_second), -row.n_differs, row.label)))


def _leaning(n_first: Ints, n_second: Ints) -> Sequence[int]:
    sure = holm(p_of_signs(n_first, n_second)) <= LEVEL
    return np.where(sure, np.where(n_first > n_second, 1, 2), 0).tolist()  # type: ignore[no-any-return]
