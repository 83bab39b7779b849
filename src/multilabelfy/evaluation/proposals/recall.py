"""Recall at k: the share of valid labels that are among a model's first k, over images, by number of labels and by class.

It counts labels, not images: an image with three valid labels counts three times. Labels that nobody was asked about and nobody found are
not known to be valid, so that recall on labels which were judged among the same proposals says how the list is ordered, not what it lacks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.model import LabelSets
from multilabelfy.statistics.intervals import Interval, interval_of, never_certain
from multilabelfy.statistics.resampling import FEWEST_TO_RESAMPLE, resampled
from multilabelfy.statistics.shares import Share
from multilabelfy.statistics.shrinkage import Shrunk, shrunk_shares

Ranked = npt.NDArray[np.integer]
Ranks = npt.NDArray[np.int64]
GROUP = 5
"""Candidates that a page shows at once: a key opens the next ones."""


@dataclass(frozen=True, slots=True)
class RecallAt:
    """Of `n_labels` valid labels of `n_images` images, `n_held` are among the first `k`; in `n_complete` of the images all are.

    `interval` is of the share of labels, over resampled images; None for fewer than ten images. A person presses a key for each group of
    five candidates and one for each valid label among them: `median_keys` for the median image, None without images.
    """

    k: int
    n_images: int
    n_complete: int
    n_labels: int
    n_held: int
    interval: Interval | None = None
    median_keys: float | None = None

    @property
    def of_labels(self) -> float | None:
        """The share of the valid labels that are held; None where there are none."""
        return Share(self.n_held, self.n_labels).value

    @property
    def of_images(self) -> float | None:
        """The share of the images of which every valid label is held; None where there are none."""
        return Share(self.n_complete, self.n_images).value

    @property
    def keys(self) -> float | None:
        """Keys pressed for an image, the mean over images; None where there are none."""
        return -(-self.k // GROUP) + self.n_held / self.n_images if self.n_images else None


def valid_ranks(ranked: Ranked, valid: LabelSets) -> Ranks:
    """The place of each valid label in its image's ranking, from 1 on; 0 where it is not in it, (n_valid_labels,).

    `ranked` is (n_images, depth), best first, in the order of `valid`; a negative label ends a shorter ranking.

    >>> valid_ranks(np.array([[7, 3, 1], [2, 5, -1]]), LabelSets.from_rows(["a", "b"], [[1, 7], [4]])).tolist()
    [3, 1, 0]
    """
    rows = np.repeat(np.arange(len(valid)), valid.counts)
    is_it = ranked[rows] == valid.labels[:, None]
    return np.where(is_it.any(axis=1), is_it.argmax(axis=1) + 1, 0)


def recall_at(ranks: Ranks, valid: LabelSets, ks: Sequence[int], *, seed: int) -> list[RecallAt]:
    """Recall at each k; images without a valid label do not count."""
    image = np.repeat(np.arange(len(valid)), valid.counts)
    has_any = valid.counts > 0
    of_each = [np.bincount(image, weights=is_held(ranks, k), minlength=len(valid)).astype(np.float64) for k in ks]
    held: npt.NDArray[np.float64] = np.stack(of_each, axis=1)[has_any]
    n_valid = valid.counts[has_any]
    intervals = _intervals(held, n_valid, seed)
    return [
        RecallAt(k, len(n_valid), int((of_k == n_valid).sum()), int(n_valid.sum()), int(of_k.sum()), interval, median_keys(of_k, k))
        for k, of_k, interval in zip(ks, held.T, intervals, strict=True)
    ]


def median_keys(n_held: npt.NDArray[np.floating], k: int) -> float | None:
    """The median keys for images with k candidates of which `n_held` (n_images,) are valid; None without images.

    >>> median_keys(np.array([1.0, 1.0, 4.0]), 20)
    5.0
    """
    return -(-k // GROUP) + float(np.median(n_held)) if len(n_held) else None


def by_label_count(ranks: Ranks, valid: LabelSets, k: int) -> dict[int, Share]:
    """How many of the valid labels are among the first k, by the image's number of them."""
    counts = np.repeat(valid.counts, valid.counts)
    return {int(n): Share(int(is_held(ranks[counts == n], k).sum()), int((counts == n).sum())) for n in np.unique(counts)}


def by_class(ranks: Ranks, valid: LabelSets, k: int) -> dict[int, tuple[Share, Shrunk]]:
    """The same by label, with the shares shrunk towards that of all: the extreme of many classes is extreme by chance too."""
    classes, place = np.unique(valid.labels, return_inverse=True)
    n = np.bincount(place, minlength=len(classes))
    n_held = np.bincount(place, weights=is_held(ranks, k), minlength=len(classes)).astype(np.int64)
    shrunk = shrunk_shares(n_held, n)
    return {int(label): (Share(int(of), int(total)), share) for label, of, total, share in zip(classes, n_held, n, shrunk, strict=True)}


def is_held(ranks: Ranks, k: int) -> npt.NDArray[np.bool_]:
    """Whether each valid label is among the first k."""
    return (ranks > 0) & (ranks <= k)


def _intervals(held: npt.NDArray[np.float64], n_valid: npt.NDArray[np.int64], seed: int) -> list[Interval | None]:
    """Of each column's sum divided by the number of valid labels, over resampled images; of all or none, Wilson's over the images."""
    if len(n_valid) < FEWEST_TO_RESAMPLE:
        return [None] * held.shape[1]
    sums = resampled(np.column_stack([held, n_valid]), seed=seed)
    shares = held.sum(axis=0) / n_valid.sum()
    drawn = (interval_of(sums[:, column] / sums[:, -1]) for column in range(held.shape[1]))
    return [never_certain(interval, float(share), len(n_valid)) for interval, share in zip(drawn, shares, strict=True)]
