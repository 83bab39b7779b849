"""How often somebody says no, maybe and yes where a label is valid, and where it is not, with intervals: each annotator's confusion matrix.

Truth is known only as a chance *p*, by everything but the vote itself (`leaving_out`). A vote *v* then has the likelihood
p·π(1, v) + (1 − p)·π(0, v), a mixture with known weights, whose maximum EM finds (Dawid & Skene 1979, one annotator at a time, the others
kept). Intervals come from the information that is left when truth is not known for sure (Louis 1982), widened where an image's labels
are answered alike (the sandwich of Huber 1967, by image), and are Wilson's for as many votes as that information is worth.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.questions import N_ANSWERS, Ints
from multilabelfy.statistics.intervals import Interval, Measured, wilson_of_share

Floats = npt.NDArray[np.float64]
YES = 2
MOST_ITERATIONS, TOLERANCE = 100, 1e-4
PULL = 1.0
"""By so many votes in each class an annotator's rates are pulled towards everybody's, so that what was never asked is not impossible."""
FEWEST_IN_CLASS = 5
"""Of fewer labels that are probably valid, or probably not, rates say nothing."""


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """One annotator's answers where labels are not valid and where they are: `answers[0]` and `answers[1]`, each no, maybe, yes.

    `n_votes` is their number, `n_valid` how many of their labels are valid (expected); `yes_where_valid` and `yes_elsewhere` are expected
    numbers of yes. `informedness` is sensitivity + specificity − 1 (Youden 1950): 0 if votes say nothing of the label (Raykar & Yu's
    spammer, 2012), 1 without errors; `error` is its standard error, None where votes are too few to tell.
    """

    answers: tuple[tuple[Measured, ...], tuple[Measured, ...]]
    n_votes: int
    n_valid: float
    yes_where_valid: float
    yes_elsewhere: float
    informedness: float | None
    error: float | None

    @property
    def sensitivity(self) -> Measured:
        """The share of valid labels that get a yes; a maybe is not a yes."""
        return self.answers[1][YES]

    @property
    def specificity(self) -> Measured:
        """The share of labels that are not valid and get no yes."""
        false_yes = self.answers[0][YES]
        if false_yes.value is None:
            return Measured(None)
        ends = false_yes.interval
        return Measured(1 - false_yes.value, ends and Interval(1 - ends.high, 1 - ends.low))


@dataclass(frozen=True)
class RaterVotes:
    """Votes as columns, (n_votes,) each: by whom, of which image, which answer, and the chance that the label is valid without it."""

    rater: Ints
    image: Ints
    vote: Ints
    chance: Floats
    n_raters: int


def error_rates(votes: RaterVotes) -> list[ErrorRates]:
    """Each rater's rates, by code."""
    confusion = fitted_confusion(votes)
    order = np.argsort(votes.rater, kind="stable")
    ends = np.cumsum(np.bincount(votes.rater, minlength=votes.n_raters))
    places = np.split(order, ends[:-1]) if votes.n_raters else []
    return [_of_one(votes, of, confusion[rater]) for rater, of in enumerate(places)]


def fitted_confusion(votes: RaterVotes, pull: float = PULL, most_iterations: int = MOST_ITERATIONS) -> Floats:
    """The chances of no, maybe and yes in each class, (n_raters, 2, 3), pulled towards everybody's; of who never voted, everybody's."""
    cell, n_cells = votes.rater * N_ANSWERS + votes.vote, votes.n_raters * N_ANSWERS
    given = np.bincount(cell, minlength=n_cells).astype(np.float64)
    valid, moved, n_iterations = votes.chance, np.inf, 0
    confusion = np.zeros((votes.n_raters, 2, N_ANSWERS))
    while moved > TOLERANCE and n_iterations < most_iterations:
        where_valid = np.bincount(cell, weights=valid, minlength=n_cells)
        answers = np.stack([given - where_valid, where_valid]).reshape(2, votes.n_raters, N_ANSWERS).swapaxes(0, 1)
        everybody = _shares(answers.sum(axis=0) + 1 / N_ANSWERS)
        renewed = _shares(np.maximum(answers, 0) + pull * everybody)
        moved = float(np.abs(renewed - confusion).max(initial=0.0))
        confusion, n_iterations = renewed, n_iterations + 1
        at = confusion[votes.rater, :, votes.vote]
        yes = votes.chance * at[:, 1]
        valid = yes / (yes + (1 - votes.chance) * at[:, 0])
    return confusion


def _of_one(votes: RaterVotes, of: Ints, confusion: Floats) -> ErrorRates:
    chance, vote, image = votes.chance[of], votes.vote[of], votes.image[of]
    n_valid = float(chance.sum())
    said_yes = vote == YES
    counts = (len(of), n_valid, float(chance[said_yes].sum()), float((1 - chance[said_yes]).sum()))
    if min(n_valid, len(of) - n_valid) < FEWEST_IN_CLASS:
        nothing = (Measured(None),) * N_ANSWERS
        return ErrorRates((nothing, nothing), *counts, None, None)
    covariances = [_covariance(chance, vote == answer, image, confusion[:, answer]) for answer in range(N_ANSWERS)]
    sizes = (len(of) - n_valid, n_valid)
    rows = [
        tuple(_measured(float(confusion[where, answer]), covariances[answer][where, where], sizes[where]) for answer in range(N_ANSWERS))
        for where in (0, 1)
    ]
    of_yes = covariances[YES]
    error = sqrt(max(float(of_yes[0, 0] + of_yes[1, 1] - 2 * of_yes[0, 1]), 0.0))
    return ErrorRates((rows[0], rows[1]), *counts, float(confusion[1, YES] - confusion[0, YES]), error)


def _covariance(chance: Floats, given: npt.NDArray[np.bool_], image: Ints, rates: Floats) -> Floats:
    """The covariance (2, 2) of the rates of one answer, where not valid and where valid."""
    weights = np.stack([1 - chance, chance], axis=1)
    sizes = weights.sum(axis=0)
    rates = np.clip(rates, 0.5 / (sizes + 1), 1 - 0.5 / (sizes + 1))
    expected = weights @ rates
    spread = expected * (1 - expected)
    information = weights.T @ (weights / spread[:, np.newaxis])
    bread = np.linalg.pinv(information)
    scores = weights * ((given - expected) / spread)[:, np.newaxis]
    _, cluster = np.unique(image, return_inverse=True)
    by_image = np.stack([np.bincount(cluster, weights=column) for column in scores.T], axis=1)
    sandwich = bread @ (by_image.T @ by_image) @ bread
    return np.asarray(bread if np.trace(bread) > np.trace(sandwich) else sandwich)


def _measured(rate: float, variance: float, size: float) -> Measured:
    inside = min(max(rate, 0.5 / (size + 1)), 1 - 0.5 / (size + 1))
    worth = min(inside * (1 - inside) / max(variance, 1e-12), size)
    return Measured(rate, wilson_of_share(rate, worth))


def _shares(answers: Floats) -> Floats:
    return np.asarray(answers / answers.sum(axis=-1, keepdims=True))
