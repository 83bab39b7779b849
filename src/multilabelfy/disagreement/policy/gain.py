"""What one more visit to an image is expected to gain: the value of information, one step ahead (Raiffa & Schlaifer 1961; Howard 1966).

A *visit* is one annotator who looks at one image and answers on all of its labels. From the chances that the votes so far come to, it is
known how likely each answer of a typical annotator is, and what each would make of the chance. The gain is the expected loss before the
visit less the expected loss after it, summed over the image's labels.

The loss of a label is that of its best decision, in wrong labels: where a yes is worth a chance of t, a wrong yes costs 2t and a wrong
no 2(1 − t) (Elkan 2001), so that at t = 0.5 each wrong label costs 1. It is concave, and Bayes' rule leaves the mean chance as it is:
a gain is never negative (Jensen). One step ahead sees no gain where two more answers, but not one, would turn a decision.

People err together: a vote after n others says something new only with the chance d(n) = E(n + 1) − E(n), where E(n) = n / (1 + ρ(n − 1))
is what n votes are worth (Kish 1965), as in the method `posterior`.
"""

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.consensus.posterior import TYPICAL, Posterior
from multilabelfy.disagreement.questions import Ints, Questions
from multilabelfy.statistics.logistic import sigmoid

Floats = npt.NDArray[np.float64]


def gain_of_vote(log_odds: Floats, n_votes: Ints, confusion: Floats, *, correlation: float, threshold: float = 0.5) -> Floats:
    """The expected gain of one more vote on each question, (n_questions,), in wrong labels; never negative.

    `log_odds` and `n_votes` (n_questions,) are what is known now; `confusion` (2, 3) the chances of no, maybe and yes where a label is not
    valid, and where it is, of whoever answers.

    >>> perfect = np.array([[1 - 2e-9, 1e-9, 1e-9], [1e-9, 1e-9, 1 - 2e-9]])
    >>> gain_of_vote(np.array([0.0, 30.0]), np.array([0, 0]), perfect, correlation=0.0).round(3).tolist()
    [0.5, 0.0]
    """
    valid = sigmoid(log_odds)[:, np.newaxis]
    answers = valid * confusion[1] + (1 - valid) * confusion[0]
    after = sigmoid(log_odds[:, np.newaxis] + np.log(confusion[1]) - np.log(confusion[0]))
    expected = (answers * loss(after, threshold)).sum(axis=1)
    return np.asarray(worth_of_next(n_votes, correlation) * np.maximum(loss(valid[:, 0], threshold) - expected, 0.0))


def loss(chance: Floats, threshold: float = 0.5) -> Floats:
    """The expected loss of the best decision on each label.

    >>> loss(np.array([0.0, 0.3, 0.5, 0.9])).round(3).tolist()
    [0.0, 0.3, 0.5, 0.1]
    """
    return np.asarray(2 * np.minimum(chance * (1 - threshold), (1 - chance) * threshold), dtype=np.float64)


def expected_wrong(chance: Floats, threshold: float = 0.5) -> Floats:
    """How likely each label is to be wrong if it is taken as valid from a chance of `threshold` on.

    >>> expected_wrong(np.array([0.3, 0.7, 0.9]), 0.8).round(3).tolist()
    [0.3, 0.7, 0.1]
    """
    return np.asarray(np.where(chance >= threshold, 1 - chance, chance), dtype=np.float64)


def worth_of_next(n_votes: Ints, correlation: float) -> Floats:
    """How much of an independent vote the next one is, after `n_votes` whose errors have this correlation.

    >>> worth_of_next(np.array([0, 1, 4]), 0.1).round(3).tolist(), worth_of_next(np.array([7]), 0.0).tolist()
    ([1.0, 0.818, 0.495], [1.0])
    """
    rho = min(max(correlation, 0.0), 1.0)
    n = np.asarray(n_votes, dtype=np.float64)
    worth = (n + 1) / (1 + rho * n) - n / (1 + rho * np.maximum(n - 1, 0))
    return np.asarray(np.maximum(worth, 0.0), dtype=np.float64)  # where all err alike, rounding may leave a little less


def expected_seconds(n_visits: Ints, seconds: Floats) -> Floats:
    """How long one more visit is expected to take, (n_images,): the mean of the image's visits and of one mean visit of all images.

    `seconds` (n_images,) are those of the `n_visits` so far. Where no time was measured, each visit counts one second.

    >>> expected_seconds(np.array([2, 0, 2]), np.array([20.0, 0.0, 60.0])).round(2).tolist()
    [13.33, 20.0, 26.67]
    """
    total = float(seconds.sum())
    mean = total / int(n_visits.sum()) if total > 0 else 1.0
    return np.asarray((seconds + mean) / (n_visits + 1) if total > 0 else np.ones(len(n_visits)), dtype=np.float64)


def typical_annotator(questions: Questions, fitted: Posterior) -> Floats:
    """How the annotator of a mean vote answers, (2, 3): all confusion matrices, weighed by their numbers of votes.

    Without votes it is what the fit assumes of everybody.
    """
    n_votes = np.bincount(questions.rater, minlength=questions.n_raters)
    if not n_votes.sum():
        return TYPICAL
    return np.asarray(np.average(fitted.confusion, axis=0, weights=n_votes), dtype=np.float64)
