"""Intervals at 95%: Wilson's for a share, and a seeded bootstrap over images for everything else."""

from collections.abc import Iterator
from math import sqrt

import numpy as np
import numpy.typing as npt

from multilabelfy.statistics.intervals import Interval, interval_of

Floats = npt.NDArray[np.floating]

Z_95 = 1.959963984540054
N_RESAMPLES = 1_000
CHUNK = 100
FEWEST_TO_RESAMPLE = 10


def excludes_zero(interval: Interval) -> bool:
    """Whether a difference with this interval has a sign that holds."""
    return interval.low > 0 or interval.high < 0


def wilson(n_right: int, n: int) -> Interval | None:
    """Wilson's score interval of the share `n_right / n` (1927); None where n is 0.

    >>> wilson(0, 10)
    Interval(low=0.0, high=0.2775327998628892)
    """
    return None if n == 0 else wilson_of_share(n_right / n, n)


def wilson_of_share(share: float, n: float) -> Interval:
    """The same of a share itself; `n` need not be whole, as the effective size of a weighted sample is not.

    >>> wilson_of_share(0.0, 10) == wilson(0, 10)
    True
    """
    z2 = Z_95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    low = 0.0 if share == 0 else max(0.0, middle - half)
    high = 1.0 if share == 1 else min(1.0, middle + half)
    return Interval(low, high)


def resampled_counts(
    n: int, *, seed: int, n_resamples: int = N_RESAMPLES, strata: npt.NDArray[np.integer] | None = None
) -> Iterator[npt.NDArray[np.float32]]:
    """How often each of n images is drawn in each resample, in chunks of (≤ CHUNK, n); the rows of one seed are always the same.

    With `strata`, (n,), as many are drawn from each stratum as it has images, so that no small one vanishes.
    """
    generator = np.random.default_rng(seed)
    groups = [np.arange(n)] if strata is None else [np.flatnonzero(strata == stratum) for stratum in np.unique(strata)]
    for start in range(0, n_resamples, CHUNK):
        counts = np.zeros((min(CHUNK, n_resamples - start), n), dtype=np.float32)
        for group in groups:
            for row in counts:
                row[group] = np.bincount(generator.integers(len(group), size=len(group)), minlength=len(group))
        yield counts


def resampled_sums(
    values: Floats, *, seed: int, n_resamples: int = N_RESAMPLES, strata: npt.NDArray[np.integer] | None = None
) -> npt.NDArray[np.float64]:
    """The sums of several columns over resampled images, (n_resamples, n_columns), paired: one resample serves all columns.

    `values` is (n_images, n_columns). A mean is the quotient of two sums: of the values and of where they are defined.
    """
    columns = np.ascontiguousarray(values, dtype=np.float32)
    chunks = [counts @ columns for counts in resampled_counts(len(columns), seed=seed, n_resamples=n_resamples, strata=strata)]
    return np.concatenate(chunks).astype(np.float64)


def mean_interval(values: Floats, *, seed: int, n_resamples: int = N_RESAMPLES) -> Interval | None:
    """The bootstrap interval of the mean of (n,) values; NaN marks an image where the value is not defined.

    None where fewer than FEWEST_TO_RESAMPLE are: resampling so few says that their mean is surer than it is.
    """
    defined = values[np.isfinite(values)]
    if defined.size < FEWEST_TO_RESAMPLE:
        return None
    sums = resampled_sums(defined[:, np.newaxis], seed=seed, n_resamples=n_resamples)[:, 0]
    return interval_of(sums / defined.size)
