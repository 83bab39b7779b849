"""Ranking keeps the best labels of each image, and ties are broken by rule."""

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from multilabelfy.proposals.ranking import FEW, WIDE, top_k


def rows(*scores: list[float]) -> npt.NDArray[np.float32]:
    return np.array(scores, dtype=np.float32)


def test_the_best_labels_come_first() -> None:
    labels, scores = top_k(rows([0.1, 0.2, 0.5, 0.2], [0.7, 0.0, 0.1, 0.2]), 2)

    assert labels.tolist() == [[2, 1], [0, 3]]
    assert scores.tolist() == rows([0.5, 0.2], [0.7, 0.2]).tolist()
    assert (labels.dtype, scores.dtype) == (np.dtype("int32"), np.dtype("float32"))


def test_of_equal_scores_the_lower_label_index_comes_first() -> None:
    labels, _ = top_k(rows([0.25, 0.25, 0.25, 0.25]), 3)

    assert labels.tolist() == [[0, 1, 2]]


def test_a_tie_across_the_last_place_keeps_the_lower_label_index() -> None:
    labels, _ = top_k(rows([0.1, 0.1, 0.6, 0.1, 0.1]), 2)

    assert labels.tolist() == [[2, 0]]


def test_a_label_space_smaller_than_k_is_ranked_in_full() -> None:
    labels, _ = top_k(rows([0.2, 0.5, 0.3]), 20)

    assert labels.tolist() == [[1, 2, 0]]


def test_no_images_have_no_ranks() -> None:
    labels, scores = top_k(np.zeros((0, 5), dtype=np.float32), 3)

    assert (labels.shape, scores.shape) == ((0, 3), (0, 3))


@given(
    scores=arrays(
        np.float32, st.tuples(st.integers(1, 6), st.integers(1, 2 * FEW)), elements=st.sampled_from([-np.inf, 0.0, 0.125, 0.25, 0.5, 1.0])
    ),  # few values, so that nearly every row has ties
    k=st.integers(1, 2 * FEW + 2),  # few ranks and many are found in two ways
)
def test_it_equals_a_straight_sort_by_score_and_index(scores: npt.NDArray[np.float32], k: int) -> None:
    labels, kept = top_k(scores, k)

    for row, ranked, values in zip(scores.tolist(), labels.tolist(), kept.tolist(), strict=True):
        straight = sorted(range(len(row)), key=lambda label: (-row[label], label))[:k]
        assert ranked == straight
        assert values == [row[label] for label in straight]


@given(seed=st.integers(0, 2**32 - 1), n_values=st.sampled_from([1, 2, 40, 10**6]), k=st.integers(FEW + 1, FEW + 6))
def test_of_many_labels_too(seed: int, n_values: int, k: int) -> None:
    """Of a few values nearly all labels tie with the k-th; of many, few labels are worth a look."""
    scores = np.random.default_rng(seed).integers(0, n_values, (5, WIDE * k + seed % 50)).astype(np.float32)
    scores[0], scores[1, ::2] = 0, -np.inf

    labels, kept = top_k(scores, k)

    straight = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    assert labels.tolist() == straight.tolist()
    assert kept.tolist() == np.take_along_axis(scores, straight, axis=1).tolist()
