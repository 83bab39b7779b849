"""Logistic regression on soft targets with a ridge penalty, by Newton's method (McCullagh & Nelder 1989): chances from features."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
CONSTANT = 1e-9
ENOUGH_ROWS = 20_000
MOST_STEPS = 50
CLOSE = 1e-6


@dataclass(frozen=True)
class Design:
    """Features of mean 0 and deviation 1 behind a column of ones, (n, 1 + n_features).

    Each weight is pulled by a ridge penalty towards its value in `weights`, (1 + n_features,): 0 but for the intercept.
    """

    columns: Floats
    weights: Floats
    penalties: Floats

    def log_odds(self, weights: Floats) -> Floats:
        """What the weights say of each row, (n,)."""
        return np.asarray(self.columns @ weights, dtype=np.float64)


def design(features: Floats, penalty: float, intercept: float = 0.0, pull: float = 1.0) -> Design:
    """From (n, n_features), the penalty of their weights, and where and how far the intercept is pulled.

    What is not finite says nothing and becomes the mean; a constant feature becomes 0.

    >>> design(np.array([[1.0, 5.0], [3.0, 5.0], [np.nan, 5.0]]), 1.0).columns.round(2).tolist()
    [[1.0, -1.22, 0.0], [1.0, 1.22, 0.0], [1.0, 0.0, 0.0]]
    """
    columns = np.ones((len(features), 1 + features.shape[1]))
    columns[:, 1:] = features
    for column in columns.T[1:]:
        _standardise(column)
    others = features.shape[1]
    return Design(columns, np.array([intercept, *([0.0] * others)]), np.array([pull, *([penalty] * others)]))


def curvature(of: Design, weights: Floats) -> Floats:
    """The Hessian of the penalised loss at these weights, (n_weights, n_weights), from ENOUGH_ROWS evenly spaced rows at most.

    It sets how far a step goes, not where the steps end, so that an estimate does.
    """
    every = -(-len(of.columns) // ENOUGH_ROWS)
    columns = of.columns[::every] if every > 1 else of.columns
    chance = sigmoid(columns @ weights)
    bent = columns.T @ (columns * (chance * (1 - chance))[:, np.newaxis])
    return np.asarray(bent * (len(of.columns) / max(len(columns), 1)) + np.diag(of.penalties), dtype=np.float64)


def newton_step(of: Design, weights: Floats, log_odds: Floats, target: Floats, bent: Floats) -> Floats:
    """The weights after a step towards `target` (n,), chances from 0 to 1.

    `log_odds` is what the weights say now; `bent` is the curvature here or nearby, so that it may be reused.
    """
    slope = of.columns.T @ (sigmoid(log_odds) - target) + of.penalties * (weights - of.weights)
    return np.asarray(weights - np.linalg.solve(bent, slope), dtype=np.float64)


def fitted_weights(of: Design, target: Floats) -> Floats:
    """The weights that fit `target` (n,), chances from 0 to 1, best: Newton's steps until none moves a weight by more than 1e-6.

    >>> of = design(np.array([[0.0], [0.0], [1.0], [1.0]]), penalty=0.0, pull=0.0)
    >>> sigmoid(of.log_odds(fitted_weights(of, np.array([0.0, 1.0, 0.75, 0.75])))).round(3).tolist()
    [0.5, 0.5, 0.75, 0.75]
    """
    weights = of.weights
    for _ in range(MOST_STEPS):
        before = weights
        weights = newton_step(of, before, of.log_odds(before), target, curvature(of, before))
        if np.abs(weights - before).max() < CLOSE:
            break
    return weights


def sigmoid(log_odds: Floats) -> Floats:
    """The chance of each log-odds.

    >>> sigmoid(np.array([-1e6, 0.0, 1e6])).round(6).tolist()
    [0.0, 0.5, 1.0]
    """
    from scipy.special import expit  # slow to import, and the server shall begin at once

    return np.asarray(expit(log_odds), dtype=np.float64)


def log_odds_of(chance: Floats) -> Floats:
    """The log-odds of chances strictly between 0 and 1."""
    return np.asarray(np.log(chance) - np.log1p(-chance), dtype=np.float64)


def _standardise(column: Floats) -> None:
    if not len(column):
        return
    known = np.isfinite(column)
    column[~known] = column[known].mean() if known.any() else 0.0
    column -= column.mean()
    deviation = float(np.sqrt((column**2).mean()))
    column[:] = column / deviation if deviation > CONSTANT else 0.0
