"""Weigh raters by one number each, how often they are right: the one-coin model (Dawid & Skene 1979, with a single error rate a rater).

Two classes (valid, not valid). A rater's maybe says nothing; a yes and a no are right with the same chance. It needs fewer votes
a rater than a confusion matrix, and cannot see that somebody says yes too easily.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.questions import Questions
from multilabelfy.statistics.logistic import log_odds_of, sigmoid

Floats = npt.NDArray[np.float64]
RIGHT, WRONG = 4.0, 1.0
"""As if each rater had been right on four labels and wrong on one before (our choice)."""
TOLERANCE, MOST_ITERATIONS = 1e-3, 200


@dataclass(frozen=True)
class OneCoin:
    """A fit: `log_odds` (n_questions,) of valid against not valid, and each rater's chance of being right, `accuracy` (n_raters,)."""

    log_odds: Floats
    accuracy: Floats
    n_iterations: int

    @property
    def score(self) -> Floats:
        """The chance that each label is valid, (n_questions,)."""
        return sigmoid(self.log_odds)


def fit(questions: Questions) -> OneCoin:
    """Start from each question's share of yes and stop when no chance moves by more than TOLERANCE. Deterministic."""
    sign: Floats = np.asarray(questions.vote - 1, dtype=np.float64)
    n_yes, n_clear = _sums(questions, sign > 0), _sums(questions, sign != 0)
    chance: Floats = np.asarray((n_yes + 0.5) / (n_clear + 1), dtype=np.float64)
    moved, n_iterations = np.inf, 0
    while moved > TOLERANCE and n_iterations < MOST_ITERATIONS:
        accuracy = _accuracy(questions, sign, chance)
        prevalence = np.asarray((chance.sum() + 1) / (len(chance) + 2))
        log_odds = log_odds_of(prevalence) + _sums(questions, sign * log_odds_of(accuracy)[questions.rater])
        moved = float(np.abs(sigmoid(log_odds) - chance).max(initial=0.0))
        chance, n_iterations = sigmoid(log_odds), n_iterations + 1
    return OneCoin(log_odds, accuracy, n_iterations)


def _accuracy(questions: Questions, sign: Floats, chance: Floats) -> Floats:
    """How often each rater's yes and no are right, given each label's chance of being valid."""
    valid = chance[questions.question]
    right = np.where(sign > 0, valid, np.where(sign < 0, 1 - valid, 0.0))
    n_right = np.bincount(questions.rater, weights=right, minlength=questions.n_raters) + RIGHT
    n_clear = np.bincount(questions.rater, weights=(sign != 0).astype(np.float64), minlength=questions.n_raters)
    return np.asarray(n_right / (n_clear + RIGHT + WRONG), dtype=np.float64)


def _sums(questions: Questions, weights: npt.NDArray[np.generic]) -> Floats:
    return np.bincount(questions.question, weights=weights.astype(np.float64), minlength=len(questions)).astype(np.float64)
