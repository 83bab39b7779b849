"""Intervals at 95%: Wilson's for shares, Student's t for few degrees of freedom, quantiles of resamples for any other figure."""

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


def wilson_of_ratio(parts: npt.NDArray[np.number], wholes: npt.NDArray[np.number]) -> Interval | None:
    """Wilson's interval of the share Σ parts / Σ wholes, both (n_images,), at the number of draws that it is worth; None of nothing.

    That number is p (1 − p) / v (Korn & Graubard 1998) with the linearised variance v = Σ (part − p · whole)² / (Σ wholes)² over images,
    so that many answers to one image do not count as independent; of one yes or no an image it is Wilson's own interval. Where v is 0
    (all, or none) the images are counted. Near 0 and 1, where quantiles of resamples are too narrow, it stays as wide as Wilson's.

    >>> wilson_of_ratio(np.array([1.0] * 12 + [0.0] * 2), np.ones(14)) == wilson(12, 14)
    True
    """
    whole = float(wholes.sum())
    if not whole:
        return None
    share = min(1.0, max(0.0, float(parts.sum()) / whole))
    if min(share, 1 - share) < ROUNDING:
        share = round(share)
    left = parts - share * wholes
    variance = float((left * left).sum()) / (whole * whole)
    n_images = int((wholes > 0).sum())
    return wilson_of_share(share, share * (1 - share) / variance if variance > ROUNDING**2 and 0 < share < 1 else n_images)


def t_95(degrees: float) -> float:
    """How many standard errors a 95% interval reaches to either side if they were estimated with these degrees of freedom (Student 1908).

    >>> round(t_95(4), 3), round(t_95(float("inf")), 3)
    (2.776, 1.96)
    """
    from scipy.special import stdtrit

    return Z_95 if degrees == float("inf") else float(stdtrit(degrees, 0.975))


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
