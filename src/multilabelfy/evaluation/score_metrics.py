"""Measures that need a model's scores, not its ranking alone: mean average precision and subset accuracy."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.model import LabelSets

Floats = npt.NDArray[np.floating]

THRESHOLD = 0.5
LABELS_AT_ONCE, IMAGES_AT_ONCE = 32, 256
"""Columns are brought together in memory in tiles that fit into a processor's cache: turning a wide table at once waits for memory."""


@dataclass(frozen=True, slots=True)
class ScoreMeasures:
    """`mean_average_precision` over the labels that any image has; `subset_accuracy` at `threshold`. None where not defined."""

    mean_average_precision: float | None
    subset_accuracy: float | None
    threshold: float
    n_labels: int


def score_measures(sets: LabelSets, scores: Floats, threshold: float = THRESHOLD) -> ScoreMeasures:
    """Both measures of one model; `scores` are (n_images, n_labels) in the order of the sets."""
    precisions = average_precisions(sets, scores)
    defined = precisions[np.isfinite(precisions)]
    return ScoreMeasures(
        mean_average_precision=float(defined.mean()) if defined.size else None,
        subset_accuracy=subset_accuracy(sets, scores, threshold),
        threshold=threshold,
        n_labels=int(defined.size),
    )


def average_precisions(sets: LabelSets, scores: Floats) -> npt.NDArray[np.float64]:
    """The average precision of each label over all images, (n_labels,); NaN for a label that no image has.

    The mean, over the images that have the label, of the precision among all images that score at least as high: equal scores stand and
    fall together, so that no order of the rows matters.

    >>> sets = LabelSets.from_rows(["a", "b", "c"], [[0], [], [0]])
    >>> average_precisions(sets, np.array([[0.9], [0.5], [0.1]])).round(4).tolist()
    [0.8333]
    """
    found = np.full(scores.shape[1], np.nan)
    images = np.repeat(np.arange(len(sets)), sets.counts)
    order = np.argsort(sets.labels, kind="stable")
    ends = np.searchsorted(sets.labels[order], np.arange(scores.shape[1] + 1))
    for start in range(0, scores.shape[1], LABELS_AT_ONCE):
        for label, column in enumerate(_columns(scores, start), start=start):
            having = images[order[ends[label] : ends[label + 1]]]
            if having.size:
                found[label] = _average_precision(np.sort(column), np.sort(column[having]))
    return found


def subset_accuracy(sets: LabelSets, scores: Floats, threshold: float = THRESHOLD) -> float | None:
    """The share of images whose labels with a score of at least `threshold` are exactly the set; an empty set is right where none has."""
    if not len(sets):
        return None
    n_named = (scores >= threshold).sum(axis=1)
    images = np.repeat(np.arange(len(sets)), sets.counts)
    n_right = np.bincount(images, weights=scores[images, sets.labels] >= threshold, minlength=len(sets))
    return float(((n_named == sets.counts) & (n_right == sets.counts)).mean())


def _columns(scores: Floats, start: int) -> Floats:
    """The columns from `start` on as contiguous rows, (≤ LABELS_AT_ONCE, n_images)."""
    wanted = scores[:, start : start + LABELS_AT_ONCE]
    turned = np.empty(wanted.T.shape, dtype=scores.dtype)
    for row in range(0, len(scores), IMAGES_AT_ONCE):
        turned[:, row : row + IMAGES_AT_ONCE] = wanted[row : row + IMAGES_AT_ONCE].T
    return turned


def _average_precision(of_all: Floats, of_having: Floats) -> float:
    """From the sorted scores of all images, and of those that have the label."""
    at_least = len(of_all) - np.searchsorted(of_all, of_having, side="left")
    having_at_least = len(of_having) - np.searchsorted(of_having, of_having, side="left")
    return float((having_at_least / at_least).mean())
