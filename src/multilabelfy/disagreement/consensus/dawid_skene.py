"""Weigh raters by how reliable they turn out: Dawid & Skene (1979) with two latent classes (valid, not valid), three answers (no, maybe,
yes) and one confusion matrix a rater, fitted by expectation-maximisation.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.consensus.vote_matrix import VoteMatrix
from multilabelfy.disagreement.questions import Questions

Floats = npt.NDArray[np.float64]
PRIOR = np.array([[0.8, 0.1, 0.1], [0.1, 0.1, 0.8]])
"""As if each rater had judged one label of each class before, better than by chance (our choice): with few votes nobody becomes infallible,
and the two classes cannot swap."""
YES = 2
TOLERANCE, MOST_ITERATIONS = 1e-3, 200


@dataclass(frozen=True)
class DawidSkene:
    """A fit. `log_odds` (n_questions,) are of valid against not valid; `prevalence` is the share of valid labels among the questions.

    `confusion` (n_raters, 2, 3) holds the chances of no, maybe and yes where a label is not valid, and where it is.
    """

    log_odds: Floats
    confusion: Floats
    prevalence: float
    n_iterations: int

    @property
    def score(self) -> Floats:
        """The chance that each label is valid, (n_questions,)."""
        return _sigmoid(self.log_odds)


def fit(questions: Questions) -> DawidSkene:
    """Start from each question's share of yes and stop when no chance moves by more than TOLERANCE. Deterministic."""
    counts = questions.counts()
    valid = np.clip(counts[:, YES] / np.maximum(counts.sum(axis=1), 1), 0.01, 0.99)
    n_iterations, moved = 0, np.inf
    votes = VoteMatrix(questions)
    of_all = votes.summed_by_answer(np.ones(len(questions)))
    while moved > TOLERANCE and n_iterations < MOST_ITERATIONS:
        confusion, prevalence = _estimate(votes, of_all, valid)
        log_odds = _weigh(votes, confusion, prevalence)
        moved = float(np.abs(_sigmoid(log_odds) - valid).max(initial=0.0))
        valid, n_iterations = _sigmoid(log_odds), n_iterations + 1
    return DawidSkene(log_odds, confusion, prevalence, n_iterations)


def _estimate(votes: VoteMatrix, of_all: Floats, valid: Floats) -> tuple[Floats, float]:
    """The M step: confusion matrices and prevalence, given each label's chance of being valid."""
    of_valid = votes.summed_by_answer(valid)
    answers = np.stack([of_all - of_valid, of_valid], axis=1) + PRIOR
    return answers / answers.sum(axis=2, keepdims=True), float((valid.sum() + 1) / (len(valid) + 2))


def _weigh(votes: VoteMatrix, confusion: Floats, prevalence: float) -> Floats:
    """The E step: each question's log odds, given how raters answer."""
    evidence = votes.summed_by_question(np.log(confusion[:, 1]) - np.log(confusion[:, 0]))
    return np.asarray(np.log(prevalence) - np.log1p(-prevalence) + evidence, dtype=np.float64)


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -700, 700))), dtype=np.float64)
