"""Find all pairs among many fingerprints that differ in few bits, exactly, without comparing each with each.

The method is multi-index hashing (Norouzi, Punjani & Fleet 2012, "Fast search in Hamming space with multi-index hashing"). The 64 bits
are four bands of 16. Of two codes at most 10 bits apart, some band differs in at most 2 bits: with 3 in each they would be 12 apart. More
sharply, since 10 = 4 × 2 + 2, one of the first three bands differs in at most 2, or the last one in at most 1. Codes are sorted by a band,
and each is compared with those alone whose band is so near: 137 of 65,536 values.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

N_BANDS, BAND_BITS = 4, 16
N_VALUES = 1 << BAND_BITS
AT_ONCE = 1 << 17
"""So many comparisons are made at a time: their arrays stay in a core's cache."""


class NearPairs(NamedTuple):
    """Pairs of places in an array of codes, both (n_pairs,), the lower place of each pair first."""

    first: Places
    second: Places


def near_pairs(codes: Codes, most_apart: int) -> Iterator[NearPairs]:
    """Every pair of codes that differ in at most `most_apart` bits (0 to 63), once, in pieces whose order only the codes decide.

    `codes` is (n,), and no two are equal: n equal ones would be n² / 2 pairs. So are n different ones that are near each other, of which
    only a piece is in memory.
    """
    for band in range(N_BANDS):
        radius = _radius(band, most_apart)
        if radius < 0:
            return
        by_band = _sorted_by(codes, band)
        for mask in _masks(radius):
            for pairs in _pairs_by(by_band, mask, most_apart):
                yield _of_no_earlier_band(codes, pairs, band, most_apart)


class _ByBand(NamedTuple):
    """Codes in the order of a band's values; `order` are their places before. `begins`, (N_VALUES + 1,), is where each value begins."""

    codes: Codes
    values: Places
    begins: Places
    order: Places


def _radius(band: int, most_apart: int) -> int:
    """In how many bits a band may differ, if all bands before it differ in more than they may."""
    whole, rest = divmod(most_apart, N_BANDS)
    return whole if band <= rest else whole - 1


def _values(codes: Codes, band: int) -> Places:
    values: Places = ((codes >> np.uint64(BAND_BITS * band)) & np.uint64(N_VALUES - 1)).astype(np.int64)
    return values


def _sorted_by(codes: Codes, band: int) -> _ByBand:
    values = _values(codes, band)
    order = np.argsort(values, kind="stable")
    begins = np.concatenate([[0], np.bincount(values, minlength=N_VALUES).cumsum()])
    return _ByBand(codes[order], values[order], begins, order)


def _masks(radius: int) -> Iterator[int]:
    """Every way to differ in at most `radius` bits of a band."""
    for n_bits in range(radius + 1):
        for bits in combinations(range(BAND_BITS), n_bits):
            yield sum(1 << bit for bit in bits)


def _pairs_by(by: _ByBand, mask: int, most_apart: int) -> Iterator[NearPairs]:
    """The near pairs whose values differ in just this mask. Of two values, the one without the mask's highest bit stands first."""
    if mask:
        first = np.flatnonzero((by.values & (1 << (mask.bit_length() - 1))) == 0)
        begins = by.begins[by.values[first] ^ mask]
    else:
        first = np.arange(len(by.codes))
        begins = first + 1
    ends = by.begins[(by.values[first] ^ mask) + 1]
    some = ends > begins
    yield from _compared(by, first[some], begins[some], ends[some], most_apart)


def _compared(by: _ByBand, first: Places, begins: Places, ends: Places, most_apart: int) -> Iterator[NearPairs]:
    """Compare each of `first` with all from its `begins` up to its `ends`, about AT_ONCE comparisons at a time."""
    n_before = np.concatenate([[0], (ends - begins).cumsum()])
    start = 0
    while start < len(first):
        stop = max(int(np.searchsorted(n_before, n_before[start] + AT_ONCE, side="right")) - 1, start + 1)
        counts = np.diff(n_before[start : stop + 1])
        second = np.arange(n_before[stop] - n_before[start]) + np.repeat(
            begins[start:stop] + n_before[start] - n_before[start:stop], counts
        )
        apart = np.repeat(by.codes[first[start:stop]], counts)
        apart ^= by.codes[second]
        near = np.flatnonzero(np.bitwise_count(apart) <= most_apart)
        if len(near):
            owner = np.searchsorted(n_before[start : stop + 1], near + n_before[start], side="right") - 1
            a, b = by.order[first[start + owner]], by.order[second[near]]
            yield NearPairs(np.minimum(a, b), np.maximum(a, b))
        start = stop


def _of_no_earlier_band(codes: Codes, pairs: NearPairs, band: int, most_apart: int) -> NearPairs:
    """Without the pairs that a band before this one has found."""
    new = np.ones(len(pairs.first), dtype=bool)
    for earlier in range(band):
        apart = np.bitwise_count(_values(codes[pairs.first], earlier) ^ _values(codes[pairs.second], earlier))
        new &= apart > _radius(earlier, most_apart)
    return NearPairs(pairs.first[new], pairs.second[new])
