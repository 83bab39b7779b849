"""Small groups of images that look alike."""

import numpy as np
import numpy.typing as npt
import pytest

from multilabelfy.proposals.kin.groups import AT_MOST, chain, groups_of_alike


def clusters(n_clusters: int, n_each: int, width: int = 64) -> npt.NDArray[np.float32]:
    """Vectors of unit length around as many centres, one of each centre after the other: image i is of centre i % n_clusters."""
    draws = np.random.default_rng(3)
    centres = draws.standard_normal((n_clusters, width))
    vectors = np.tile(centres, (n_each, 1)) + 0.05 * draws.standard_normal((n_clusters * n_each, width))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


@pytest.mark.parametrize("n", [0, 1, 8, 9, 100, 1001])
def test_each_image_is_in_one_group_and_no_group_is_large(n: int) -> None:
    vectors = np.random.default_rng(n).standard_normal((n, 5)).astype(np.float16)
    groups = groups_of_alike(vectors)
    assert sorted(place for group in groups for place in group.tolist()) == list(range(n))
    assert all(min(n, AT_MOST // 2) <= len(group) <= AT_MOST for group in groups)


def test_groups_are_of_one_kind_where_kinds_are_clear() -> None:
    """Sixteen kinds of eight pictures: a cut at the median may part a kind, yet most pairs of a group are of one kind."""
    groups = groups_of_alike(clusters(16, 8))
    pairs = [a % 16 == b % 16 for group in groups for a in group.tolist() for b in group.tolist() if a < b]
    assert np.mean(pairs) > 0.6


def test_the_same_pictures_give_the_same_groups_and_equal_ones_are_parted_by_place() -> None:
    vectors = clusters(5, 7)
    assert [group.tolist() for group in groups_of_alike(vectors)] == [group.tolist() for group in groups_of_alike(vectors.copy())]
    assert [group.tolist() for group in groups_of_alike(np.ones((4, 3)), 2)] == [[0, 1], [2, 3]]


def test_an_image_is_followed_by_the_nearest_that_is_left() -> None:
    angles = np.array([0, 50, 10, 90, 30]) * np.pi / 180
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    assert chain(vectors, 0) == [0, 2, 4, 1, 3]
    assert chain(vectors[:1], 0) == [0]
