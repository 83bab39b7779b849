"""Draw bootstrap intervals over images (Efron & Tibshirani 1993, percentile method) for any figure that additive sums determine."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
CELLS_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class Interval:
    """The 95% interval of a figure."""

    low: float
    high: float


def resampled(sums: Floats, *, seed: int, n_resamples: int = 1000) -> Floats:
    """Sum what each image adds over `n_resamples` resamples of the images: (n_images, …) → (n_resamples, …); the same seed, the same draws.

    No resamples come from fewer than two images.
    """
    if len(sums) < 2:
        return np.zeros((0, *sums.shape[1:]))
    flat = sums.reshape(len(sums), -1)
    blocks = [weights @ flat for weights in _weights(len(sums), seed, n_resamples)]
    return np.concatenate(blocks).reshape(-1, *sums.shape[1:])


def interval_of(values: Floats) -> Interval | None:
    """The 2.5% and 97.5% quantiles of a figure's resamples, leaving out those where it is not defined (nan); None where it never is."""
    defined = values[np.isfinite(values)]
    if not len(defined):
        return None
    low, high = np.quantile(defined, [0.025, 0.975])
    return Interval(float(low), float(high))


def _weights(n_images: int, seed: int, n_resamples: int) -> Iterator[Floats]:
    """How often each image is drawn, in blocks (n, n_images) that fit in memory."""
    rng = np.random.default_rng(seed)
    at_once = max(1, CELLS_AT_ONCE // n_images)
    for start in range(0, n_resamples, at_once):
        n = min(at_once, n_resamples - start)
        drawn = rng.integers(n_images, size=(n, n_images)) + n_images * np.arange(n)[:, None]
        yield np.bincount(drawn.ravel(), minlength=n * n_images).reshape(n, n_images).astype(np.float64)
