"""Hold chances against what turned out: the calibration error, Brier's score, and a correction fitted on known answers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
N_BINS = 15
PULL = 5.0
"""Penalty on leaving slope 1 and offset 0: with a handful of known answers little changes, and perfectly separated ones stay finite."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A correction of log-odds: slope × log-odds + offset (Platt 1999)."""

    slope: float = 1.0
    offset: float = 0.0

    def __call__(self, log_odds: Floats) -> Floats:
        """The corrected log-odds, in the same order: the slope is positive."""
        return np.asarray(self.slope * log_odds + self.offset, dtype=np.float64)


NOT_CALIBRATED = Calibration()


def fitted(log_odds: Floats, truth: Floats) -> Calibration:
    """From log-odds (n,) and their outcomes (n,): 1, 0, or between where outcomes contradict each other; NaN is not known.

    By maximum likelihood with a ridge towards no correction; without any known outcome there is none.

    >>> fitted(np.array([4.0, -4.0]), np.array([np.nan, np.nan]))
    Calibration(slope=1.0, offset=0.0)
    """
    known = np.isfinite(truth)
    if not known.any():
        return NOT_CALIBRATED
    at, outcome = log_odds[known], truth[known]

    def unlikely(of: Floats) -> float:
        calibrated = np.exp(of[0]) * at + of[1]
        return float((np.logaddexp(0, calibrated) - outcome * calibrated).sum() + PULL * (of**2).sum())

    from scipy.optimize import minimize  # slow to import, and the server shall begin at once

    log_slope, offset = minimize(unlikely, np.zeros(2), method="L-BFGS-B", bounds=[(-3, 3), (-10, 10)]).x
    return Calibration(float(np.exp(log_slope)), float(offset))


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions with similar chances: how many, their mean chance, and the share that turned out valid."""

    n: int
    chance: float
    share: float


def bins_of(chance: Floats, truth: Floats) -> list[Bin]:
    """N_BINS equal steps from 0 to 1, without the empty ones; a chance on a border belongs to the higher step, 1 to the last."""
    place = np.minimum((chance * N_BINS).astype(np.int64), N_BINS - 1)
    return [Bin(int(of.sum()), float(chance[of].mean()), float(truth[of].mean())) for of in (place == i for i in range(N_BINS)) if of.any()]


def calibration_error(chance: Floats, truth: Floats) -> float:
    """The expected calibration error (Naeini et al. 2015): the mean distance of chance and share in the bins, weighed by their numbers.

    >>> calibration_error(np.array([0.5, 0.5]), np.array([1.0, 0.0]))
    0.0
    """
    return sum(of.n * abs(of.chance - of.share) for of in bins_of(chance, truth)) / max(len(chance), 1)


def brier_score(chance: Floats, truth: Floats) -> float:
    """Brier's score (1950): the mean square of chance − outcome.

    >>> brier_score(np.array([0.5, 0.0]), np.array([1.0, 0.0]))
    0.125
    """
    return float(((chance - truth) ** 2).mean())
