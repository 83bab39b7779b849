"""What “reliably” means, wherever the project says it: a two-sided test rejects at 5% after Holm's correction over all tests of its table.

Holm's step-down procedure (1979, “A simple sequentially rejective multiple test procedure”) keeps the chance that *any* statement of a
table is false at 5%, however its tests depend on each other: models see the same images, and classes share them. What is not reliable is
open; it is not shown to be equal. That two intervals overlap, or do not, says nothing of this kind.

A finding that lists candidates for people to look at, and says so, may use the false discovery rate instead (Benjamini & Hochberg 1995).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
import numpy.typing as npt

from multilabelfy.statistics.intervals import ROUNDING, Interval

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer]

LEVEL = 0.05
FALSE_DISCOVERIES = 0.05
"""The rate for every list of candidates; `scipy.stats.false_discovery_control` adjusts the p-values."""

FEWEST_IN_TAIL = 10
"""Resamples beyond zero below which their share is too rough for a p-value."""

IN_WORDS = (
    "“Reliably” means that a two-sided test rejects at 5% after Holm’s correction (1979) over all tests of its table; what is not reliable "
    "remains open."
)
"""The definition as a report prints it."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A difference with the p-value of its own test against zero, and the one adjusted for all tests of its table."""

    value: float
    p: float
    adjusted_p: float

    @property
    def is_reliable(self) -> bool:
        """Whether it may be said to be reliable."""
        return self.adjusted_p <= LEVEL

    @property
    def sign(self) -> int:
        """1 where it is reliably above zero, −1 reliably below, 0 where that is open."""
        return int(np.sign(self.value)) if self.is_reliable else 0


def corrected(values: Sequence[float] | Floats, p: Sequence[float] | Floats) -> tuple[Effect, ...]:
    """All differences of one table with the p-values of their tests, corrected together."""
    adjusted = holm(np.asarray(p, dtype=np.float64)).tolist()
    return tuple(Effect(*map(float, row)) for row in zip(values, p, adjusted, strict=True))


def holm(p: npt.ArrayLike) -> Floats:
    """Holm's adjusted p-values, in the given order: the k-th smallest of n times n − k + 1, never below a smaller one's, at most 1.

    A NaN is a test that could not be made; it counts for nothing and stays NaN.

    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    given = np.asarray(p, dtype=np.float64)
    made = np.flatnonzero(np.isfinite(given))
    order = made[np.argsort(given[made], kind="stable")]
    adjusted = np.full(given.shape, np.nan)
    adjusted[order] = np.minimum(np.maximum.accumulate(given[order] * np.arange(len(order), 0, -1)), 1.0)
    return adjusted


def p_of_normal(value: float, error: float) -> float:
    """The two-sided p-value of zero for an estimate with this standard error; 1 without an error to hold it against.

    >>> round(p_of_normal(1.96, 1.0), 3)
    0.05
    """
    return erfc(abs(value) / error / sqrt(2)) if error > 0 else 1.0


def p_of_resamples(value: float, drawn: Floats) -> float:
    """The two-sided p-value of zero from a figure's resamples (n_resamples,), the test to which the percentile interval belongs.

    It is twice the share of resamples on the other side of zero, so that it is below 5% where the interval excludes zero. Where fewer than
    FEWEST_IN_TAIL lie there, that share is too rough to be corrected for many tests, and the normal tail at the resamples' standard
    deviation is taken (Efron & Tibshirani 1993, chapter 13). 1 where no resample moves the figure: of its error nothing is known.

    >>> p_of_resamples(0.5, np.array([-0.1] * 30 + [0.9] * 970))
    0.06
    """
    defined = drawn[np.isfinite(drawn)]
    if len(defined) < 2 or not np.isfinite(value) or np.ptp(defined) < ROUNDING:
        return 1.0
    beyond = int(min((defined <= 0).sum(), (defined >= 0).sum()))
    if beyond >= FEWEST_IN_TAIL:
        return min(1.0, 2 * beyond / len(defined))
    return p_of_normal(value, float(defined.std(ddof=1)))


def p_of_signs(n_above: npt.ArrayLike, n_below: npt.ArrayLike) -> Floats:
    """The exact two-sided p-value of even odds for each pair of counts (the sign test, McNemar 1947); 1 where both are 0.

    >>> p_of_signs([0, 5, 3], [0, 0, 3]).tolist()
    [1.0, 0.0625, 1.0]
    """
    from scipy.stats import binom

    above, below = np.asarray(n_above, dtype=np.int64), np.asarray(n_below, dtype=np.int64)
    n = above + below
    return np.asarray(np.where(n > 0, np.minimum(1.0, 2 * binom.cdf(np.minimum(above, below), np.maximum(n, 1), 0.5)), 1.0))


@dataclass(frozen=True, slots=True)
class Difference:
    """One mean less another, with its 95% interval and the p-value of zero."""

    value: float
    interval: Interval
    p: float


def difference_of_means(first: Floats, second: Floats) -> Difference | None:
    """The mean of shares (n,) less that of others (m,), independent of each other; None where either is empty.

    Welch's test (1947), with an observation of 0 and one of 1 added to each side for the error alone, as Agresti & Caffo (2000) add them
    to two binomial samples: where all of a small group are right, its variance is not zero.

    >>> difference_of_means(np.array([1.0] * 9 + [0.0]), np.array([0.0] * 9 + [1.0])).value
    0.8
    """
    if not len(first) or not len(second):
        return None
    from scipy.special import stdtr, stdtrit

    padded = [np.concatenate([values, [0.0, 1.0]]) for values in (first, second)]
    parts = [float(values.var(ddof=1)) / len(values) for values in padded]
    error = sqrt(sum(parts))
    free = sum(parts) ** 2 / sum(part**2 / (len(values) - 1) for part, values in zip(parts, padded, strict=True))
    value, half = float(first.mean() - second.mean()), float(stdtrit(free, 0.975)) * error
    return Difference(value, Interval(value - half, value + half), float(2 * stdtr(free, -abs(value) / error)))


def excludes_zero(interval: Interval) -> bool:
    """Whether the test to which this interval belongs rejects, where it is the only test of its table."""
    return interval.low > 0 or interval.high < 0
