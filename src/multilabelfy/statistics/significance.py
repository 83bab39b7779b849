"""Many tests at once: p-values adjusted for the false discovery rate (Benjamini & Hochberg 1995)."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]

FALSE_DISCOVERIES = 0.05
"""The rate at which everything here is decided."""


def benjamini_hochberg(p_values: Floats) -> Floats:
    """Adjusted p-values: reject those at most q, and of the rejected a share of at most q is false in the mean.

    >>> benjamini_hochberg(np.array([0.01, 0.02, 0.9])).tolist()
    [0.03, 0.03, 0.9]
    """
    n = len(p_values)
    order = np.argsort(p_values, kind="stable")
    scaled = p_values[order] * n / np.arange(1, n + 1)
    adjusted = np.empty(n)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted
