"""Pairs of labels that come together: two labels for one thing, and labels inside others, from label sets alone.

Of the images that have label a, a share also has b. Where that share is surely above one half both ways, the two nearly always come
together; where it is so one way only, and surely larger than the other way, one is inside the other. "Surely" is by Wilson's 95% intervals.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.model import LabelSets
from multilabelfy.statistics.intervals import Interval, wilson

Counts = npt.NDArray[np.int64]

MOSTLY = 0.5


class Together(StrEnum):
    """How two labels come together."""

    BOTH_WAYS = "nearly always together"
    FIRST_INSIDE = "the first inside the second"


@dataclass(frozen=True, slots=True)
class LabelPair:
    """Two labels and in how many images each is, and both are; `together` is None where nothing is sure.

    `of_first` is the interval of the share of the first label's images that have the second one too.
    """

    first: int
    second: int
    n_first: int
    n_second: int
    n_both: int
    of_first: Interval
    of_second: Interval
    together: Together | None

    @property
    def jaccard(self) -> float:
        """The images with both, of those with either."""
        return self.n_both / (self.n_first + self.n_second - self.n_both)


def label_pairs(sets: LabelSets) -> tuple[LabelPair, ...]:
    """Every pair that any image has, with a label inside another named first; the surest first, then by index."""
    n_images = np.bincount(sets.labels)
    pairs, n_both = np.unique(pairs_by_image(sets)[:, 1:], axis=0, return_counts=True)
    judged = [_pair(int(a), int(b), n_images, int(n)) for (a, b), n in zip(pairs, n_both, strict=True)]
    return tuple(sorted(judged, key=lambda pair: (-_certainty(pair), pair.first, pair.second)))


def pairs_by_image(sets: LabelSets) -> Counts:
    """Every pair of labels of every image, (n, 3): the image's position, the lower and the higher label."""
    rows: list[Counts] = [np.empty((0, 3), dtype=np.int64)]
    for size in np.unique(sets.counts[sets.counts > 1]).tolist():
        images = np.flatnonzero(sets.counts == size)
        labels = np.sort(sets.labels[sets.offsets[images][:, np.newaxis] + np.arange(size)], axis=1)
        first, second = np.triu_indices(size, 1)
        stacked = np.stack([np.repeat(images, len(first)), labels[:, first].ravel(), labels[:, second].ravel()], axis=1)
        rows.append(stacked)
    return np.concatenate(rows)


def labels_without_images(sets: LabelSets, n_labels: int) -> tuple[int, ...]:
    """The labels of the label space that no image has."""
    return tuple(np.flatnonzero(np.bincount(sets.labels, minlength=n_labels)[:n_labels] == 0).tolist())


def images_with_both(sets: LabelSets, first: int, second: int) -> Counts:
    """The rows of the images that have both labels, in their order."""
    row_of = np.repeat(np.arange(len(sets.counts), dtype=np.int64), sets.counts)
    return np.intersect1d(row_of[sets.labels == first], row_of[sets.labels == second])


def _pair(a: int, b: int, n_images: Counts, n_both: int) -> LabelPair:
    of_a, of_b = wilson(n_both, int(n_images[a])), wilson(n_both, int(n_images[b]))
    assert of_a is not None
    assert of_b is not None
    if of_b.low > MOSTLY and of_b.low > of_a.low:
        a, b, of_a, of_b = b, a, of_b, of_a
    return LabelPair(a, b, int(n_images[a]), int(n_images[b]), n_both, of_a, of_b, _together(of_a, of_b))


def _together(of_first: Interval, of_second: Interval) -> Together | None:
    if min(of_first.low, of_second.low) > MOSTLY:
        return Together.BOTH_WAYS
    if of_first.low > MOSTLY and of_first.low > of_second.high:
        return Together.FIRST_INSIDE
    return None


def _certainty(pair: LabelPair) -> float:
    lows = pair.of_first.low, pair.of_second.low
    return min(lows) if pair.together is Together.BOTH_WAYS else max(lows)
