"""Embeddings are brought to unit length in half precision, or refused before they are kept."""

import numpy as np
import pytest

from multilabelfy.errors import InvalidScores
from multilabelfy.proposals.embeddings import checked_embeddings


def test_lengths_go_and_directions_stay_to_three_digits() -> None:
    random = np.random.default_rng(0)
    rows = (random.normal(size=(50, 640)) * random.uniform(1e-3, 1e6, size=(50, 1))).astype(np.float32)  # beyond float16's greatest

    kept = checked_embeddings(rows, images=[str(n) for n in range(50)], source="m")

    assert kept.dtype == np.float16
    assert np.linalg.norm(kept.astype(np.float64), axis=1) == pytest.approx(1, abs=1e-3)
    unit = rows.astype(np.float64) / np.linalg.norm(rows.astype(np.float64), axis=1, keepdims=True)
    ours, theirs = kept.astype(np.float64) @ kept.astype(np.float64).T, unit @ unit.T
    assert np.abs(ours - theirs).max() < 1e-3


def test_a_row_of_zeros_stays() -> None:
    assert checked_embeddings(np.zeros((1, 3), np.float32), images=["a"], source="m").tolist() == [[0, 0, 0]]


@pytest.mark.parametrize(
    ("embeddings", "why"),
    [
        (np.ones((1, 4), np.float32), r"shape \(1, 4\), not \(2, width\): a row for each of 2 images"),
        (np.ones((2, 4, 4), np.float32), r"shape \(2, 4, 4\)"),
        (np.ones((2, 0), np.float32), r"shape \(2, 0\)"),
        (np.ones((2, 4), np.int64), "of type int64"),
        (np.array([[1, 2], [np.nan, 1]], np.float32), "that of 'dog' holds a NaN or an infinite number"),
        (np.array([[1, 2], [1, np.inf]], np.float32), "that of 'dog' holds a NaN"),
    ],
)
def test_what_is_no_embedding_is_refused_with_its_model_and_image(embeddings: np.ndarray, why: str) -> None:
    with pytest.raises(InvalidScores, match=f"Cannot use the embeddings of 'm': .*{why}"):
        checked_embeddings(embeddings, images=["cat", "dog"], source="m")
