"""The posterior of votes, fitted from its definition (docs/disagreement.md) until no chance moves by more than a millionth."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from tests.recomputed.figures import Floats

Ints = npt.NDArray[np.int64]
TYPICAL = np.array([[0.90, 0.06, 0.04], [0.15, 0.15, 0.70]])
SHRINKAGE, TYPICAL_VOTES, RIDGE, GOLD = 50, 20, 30, 0.99
START, PULL = np.log(0.3 / 0.7), 10 * 0.3 * 0.7
N_OF_VOTES = 4


@dataclass(frozen=True)
class Cast:
    """Votes, (n_votes,) each: image, label, person and answer as numbers."""

    image: Ints
    label: Ints
    person: Ints
    answer: Ints

    @property
    def keys(self) -> Ints:
        """One number for each image and label."""
        return np.asarray(self.image * (1 + int(self.label.max(initial=0))) + self.label)

    def of(self, kept: Any) -> "Cast":
        """Some of the votes."""
        return Cast(self.image[kept], self.label[kept], self.person[kept], self.answer[kept])


@dataclass(frozen=True)
class Fit:
    """Log-odds of each question, the prior's part of them, and what of this is not of the image's other labels, (n_questions,) each.

    `image` and `label` say which question it is.
    """

    image: Ints
    label: Ints
    log_odds: Floats
    prior: Floats
    beside_votes: Floats


def fitted(cast: Cast, evidence: Floats | None, decided: Floats, correlation: float = 0.1) -> Fit:
    """From votes, evidence besides them (n_questions, n), and what experts say, (n_questions,): 1, 0 or NaN. By image and label."""
    _, first, question = np.unique(cast.keys, return_index=True, return_inverse=True)
    image, n = cast.image[first], np.bincount(question)
    of_votes = _of_other_labels(cast, question, image)
    columns = _standard(of_votes if evidence is None else np.hstack([of_votes, evidence]))
    gold = np.where(np.isnan(decided), 0.0, np.where(decided == 1, 1, -1) * np.log(GOLD / (1 - GOLD)))
    people, person = np.unique(cast.person, return_inverse=True)
    typical_votes = TYPICAL_VOTES + (int((n == 1).sum()) if evidence is None else 0)
    weights = np.array([START, *np.zeros(columns.shape[1] - 1)])
    confusion = np.tile(TYPICAL, (len(people), 1, 1))
    chance = np.full(len(image), -1.0)
    for _ in range(3000):
        says = np.log(confusion[person, 1, cast.answer] / confusion[person, 0, cast.answer])
        prior = columns @ weights
        log_odds = prior + gold + np.bincount(question, weights=says) / (1 + correlation * (n - 1))
        before, chance = chance, _sigmoid(log_odds)
        if np.abs(chance - before).max() < 1e-6:
            break
        weights = _newton(columns, weights, chance)
        confusion = _confusion(person, cast.answer, chance[question], len(people), typical_votes)
    return Fit(image, cast.label[first], log_odds, prior, prior - columns[:, : 1 + N_OF_VOTES] @ weights[: 1 + N_OF_VOTES])


def _of_other_labels(cast: Cast, question: Ints, image: Ints) -> Floats:
    """Of the image's other labels: their mean votes summed, the greatest, whether nobody named any, and the logarithm of their number."""
    share = np.bincount(question, weights=cast.answer / 2) / np.bincount(question)
    rows = []
    for at, here in enumerate(image):
        others = share[(image == here) & (np.arange(len(image)) != at)]
        greatest = others.max(initial=0.0)
        rows.append([others.sum(), greatest, greatest == 0, np.log(1 + len(others))])
    return np.array(rows, dtype=np.float64)


def of_models(ranks: Floats) -> Floats:
    """From each model's rank of each label, (n_models, n_questions), 0 beyond its first five: how far they agree, and each one's own."""
    n = len(ranks)
    reciprocal = np.divide(1.0, ranks, out=np.zeros_like(ranks), where=ranks > 0)
    first, among = (ranks == 1).sum(axis=0), (ranks > 0).sum(axis=0)
    odds = [np.log((k + 0.5) / (n - k + 0.5)) for k in (first, among)]
    return np.column_stack([first / n, among / n, reciprocal.sum(axis=0) / n, *odds, reciprocal.T])


def _standard(features: Floats) -> Floats:
    """A column of ones, and the features with mean 0 and deviation 1; what does not vary is 0."""
    centred = features - features.mean(axis=0)
    deviation = centred.std(axis=0)
    return np.column_stack([np.ones(len(features)), np.where(deviation > 1e-9, centred / np.where(deviation > 1e-9, deviation, 1), 0.0)])


def _newton(columns: Floats, weights: Floats, target: Floats) -> Floats:
    """Logistic regression of chances on the columns, its weights pulled to where they began."""
    pulls, towards = np.array([PULL, *np.full(len(weights) - 1, RIDGE)]), np.array([START, *np.zeros(len(weights) - 1)])
    for _ in range(20):
        chance = _sigmoid(columns @ weights)
        slope = columns.T @ (chance - target) + pulls * (weights - towards)
        step = np.linalg.solve((columns * (chance * (1 - chance))[:, None]).T @ columns + np.diag(pulls), slope)
        weights = weights - step
        if np.abs(step).max() < 1e-10:
            break
    return weights


def _confusion(person: Ints, answer: Ints, chance: Floats, n_people: int, typical_votes: int) -> Floats:
    """Each person's answers to what is not valid and to what is, pulled towards everybody's, and these towards typical ones."""
    answers = np.zeros((n_people, 2, 3))
    for is_valid, weight in enumerate((1 - chance, chance)):
        answers[:, is_valid] = np.bincount(3 * person + answer, weights=weight, minlength=3 * n_people).reshape(-1, 3)
    everybody = answers.sum(axis=0) + typical_votes * TYPICAL
    pulled = answers + SHRINKAGE * everybody / everybody.sum(axis=1, keepdims=True)
    return np.asarray(pulled / pulled.sum(axis=2, keepdims=True))


def _sigmoid(log_odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -500, 500))))
