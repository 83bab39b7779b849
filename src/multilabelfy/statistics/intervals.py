"""Intervals at 95%: Wilson's for a share, and the quantiles of its resamples for any other figure."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

Z_95 = 1.959963984540054
ROUNDING = 1e-6
"""How far apart the quotients of sums of float32 may be that are equal."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The 95% interval of a figure."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure with its 95% interval; both None where the measure is not defined."""

    value: float | None
    interval: Interval | None = None


def wilson(n_of: int, n: int) -> Interval | None:
    """Wilson's score interval of the share `n_of / n` (1927); None where n is 0.

    SciPy's `binomtest(n_of, n).proportion_ci(method="wilson")` gives the same, but works out an exact test beside it: half a millisecond
    each where a report asks for thousands, and a second to load where a page asks for one.

    >>> wilson(0, 10)
    Interval(low=0.0, high=0.2775327998628892)
    """
    return None if n == 0 else wilson_of_share(n_of / n, n)


def wilson_of_share(share: float, n: float) -> Interval:
    """The same of a share itself; `n` may be a fraction, as the effective size of a weighted sample is.

    >>> wilson_of_share(0.0, 10) == wilson(0, 10)
    True
    """
    z2 = Z_95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    low = 0.0 if share == 0 else max(0.0, middle - half)
    high = 1.0 if share == 1 else min(1.0, middle + half)
    return Interval(low, high)


def never_certain(interval: Interval | None, share: float, n: int) -> Interval | None:
    """A bootstrap interval of a share over n images; Wilson's where the share is 0 or 1.

    No resample of such data differs from it, which makes the interval a point, but not the share certain.

    >>> never_certain(Interval(1.0, 1.0), 1.0, 13) == wilson(13, 13)
    True
    """
    return wilson_of_share(share, n) if share in (0.0, 1.0) and n else interval


def if_moved(interval: Interval | None) -> Interval | None:
    """A bootstrap interval of a figure that is not a share; None where no resample moved it: of its error nothing is known then.

    >>> if_moved(Interval(0.0, 0.0)) is None
    True
    """
    return None if interval is None or interval.high - interval.low < ROUNDING else interval


def interval_of(values: npt.NDArray[np.floating]) -> Interval | None:
    """The 2.5% and 97.5% quantiles of a figure's resamples (n_resamples,), leaving out those that are not finite; None if none is."""
    defined = values[np.isfinite(values)]
    if not len(defined):
        return None
    low, high = np.quantile(defined, [0.025, 0.975])
    return Interval(float(low), float(high))
