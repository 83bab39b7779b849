"""The chance that a label is valid, without the votes of those who are to be judged by it: nobody confirms themselves.

From a fit of the method `posterior`: its log-odds without the weight of these votes. The others count in full, not tempered as for labels:
tempered chances are more modest than shares of valid labels, and whoever is judged by them seems better than they are. What the same
people said of the image's other labels stays in the prior: it weighs little.
"""

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.consensus.posterior import Posterior
from multilabelfy.disagreement.questions import Ints, Questions
from multilabelfy.statistics.logistic import sigmoid

Floats = npt.NDArray[np.float64]


def chance_without_own(questions: Questions, fitted: Posterior) -> Floats:
    """For each vote, (n_votes,), the chance of its label by everything but this vote."""
    weight = _weights(questions, fitted)
    known = fitted.prior + fitted.known
    return _chance(questions, fitted, known, questions.question, weight, n_left_out=1)


def chance_without_both(questions: Questions, fitted: Posterior, first: Ints, second: Ints) -> Floats:
    """For each pair of votes on one question, (n_pairs,) places of votes each, the chance by everything but these two, and but gold.

    Experts decide what two dispute: what they say is known of labels on which the two do not agree, which would make all pairs seem to
    agree less than they do.
    """
    weight = _weights(questions, fitted)
    both = weight[first] + weight[second]
    return _chance(questions, fitted, fitted.prior, questions.question[first], both, n_left_out=2)


def n_others(questions: Questions) -> Ints:
    """For each vote, (n_votes,), how many others voted on the question."""
    return np.bincount(questions.question, minlength=len(questions))[questions.question] - 1


def _weights(questions: Questions, fitted: Posterior) -> Floats:
    confusion = np.log(fitted.confusion)
    return np.asarray((confusion[:, 1] - confusion[:, 0])[questions.rater, questions.vote])


def _chance(questions: Questions, fitted: Posterior, known: Floats, question: Ints, left_out: Floats, n_left_out: int) -> Floats:
    weight = _weights(questions, fitted)
    total = np.bincount(questions.question, weights=weight, minlength=len(questions))
    n_left = np.bincount(questions.question, minlength=len(questions))[question] - n_left_out
    return sigmoid(known[question] + np.where(n_left > 0, total[question] - left_out, 0.0))
