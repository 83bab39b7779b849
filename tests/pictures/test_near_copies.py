"""Near pairs are found exactly, however many bits may differ, and groups are what they connect."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from multilabelfy.pictures.likeness import MOST_BITS_APART, bits_apart
from multilabelfy.pictures.near_copies import near_copies
from multilabelfy.pictures.near_pairs import Codes, near_pairs

BIT = st.integers(0, 63)
CODE = st.integers(0, 2**64 - 1)


@st.composite
def families(draw: st.DrawFn) -> list[int]:
    """Codes of which many are some bits away from another: as near as counts, and just too far."""
    codes = draw(st.lists(CODE, min_size=1, max_size=6))
    for _ in range(draw(st.integers(0, 30))):
        version = draw(st.sampled_from(codes))
        for bit in draw(st.sets(BIT, max_size=13)):
            version ^= 1 << bit
        codes.append(version)
    return codes


def array(codes: list[int]) -> Codes:
    return np.array(codes, dtype=np.uint64)


def pairs_by_brute_force(codes: list[int], most_apart: int) -> list[tuple[int, int]]:
    return [(i, j) for (i, a), (j, b) in combinations(enumerate(codes), 2) if bits_apart(a, b) <= most_apart]


@given(families(), st.integers(0, 16))
def test_every_near_pair_comes_once_and_no_other(codes: list[int], most_apart: int) -> None:
    distinct = list(dict.fromkeys(codes))
    pieces = near_pairs(array(distinct), most_apart)
    pairs = [pair for piece in pieces for pair in zip(piece.first.tolist(), piece.second.tolist(), strict=True)]
    assert sorted(pairs) == pairs_by_brute_force(distinct, most_apart)


@given(families())
def test_a_group_is_everything_that_near_pairs_connect(codes: list[int]) -> None:
    group_of = {place: {place} for place in range(len(codes))}
    for first, second in pairs_by_brute_force(codes, MOST_BITS_APART):
        together = group_of[first] | group_of[second]
        group_of.update(dict.fromkeys(together, together))
    connected = {tuple(sorted(group)) for group in group_of.values() if len(group) > 1}
    assert [tuple(group.tolist()) for group in near_copies(array(codes))] == sorted(connected)


def test_ten_bits_spread_over_all_bands_are_near_and_eleven_are_not() -> None:
    three_in_each_of_two_bands_and_two_in_the_others = 0x0007_0007_0003_0003
    one_more = three_in_each_of_two_bands_and_two_in_the_others | 1 << 63
    assert [group.tolist() for group in near_copies(array([0, three_in_each_of_two_bands_and_two_in_the_others]))] == [[0, 1]]
    assert near_copies(array([0, one_more])) == []


def test_a_chain_of_versions_is_a_group_though_its_ends_are_far_apart() -> None:
    chain = [0, 2**10 - 1, 2**20 - 1, 2**64 - 1]
    assert bits_apart(chain[0], chain[2]) == 20
    assert [group.tolist() for group in near_copies(array(chain))] == [[0, 1, 2]]


def test_many_pictures_of_one_fingerprint_are_one_group_and_not_all_their_pairs() -> None:
    codes = np.zeros(200_000, dtype=np.uint64)  # 20,000,000,000 pairs
    codes[7] = 2**64 - 1
    (group,) = near_copies(codes)
    assert len(group) == 199_999


def test_no_picture_and_a_single_one_have_no_copies() -> None:
    assert near_copies(array([])) == near_copies(array([5])) == []


def test_near_pairs_are_found_among_many_comparisons_made_in_pieces() -> None:
    generator = np.random.default_rng(3)
    codes = generator.integers(0, 2**64, 60_000, dtype=np.uint64)
    versions = codes[:50] ^ np.uint64(0x8001_0000_0100_0001)
    assert [group.tolist() for group in near_copies(np.concatenate([codes, versions]), 4)] == [[i, 60_000 + i] for i in range(50)]


def test_closer_copies_alone_are_asked_for_by_fewer_bits() -> None:
    codes = array([0, 0b11, 2**9 - 1])
    assert [group.tolist() for group in near_copies(codes, 2)] == [[0, 1]]
