"""The nearest others of a vector, against brute force."""

import numpy as np
import numpy.typing as npt
import pytest

from multilabelfy.proposals.kin import nearest
from multilabelfy.proposals.kin.nearest import GRAIN, nearest_by_cosine, ordered


def unit_vectors(n: int, width: int, seed: int = 0) -> npt.NDArray[np.float32]:
    """Drawn vectors of unit length, (n, width)."""
    vectors = np.random.default_rng(seed).standard_normal((n, width))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def exact_vectors(n: int) -> npt.NDArray[np.float32]:
    """Vectors (n, 8) whose products are exact, and often equal, whatever machine multiplies them."""
    return (np.random.default_rng(0).integers(-8, 9, size=(n, 8)) / 32).astype(np.float32)


def by_brute_force(vectors: npt.NDArray[np.float32], m: int) -> list[list[int]]:
    """The m nearest others of each, every pair held against every other."""
    nearest_others = []
    for place, vector in enumerate(vectors.astype(np.float64)):
        steps = [(round((1 - float(vector @ other)) / GRAIN), number) for number, other in enumerate(vectors) if number != place]
        nearest_others.append([number for _, number in sorted(steps)[:m]])
    return nearest_others


@pytest.mark.parametrize(("n", "m"), [(2, 1), (13, 12), (60, 5), (400, 12)])
def test_the_nearest_are_those_of_brute_force(n: int, m: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "CELLS_AT_ONCE", 900)  # several blocks, the last one smaller
    vectors = exact_vectors(n)
    assert nearest_by_cosine(vectors, m).places.tolist() == by_brute_force(vectors, m)


def test_cosines_are_those_of_the_pairs() -> None:
    vectors = unit_vectors(50, 16)
    kin = nearest_by_cosine(vectors, 12)
    exact = np.take_along_axis(vectors @ vectors.T, kin.places, axis=1)
    assert np.abs(kin.cosines - exact).max() <= GRAIN
    assert (np.diff(kin.cosines, axis=1) <= 0).all()


def test_of_equals_the_earlier_image_comes_first_wherever_they_stand() -> None:
    vectors = np.tile(unit_vectors(1, 40), (300, 1))
    assert nearest_by_cosine(vectors, 3).places[[0, 1, 2, 3, 299]].tolist() == [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2], [0, 1, 2]]


def test_fewer_images_have_fewer_kin() -> None:
    assert nearest_by_cosine(unit_vectors(3, 4), 12).places.shape == (3, 2)
    assert nearest_by_cosine(unit_vectors(1, 4), 12).places.shape == (1, 0)
    assert nearest_by_cosine(np.zeros((0, 4), np.float32), 12).places.shape == (0, 0)


def test_an_empty_vector_is_equally_far_from_all() -> None:
    vectors = np.array([[0, 0], [1, 0], [0, 1]], np.float32)
    kin = nearest_by_cosine(vectors, 2)
    assert (kin.places[0].tolist(), kin.cosines[0].tolist()) == ([1, 2], [0, 0])


def test_it_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "CELLS_AT_ONCE", 50)
    done: list[tuple[int, int]] = []
    nearest_by_cosine(unit_vectors(10, 4), 3, lambda n_done, n: done.append((n_done, n)))
    assert done == [(5, 10), (10, 10)]


def test_what_a_search_has_found_is_put_in_the_same_order() -> None:
    kin = ordered(np.array([[7, -1, 4, 2]]), np.array([[0.5, -1, 0.5, 0.75]], np.float32))
    assert (kin.places.tolist(), kin.cosines.tolist()) == ([[2, 4, 7, -1]], [[0.75, 0.5, 0.5, -1]])
