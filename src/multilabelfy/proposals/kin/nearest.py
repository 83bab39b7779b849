"""Find which images look most alike to a model: for each vector the nearest others by cosine, exactly, by products of blocks."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.floating]
Ints = npt.NDArray[np.int64]
Advance = Callable[[int, int], None]

GRAIN = 2.0**-16
"""Cosines are told apart by so much: vectors are kept in float16, and the sums of a product differ in the last bits by where they stand."""
CELLS_AT_ONCE = 8_000_000
"""So many cosines are in memory at once, at 4 bytes each."""
PIECES_OF_EACH = 16
"""A row is looked at in so many pieces for each of the nearest that are wanted: more of them leave fewer to sort."""
_ITSELF = np.float32(-2)


@dataclass(frozen=True)
class Nearest:
    """For each vector the `places` (n, m) of the nearest others, nearest first, and their `cosines` (n, m), float32, in steps of GRAIN.

    A place is -1, with a cosine of -1, where an approximate search has found fewer.
    """

    places: Ints
    cosines: npt.NDArray[np.float32]


def nearest_by_cosine(vectors: Vectors, n_nearest: int, advance: Advance | None = None) -> Nearest:
    """The nearest others of each of (n, width) vectors of unit length, `n_nearest` of them, or all others where these are fewer.

    Of equals within GRAIN the lower place comes first. A vector of zeros has a cosine of 0 with all. Every cosine is worked out: n² × width
    multiplications, with 4 × n × width bytes of memory and some 100 MB. `advance` is told how many of n are done.

    >>> alike = nearest_by_cosine(np.array([[1, 0], [0.6, 0.8], [0, 1], [1, 0]]), 2)
    >>> alike.places.tolist()
    [[3, 1], [2, 0], [1, 0], [0, 1]]
    >>> [round(cosine, 3) for cosine in alike.cosines[0].tolist()]
    [1.0, 0.6]
    """
    n = len(vectors)
    m = max(0, min(n_nearest, n - 1))
    places, cosines = np.zeros((n, m), dtype=np.int64), np.zeros((n, m), dtype=np.float32)
    if not m:
        return Nearest(places, cosines)
    whole = np.ascontiguousarray(vectors, dtype=np.float32)
    rows_at_once = max(1, CELLS_AT_ONCE // n)
    for start in range(0, n, rows_at_once):
        block = slice(start, min(n, start + rows_at_once))
        with_all = whole[block] @ whole.T
        with_all[np.arange(len(with_all)), np.arange(block.start, block.stop)] = _ITSELF
        places[block], cosines[block] = _largest(with_all, m)
        if advance is not None:
            advance(block.stop, n)
    return Nearest(places, cosines)


def ordered(places: Ints, cosines: npt.NDArray[np.float32]) -> Nearest:
    """What an approximate search has found for each vector, in any order, as `nearest_by_cosine` puts it; places of -1 come last."""
    is_empty = places < 0
    steps = np.where(is_empty, np.inf, _steps(np.where(is_empty, np.float32(0), cosines)))
    order = np.lexsort((places, steps), axis=1)
    sorted_steps = np.take_along_axis(steps, order, axis=1)
    return Nearest(
        np.take_along_axis(places, order, axis=1),
        np.where(np.isinf(sorted_steps), -1, 1 - sorted_steps * GRAIN).astype(np.float32),
    )


def _steps(cosines: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """How far each pair is apart, in whole steps of GRAIN."""
    steps: npt.NDArray[np.float32] = np.maximum(np.rint((1 - cosines) / np.float32(GRAIN)), 0)
    return steps


def _largest(cosines: npt.NDArray[np.float32], m: int) -> tuple[Ints, npt.NDArray[np.float32]]:
    """The places of the m largest of each row (rows, n), in order, and how large they are."""
    rows, places = np.nonzero(cosines >= _at_least(cosines, m)[:, None])
    steps = _steps(cosines[rows, places])
    order = np.lexsort((places, steps, rows))
    begins = np.searchsorted(rows, np.arange(len(cosines)))
    first = order[begins[:, None] + np.arange(m)]
    return places[first], (1 - steps[first] * np.float32(GRAIN)).astype(np.float32)


def _at_least(cosines: npt.NDArray[np.float32], m: int) -> npt.NDArray[np.float32]:
    """A bound for each row that its m largest, and their equals, are not below: what the m largest of its pieces' maxima are not below."""
    n = cosines.shape[1]
    width = max(1, n // (m * PIECES_OF_EACH))
    pieces = cosines[:, : n - n % width].reshape(len(cosines), -1, width).max(axis=2)
    bound: npt.NDArray[np.float32] = np.partition(pieces, -m, axis=1)[:, -m]
    return bound - np.float32(2 * GRAIN)
