"""What else speaks for or against each label than the votes on it: the image's other labels, what models rank first, the given label.

Each function returns features of the questions, (n_questions, n_features); a prior learns their weights (`posterior`).
"""

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.questions import Ints, Questions

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.integer] | Floats
FIRST_RANKS = 5
HALF = 0.5


def of_other_labels(questions: Questions) -> Floats:
    """What people said of the image's other labels, from raw votes: taken from the method's own posteriors it would confirm itself.

    Four columns: their mean votes (a maybe is half a yes) summed, the greatest, whether nobody said yes or maybe to any of them (most
    images have some label), and log(labels asked). A label alone on its image has 0, 0, 1, 0.
    """
    counts = questions.counts()
    share = (counts[:, 2] + HALF * counts[:, 1]) / np.maximum(counts.sum(axis=1), 1)
    total = np.bincount(questions.image, weights=share, minlength=questions.n_images)[questions.image] - share
    asked = np.bincount(questions.image, minlength=questions.n_images)[questions.image]
    greatest = greatest_of_others(questions.image, share)
    return np.column_stack([total, greatest, greatest == 0, np.log(asked)])


def greatest_of_others(image: Ints, value: Floats) -> Floats:
    """For each row the greatest value among the image's other rows, (n,); 0 where there is no other.

    >>> greatest_of_others(np.array([0, 0, 0, 1]), np.array([0.2, 0.9, 0.5, 0.7])).tolist()
    [0.9, 0.5, 0.9, 0.0]
    """
    order = np.lexsort((-value, image))
    by_image = image[order]
    opens = np.ones(len(order), dtype=bool)
    opens[1:] = by_image[1:] != by_image[:-1]
    first = np.maximum.accumulate(np.where(opens, np.arange(len(order)), 0))
    has_second = np.append(~opens[1:], False)
    second = np.zeros(len(order))
    second[opens] = np.where(has_second[opens], value[order[np.minimum(np.flatnonzero(opens) + 1, len(order) - 1)]], 0.0)
    greatest = np.empty(len(order))
    greatest[order] = np.where(opens, second, value[order[first]])
    return greatest


def of_models(rank: npt.NDArray[np.integer]) -> Floats:
    """From each model's rank of each label, (n_models, n_questions): 1 for its first, 0 for a label that is not among its first five.

    How far the models agree on it (`of_agreement`), and each model's own reciprocal rank, so that the better models can count for more.
    """
    shown = np.where((rank > 0) & (rank <= FIRST_RANKS), rank, 0)
    reciprocal = np.where(shown > 0, 1.0 / np.maximum(shown, 1), 0.0)
    agreement = of_agreement((shown == 1).sum(axis=0), (shown > 0).sum(axis=0), reciprocal.sum(axis=0), len(rank))
    return np.column_stack([agreement, reciprocal.T])


def of_agreement(n_first: Numbers, n_among: Numbers, reciprocal: Floats, n_models: int) -> Floats:
    """From how many models have each label first and among their first five, and the sum of their reciprocal ranks there, (n_labels,) each.

    Five columns: the share of models that have the label first, and among five; the mean of the reciprocal ranks; and the log-odds of both
    shares, with half a model more on either side.
    """
    odds = [np.log((n + HALF) / (n_models - n + HALF)) for n in (n_first, n_among)]
    return np.column_stack([n_first / n_models, n_among / n_models, reciprocal / n_models, *odds])


def of_given_label(is_given: npt.NDArray[np.bool_]) -> Floats:
    """Whether each label is the one that the image came with, (n_questions, 1). It is circular where given labels are being audited."""
    return is_given.astype(np.float64)[:, np.newaxis]
