"""How many valid labels an image has, by the chances of its labels: none, one, or several.

Two ways. *Independent*: given the votes, labels of one image are independent of each other (the Poisson binomial distribution); what they
tell about each other is in their chances already, through the prior's features (`evidence.of_other_labels`). *By size*: how many labels
images have is a distribution of its own, fitted to the votes by expectation-maximisation, and given the size every set is as likely as what
models say of its labels makes it. Which of the two is nearer to the truth depends on the study (docs/report.md).
"""

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.questions import Ints
from multilabelfy.statistics.logistic import sigmoid

Floats = npt.NDArray[np.float64]
N_SIZES = 3
"""None, one, several."""
BEYOND_DOUBT = 35.0
"""Log-odds of 10¹⁵ to 1: what is surer counts as this sure, so that no product overflows."""
LEAST = 1e-300
PULL, TOLERANCE, MOST_ITERATIONS = 0.1, 1e-5, 500
"""By how many images each size is pulled towards being as common as others; and when the sizes have been found."""


def set_sizes(image: Ints, log_odds: Floats, n_images: int) -> Floats:
    """The chances that each image has no valid label, one, and several, (n_images, 3), its labels being independent.

    `image` and `log_odds` are (n_questions,), as in `Questions` and `Posterior`. An image without a question has none for certain.

    >>> set_sizes(np.array([0, 0, 1]), np.array([0.0, 0.0, -100.0]), 3).round(3).tolist()
    [[0.25, 0.5, 0.25], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
    """
    bounded = np.clip(log_odds, -BEYOND_DOUBT, BEYOND_DOUBT)
    none = np.exp(-np.bincount(image, weights=np.logaddexp(0, bounded), minlength=n_images))
    single = none * np.bincount(image, weights=np.exp(bounded), minlength=n_images)
    return np.column_stack([none, single, np.maximum(1 - none - single, 0.0)])


def set_sizes_by_size(image: Ints, by_votes: Floats, by_models: Floats, n_images: int) -> Floats:
    """The same, (n_images, 3), with a distribution of sizes that is fitted to all images.

    `by_votes` (n_questions,) are the log-odds that the votes on a question alone speak for, without a prior, and `by_models` those that
    models speak for (0 without models). Of images with k of m labels valid, a set S is drawn with a chance in proportion to
    exp(Σ `by_models` over S). Questions may come in any order.
    """
    fits = how_numbers_fit(image, by_votes, by_models, n_images)
    has_question = np.bincount(image, minlength=n_images) > 0
    share = shares_of_sizes(fits[has_question])
    chances = _normalised(fits * share)
    chances[~has_question] = np.arange(fits.shape[1]) == 0
    return np.column_stack([chances[:, 0], chances[:, 1:2].sum(axis=1), chances[:, 2:].sum(axis=1)])


def how_numbers_fit(image: Ints, by_votes: Floats, by_models: Floats, n_images: int) -> Floats:
    """How well each number of labels fits each image's votes, (n_images, 1 + most labels), but for a factor for each image."""
    with_votes = chances_by_number(image, by_votes + by_models, n_images)
    possible = np.arange(with_votes.shape[1]) <= np.bincount(image, minlength=n_images)[:, np.newaxis]
    return np.where(possible, with_votes / np.maximum(chances_by_number(image, by_models, n_images), LEAST), 0.0)


def shares_of_sizes(fits: Floats) -> Floats:
    """How common each number of labels is, from how well each number fits each image's votes, (n_images, 1 + most labels)."""
    share = np.full(fits.shape[1], 1 / fits.shape[1])
    for _ in range(MOST_ITERATIONS):
        before = share
        share = _normalised(_normalised(fits * before).sum(axis=0) + PULL)
        if np.abs(share - before).max() < TOLERANCE:
            break
    return share


def chances_by_number(image: Ints, log_odds: Floats, n_images: int) -> Floats:
    """The chance of each number of valid labels, (n_images, 1 + most labels), of independent ones: question by question."""
    order = np.argsort(image, kind="stable")
    chance, of = sigmoid(np.clip(log_odds, -BEYOND_DOUBT, BEYOND_DOUBT))[order], image[order]
    place = np.arange(len(of)) - np.searchsorted(of, of)
    most = int(place.max(initial=-1)) + 1
    numbers = np.zeros((n_images, 1 + most))
    numbers[:, 0] = 1
    for step in range(most):
        here = place == step
        before, valid = numbers[of[here]], chance[here, np.newaxis]
        numbers[of[here]] = before * (1 - valid)
        numbers[of[here], 1:] += before[:, :-1] * valid
    return numbers


def _normalised(values: Floats) -> Floats:
    return np.asarray(values / values.sum(axis=-1, keepdims=True), dtype=np.float64)
