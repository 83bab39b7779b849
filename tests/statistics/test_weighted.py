"""Shares from samples drawn with known probabilities."""

import pytest

from multilabelfy.statistics.intervals import wilson
from multilabelfy.statistics.weighted import hajek


def test_equal_probabilities_give_the_plain_share_with_wilsons_interval() -> None:
    of = hajek([True] * 3 + [False] * 7, [0.1] * 10)
    assert of.share == pytest.approx(0.3)
    assert of.interval == wilson(3, 10)
    assert of.n_seen == 3
    assert of.n_effective == pytest.approx(10)


def test_what_was_drawn_less_often_counts_for_more() -> None:
    """Weights 10, 10 and 5: 10 of 25 by hand; the effective size is 25² / 225."""
    of = hajek([True, False, False], [0.1, 0.1, 0.2])
    assert of.share == pytest.approx(0.4)
    assert of.n_effective == pytest.approx(625 / 225)


def test_a_share_of_all_ends_at_one_whatever_the_weights() -> None:
    assert hajek([True] * 3, [0.1, 0.3, 0.7]).interval.high == 1.0
    assert hajek([False] * 3, [0.1, 0.3, 0.7]).interval.low == 0.0


def test_of_what_was_not_decided_the_interval_holds_none_and_all() -> None:
    """Five of seven are known; the two others may be so or not: 0 to 2 of 7."""
    of = hajek([False] * 5 + [None] * 2, [0.1] * 7)
    most = wilson(2, 7)
    assert most is not None
    assert (of.share, of.n_missing, of.interval.low) == (0.0, 2, 0.0)
    assert of.interval.high == pytest.approx(most.high)
