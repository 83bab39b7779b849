"""Scores that cannot be ranked are refused with the image they belong to."""

import numpy as np
import numpy.typing as npt
import pytest

from multilabelfy.errors import InvalidScores
from multilabelfy.proposals.checking import checked
from multilabelfy.proposals.model import Scores


def check(scores: npt.NDArray[np.generic], *, n_columns: int = 2, way_out: str = "") -> Scores:
    return checked(scores, images=["a.jpg", "b.jpg"], n_columns=n_columns, source="m", way_out=way_out)


def test_a_softmax_passes_as_float32() -> None:
    passed = check(np.array([[0.25, 0.75], [1.0, 0.0]], dtype=np.float64))

    assert passed.dtype == np.float32
    assert passed.tolist() == [[0.25, 0.75], [1.0, 0.0]]


def test_half_precision_passes_with_its_rounding() -> None:
    random = np.random.default_rng(0).dirichlet(np.ones(1000), size=2).astype(np.float16)

    assert check(random, n_columns=1000).shape == (2, 1000)


def test_a_wrong_number_of_labels_is_named() -> None:
    with pytest.raises(InvalidScores, match=r"they have the shape \(2, 2\), not \(2, 3\): 2 images, 3 labels"):
        check(np.ones((2, 2), dtype=np.float32) / 2, n_columns=3)


def test_a_missing_row_is_named() -> None:
    with pytest.raises(InvalidScores, match=r"they have the shape \(1, 2\)"):
        check(np.ones((1, 2), dtype=np.float32) / 2)


def test_a_nan_names_its_image() -> None:
    with pytest.raises(InvalidScores, match=r"those of 'b\.jpg' hold a NaN"):
        check(np.array([[0.5, 0.5], [np.nan, 1.0]], dtype=np.float32))


def test_logits_are_refused_with_the_way_out() -> None:
    with pytest.raises(InvalidScores, match=r"the row of 'a\.jpg' sums to 7, not to 1\. Say that they are logits\."):
        check(np.array([[3.0, 4.0], [0.5, 0.5]], dtype=np.float32), way_out="Say that they are logits.")


def test_negative_numbers_are_no_softmax_even_where_they_sum_to_one() -> None:
    with pytest.raises(InvalidScores, match=r"the row of 'b\.jpg' has the negative number -1"):
        check(np.array([[0.5, 0.5], [2.0, -1.0]], dtype=np.float32))


def test_integers_are_refused() -> None:
    with pytest.raises(InvalidScores, match="of type int64"):
        check(np.array([[1, 0], [0, 1]], dtype=np.int64))
