"""Shares of many groups are pulled towards all of them, and what is left may be chosen from."""

import numpy as np
import pytest

from multilabelfy.statistics.shrinkage import shrunk_shares


def test_a_group_of_one_says_little_and_a_large_one_what_it_says() -> None:
    one, large, *_ = shrunk_shares([1, 500, 2, 4, 3, 1], [1, 1000, 50, 60, 55, 40])
    assert one.interval.low < 0.1
    assert large.value == pytest.approx(0.5, abs=0.02)


def test_the_first_of_a_thousand_equal_groups_is_not_said_to_stand_out() -> None:
    """All true shares are 12%; by Wilson's intervals several of the thousand would lie above it."""
    generator = np.random.default_rng(5)
    n_of = generator.binomial(10, 0.12, size=1000)
    assert max(n_of) >= 5
    assert sum(share.interval.low > 0.12 for share in shrunk_shares(n_of, [10] * 1000)) == 0


def test_intervals_of_the_chosen_hold_the_truth() -> None:
    """True shares differ (beta 2, 8); of the fifty groups that look worst, the intervals hold about 95% of the true shares."""
    generator = np.random.default_rng(6)
    truth = generator.beta(2, 8, size=1000)
    found = shrunk_shares(generator.binomial(10, truth), [10] * 1000)
    worst = sorted(range(1000), key=lambda group: -found[group].interval.low)[:50]
    assert sum(found[group].interval.low <= truth[group] <= found[group].interval.high for group in worst) >= 44


def test_a_single_group_keeps_its_share_and_no_group_has_none() -> None:
    (alone,) = shrunk_shares([5], [10])
    assert alone.value == pytest.approx(0.5)
    assert alone.interval.high - alone.interval.low > 0.5
    assert shrunk_shares([], []) == []
    _, full = shrunk_shares([0, 3], [0, 30])  # the other has no images to pull it
    assert full.value == pytest.approx(0.1, abs=0.01)
