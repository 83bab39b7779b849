"""The bootstrap over images (Efron & Tibshirani 1993, percentile method), for any figure that sums over images determine."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from multilabelfy.statistics.intervals import Interval, interval_of, never_certain

Floats = npt.NDArray[np.float64]
AnyFloats = npt.NDArray[np.floating]

N_RESAMPLES = 1_000
FEWEST_TO_RESAMPLE = 10
CELLS_AT_ONCE = 2_000_000


def resampled(values: npt.NDArray[np.number], *, seed: int, n_resamples: int = N_RESAMPLES) -> Floats:
    """The sums of what each image adds over resampled images, (n_images, …) → (n_resamples, …); the same seed gives the same draws.

    One resample serves all columns, so that their differences are paired. A mean is the quotient of two sums: of the values, and of where
    they are defined. The sums of float32 are worked out in float32, in half the time. Fewer than two images give no resamples, (0, …).
    """
    if len(values) < 2:
        return np.zeros((0, *values.shape[1:]))
    flat = values.reshape(len(values), -1)
    columns = np.ascontiguousarray(flat, dtype=flat.dtype if flat.dtype == np.float32 else np.float64)
    blocks = [counts.astype(columns.dtype) @ columns for counts in resampled_counts(len(values), seed=seed, n_resamples=n_resamples)]
    return np.concatenate(blocks).astype(np.float64).reshape(-1, *values.shape[1:])


def resampled_counts(n: int, *, seed: int, n_resamples: int = N_RESAMPLES) -> Iterator[AnyFloats]:
    """How often each of n images is drawn in each resample, in blocks (n_at_once, n) of float32 that fit in memory."""
    generator = np.random.default_rng(seed)
    at_once = max(1, CELLS_AT_ONCE // n)
    for start in range(0, n_resamples, at_once):
        counts = np.empty((min(at_once, n_resamples - start), n), dtype=np.float32)
        for row in counts:
            row[:] = np.bincount(generator.integers(n, size=n), minlength=n)
        yield counts


def mean_interval(values: AnyFloats, *, seed: int) -> Interval | None:
    """The bootstrap interval of the mean of (n,) values; NaN marks an image where the value is not defined.

    None where fewer than FEWEST_TO_RESAMPLE are defined: resampling so few makes their mean look surer than it is.
    """
    defined = values[np.isfinite(values)]
    if defined.size < FEWEST_TO_RESAMPLE:
        return None
    return interval_of(resampled(defined, seed=seed) / defined.size)


def share_interval(shares: AnyFloats, *, seed: int) -> Interval | None:
    """The same of the mean of (n,) shares, each from 0 to 1; Wilson's where all of them are 0 or all are 1."""
    defined = shares[np.isfinite(shares)]
    interval = mean_interval(defined, seed=seed)
    return None if interval is None else never_certain(interval, float(defined.mean()), defined.size)
