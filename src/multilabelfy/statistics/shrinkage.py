"""Shares of many groups, each pulled towards all of them as far as it is small: the greatest of a thousand shares is mostly luck.

Empirical Bayes with a beta prior (the beta-binomial model; Skellam 1948, Efron & Morris 1975): the counts of all groups tell how far
true shares differ between groups. The share of a group is then its posterior, which may be compared and chosen from without a further
correction.
"""

from dataclasses import dataclass
from math import exp

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import betaincinv, betaln

from multilabelfy.statistics.intervals import Interval

Counts = npt.NDArray[np.int64]
LEAST_WEIGHT = 0.01


@dataclass(frozen=True, slots=True)
class Shrunk:
    """A group's share, shrunk, with its 95% credible interval."""

    value: float
    interval: Interval


def shrunk_shares(n_of: npt.ArrayLike, n: npt.ArrayLike) -> list[Shrunk]:
    """From counts `n_of` out of `n` by group, (n_groups,) each, to their shrunk shares; groups without observations get the prior's.

    >>> few, many, *_ = shrunk_shares([1, 50, 0, 3, 5, 2], [1, 100, 50, 60, 80, 40])
    >>> few.value < 1/2 < many.interval.high, few.interval.low < many.interval.low
    (True, True)
    """
    part, whole = np.asarray(n_of, dtype=np.int64), np.asarray(n, dtype=np.int64)
    if not whole.sum():
        return []
    a, b = _prior(part, whole)
    alpha, beta = part + a, whole - part + b
    low, high = betaincinv(alpha, beta, 0.025), betaincinv(alpha, beta, 0.975)
    means = alpha / (alpha + beta)
    return [Shrunk(float(m), Interval(float(lo), float(hi))) for m, lo, hi in zip(means, low, high, strict=True)]


def _prior(part: Counts, whole: Counts) -> tuple[float, float]:
    """The beta prior's two parameters by maximum likelihood, searched as log-odds of its mean and log of its weight.

    Where groups differ no more than chance makes them, the likelihood has no maximum: no group is pulled by more than the observations of
    all others, so that a single group keeps its own share.
    """

    def unlikely(of: npt.NDArray[np.float64]) -> float:
        a, b = _parameters(of)
        return -float((betaln(part + a, whole - part + b) - betaln(a, b)).sum())

    total = int(whole.sum())
    ends = float(np.log(2 * total + 1))  # half an observation more of either kind, so that no share is taken as impossible
    start = np.array([np.log((part.sum() + 0.5) / (total - part.sum() + 0.5)), np.log(LEAST_WEIGHT)])
    most = max(float(whole.sum() - whole.max()), 2 * LEAST_WEIGHT)
    bounds = [(-ends, ends), (np.log(LEAST_WEIGHT), np.log(most))]
    return _parameters(minimize(unlikely, start, method="L-BFGS-B", bounds=bounds).x)


def _parameters(of: npt.NDArray[np.float64]) -> tuple[float, float]:
    mean, weight = 1 / (1 + exp(-of[0])), exp(of[1])
    return mean * weight, (1 - mean) * weight
