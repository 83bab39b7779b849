"""Measures that need a model's scores, not its ranking alone: mean average precision and subset accuracy, each with its 95% interval.

The interval of an average precision is the infinitesimal jackknife's over images (Jaeckel 1972; Efron 1982): how much the value changes
with the weight of each image gives its standard error at once, where a bootstrap would sort every column a thousand times.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.measures.model import Rankings, ScoredImages
from multilabelfy.proposals.ranking import top_k
from multilabelfy.statistics.intervals import Z_95, Interval, wilson

Floats = npt.NDArray[np.floating]
Counts = npt.NDArray[np.int64]

THRESHOLD = 0.5
LABELS_AT_ONCE, IMAGES_AT_ONCE = 32, 256
"""Columns are brought together in memory in tiles that fit into a processor's cache: turning a wide table at once waits for memory."""


@dataclass(frozen=True, slots=True)
class ScoreMeasures:
    """`mean_average_precision` over the labels that any image has; `subset_accuracy` at `threshold`. None where not defined."""

    mean_average_precision: float | None
    mean_average_precision_interval: Interval | None
    subset_accuracy: float | None
    subset_accuracy_interval: Interval | None
    threshold: float
    n_labels: int


@dataclass(frozen=True, slots=True)
class AveragePrecisions:
    """The average precision and its standard error, per label, (n_labels,) (NaN for a label that no image has), and for their mean."""

    of_label: npt.NDArray[np.float64]
    errors: npt.NDArray[np.float64]
    error_of_mean: float

    @property
    def mean(self) -> float | None:
        """The mean over the labels that any image has."""
        defined = self.of_label[np.isfinite(self.of_label)]
        return float(defined.mean()) if defined.size else None

    def interval(self, label: int) -> Interval | None:
        """The interval of one label's average precision."""
        return _interval(float(self.of_label[label]), float(self.errors[label])) if np.isfinite(self.of_label[label]) else None

    @property
    def interval_of_mean(self) -> Interval | None:
        """The interval of `mean`."""
        return None if self.mean is None else _interval(self.mean, self.error_of_mean)


def score_measures(sets: LabelSets, scores: Floats) -> ScoreMeasures:
    """Both measures of one model; `scores` are (n_images, n_labels) in the order of the sets."""
    return measures_of(sets, scores, average_precisions(sets, scores))[0]


def measures_of(
    sets: LabelSets, scores: Floats, precisions: AveragePrecisions, threshold: float = THRESHOLD
) -> tuple[ScoreMeasures, npt.NDArray[np.bool_]]:
    """Like `score_measures`, from known average precisions and `exactly_named`."""
    exact = exactly_named(sets, scores, threshold)
    n_right, n = int(exact.sum()), len(sets)
    return ScoreMeasures(
        mean_average_precision=precisions.mean,
        mean_average_precision_interval=precisions.interval_of_mean,
        subset_accuracy=n_right / n if n else None,
        subset_accuracy_interval=wilson(n_right, n),
        threshold=threshold,
        n_labels=int(np.isfinite(precisions.of_label).sum()),
    ), exact


def average_precisions(sets: LabelSets, scores: Floats) -> AveragePrecisions:
    """The average precision of each label over all images.

    The mean, over the images that have the label, of the precision among all images that score at least as high: equal scores stand and
    fall together, so that no order of the rows matters.

    >>> sets = LabelSets.from_rows(["a", "b", "c"], [[0], [], [0]])
    >>> average_precisions(sets, np.array([[0.9], [0.5], [0.1]])).of_label.round(4).tolist()
    [0.8333]
    """
    n_labels = scores.shape[1]
    precisions, errors = np.full(n_labels, np.nan), np.full(n_labels, np.nan)
    changes = np.zeros(len(sets))
    having = _images_by_label(sets, n_labels)
    for start in range(0, n_labels, LABELS_AT_ONCE):
        for label, column in enumerate(_columns(scores, start), start=start):
            if having[label].size:
                precisions[label], change = _average_precision(column, having[label])
                errors[label] = np.sqrt((change**2).sum())
                changes += change
    return AveragePrecisions(precisions, errors, float(np.sqrt((changes**2).sum())) / max(1, int(np.isfinite(precisions).sum())))


def exactly_named(sets: LabelSets, scores: Floats, threshold: float = THRESHOLD) -> npt.NDArray[np.bool_]:
    """Whether the labels with a score of at least `threshold` are exactly the set, (n_images,); an empty set is right where none has."""
    n_named = np.count_nonzero(scores >= threshold, axis=1)
    images = np.repeat(np.arange(len(sets)), sets.counts)
    n_right = np.bincount(images, weights=scores[images, sets.labels] >= threshold, minlength=len(sets))
    return np.asarray((n_named == sets.counts) & (n_right == sets.counts))


def _images_by_label(sets: LabelSets, n_labels: int) -> list[Counts]:
    """The images that have each label."""
    images, order = np.repeat(np.arange(len(sets)), sets.counts), np.argsort(sets.labels, kind="stable")
    return np.split(images[order], np.searchsorted(sets.labels[order], np.arange(1, n_labels)))


def _columns(scores: Floats, start: int) -> Floats:
    """The columns from `start` on as contiguous rows, (≤ LABELS_AT_ONCE, n_images)."""
    wanted = scores[:, start : start + LABELS_AT_ONCE]
    turned = np.empty(wanted.T.shape, dtype=scores.dtype)
    for row in range(0, len(scores), IMAGES_AT_ONCE):
        turned[:, row : row + IMAGES_AT_ONCE] = wanted[row : row + IMAGES_AT_ONCE].T
    return turned


def _average_precision(column: Floats, having: Counts) -> tuple[float, npt.NDArray[np.float64]]:
    """One label's average precision, and how it changes with the weight of each image, (n_images,); these changes sum to 0.

    With c of the images that have the label, and r of all, scoring at least as high as one that has it, that one's precision is c / r. More
    weight of an image adds to r, and to c if it has the label, wherever it scores at least as high.
    """
    order, mine = np.argsort(column), np.sort(column[having])
    n, reached_by = len(mine), np.searchsorted(column[order], mine, side="left")  # from this place on, all score at least as high
    c, r = n - np.searchsorted(mine, mine, side="left"), len(column) - reached_by
    precision = c / r
    value = float(precision.mean())
    steps = np.diff(reached_by, prepend=0, append=len(column))
    change = np.empty(len(column))
    change[order] = np.repeat(_summed(-precision / r / n), steps)
    place = np.searchsorted(mine, column[having], side="right")
    change[having] += _summed(1 / r / n)[place] + (precision[place - 1] - value) / n
    return value, change


def _summed(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The sums of the first 0, 1, … values."""
    return np.concatenate([[0.0], np.cumsum(values)])


def _interval(value: float, error: float) -> Interval:
    return Interval(max(0.0, value - Z_95 * error), min(1.0, value + Z_95 * error))


RANKED_AT_ONCE = 250
"""So few rows of scores stay in a processor's cache while they are looked through again and again."""


def ranked_from_scores(scored: ScoredImages, n_ranks: int) -> Rankings:
    """The first `n_ranks` labels of each image (all of them where there are fewer labels), as the rankings of one model,
    with their scores."""
    starts = range(0, len(scored.scores), RANKED_AT_ONCE)
    best = [top_k(scored.scores[start : start + RANKED_AT_ONCE], n_ranks) for start in starts]
    ranked, scores = (np.concatenate(part)[np.newaxis] for part in zip(*best, strict=True))
    return Rankings((scored.model,), ranked, scored.images, scores)
