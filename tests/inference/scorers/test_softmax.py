"""Softmax without overflow."""

import numpy as np
import pytest

from multilabelfy.inference.scorers.softmax import softmax


def test_scores_are_shares_of_the_exponentials() -> None:
    scores = softmax(np.log(np.array([[1.0, 2.0, 5.0]])))

    assert scores.dtype == np.float32
    assert scores[0].tolist() == pytest.approx([1 / 8, 2 / 8, 5 / 8])


def test_large_logits_do_not_overflow() -> None:
    assert softmax(np.array([[1e4, 1e4], [-1e4, 1e4]])).tolist() == [[0.5, 0.5], [0.0, 1.0]]


def test_half_precision_logits_are_summed_in_single_precision() -> None:
    scores = softmax(np.zeros((1, 1000), dtype=np.float16))

    assert scores[0, 0] == pytest.approx(1e-3)
    assert scores.sum() == pytest.approx(1.0)


def test_an_impossible_label_scores_nothing() -> None:
    assert softmax(np.array([[-np.inf, 0.0]])).tolist() == [[0.0, 1.0]]


def test_a_nan_stays_a_nan_for_the_check_to_find() -> None:
    assert np.isnan(softmax(np.array([[np.nan, 0.0]]))).all()
