"""The share of valid labels that people found by search: what the candidates missed and somebody saw.

It is a share of the valid labels that are known. Those that neither a model proposed nor a person found are in no count; how many there are
at least, `evaluation.labels.beyond_candidates` bounds from below.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.model import LabelSets
from multilabelfy.statistics.intervals import Interval, interval_of, never_certain
from multilabelfy.statistics.resampling import FEWEST_TO_RESAMPLE, resampled


@dataclass(frozen=True, slots=True)
class FoundBySearch:
    """`n_found` of the `n_labels` valid labels of `n_images` images were not among the candidates.

    `interval` is of their share, over resampled images: labels of one image are not independent. None for fewer than ten images.
    """

    n_images: int
    n_labels: int
    n_found: int
    interval: Interval | None

    @property
    def share(self) -> float:
        """Of the valid labels, from 0 to 1."""
        return self.n_found / self.n_labels


def found_by_search(
    valid: LabelSets, is_found: npt.NDArray[np.bool_], was_asked: npt.NDArray[np.bool_], *, seed: int
) -> FoundBySearch | None:
    """Count over the images that people were asked about, `was_asked` (n_images,), and that have a valid label; None if there are none.

    `is_found` says of each valid label, in the order of `valid` (n_labels_in_total,), whether somebody searched for it.
    """
    image = np.repeat(np.arange(len(valid)), valid.counts)
    rows = was_asked & (valid.counts > 0)
    if not rows.any():
        return None
    n_found = np.bincount(image[is_found], minlength=len(valid))[rows]
    n_valid = valid.counts[rows]
    return FoundBySearch(len(n_valid), int(n_valid.sum()), int(n_found.sum()), _interval(n_found, n_valid, seed))


def _interval(n_found: npt.NDArray[np.int64], n_valid: npt.NDArray[np.int64], seed: int) -> Interval | None:
    """Over resampled images; of all or none, Wilson's over the images."""
    if len(n_valid) < FEWEST_TO_RESAMPLE:
        return None
    sums = resampled(np.column_stack([n_found, n_valid]), seed=seed)
    return never_certain(interval_of(sums[:, 0] / sums[:, 1]), float(n_found.sum() / n_valid.sum()), len(n_valid))
