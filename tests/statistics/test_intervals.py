"""Intervals: Wilson's against published values, the bootstrap against what it must reproduce."""

import numpy as np
import pytest

from multilabelfy.statistics.intervals import Interval
from multilabelfy.statistics.resampling import excludes_zero, mean_interval, resampled_counts, resampled_sums, wilson


def test_wilsons_interval_is_the_published_one() -> None:
    # Newcombe 1998, Statistics in Medicine 17, table I, method 3: 81/263 and 15/148
    first, second = wilson(81, 263), wilson(15, 148)
    assert first is not None
    assert second is not None
    assert (round(first.low, 4), round(first.high, 4)) == (0.2553, 0.3662)
    assert (round(second.low, 4), round(second.high, 4)) == (0.0624, 0.1605)


def test_wilsons_interval_stays_within_zero_and_one() -> None:
    none, every = wilson(0, 20), wilson(20, 20)
    assert none is not None
    assert every is not None
    assert none.low == 0.0
    assert every.high == 1.0


def test_no_images_have_no_interval() -> None:
    assert wilson(0, 0) is None
    assert mean_interval(np.array([np.nan]), seed=0) is None


def test_too_few_images_are_not_resampled() -> None:
    assert mean_interval(np.ones(9), seed=0) is None
    assert mean_interval(np.ones(10), seed=0) == Interval(1.0, 1.0)


def test_each_resample_draws_as_many_images_as_there_are() -> None:
    counts = np.concatenate(list(resampled_counts(7, seed=1, n_resamples=150)))
    assert counts.shape == (150, 7)
    assert (counts.sum(axis=1) == 7).all()


def test_a_stratified_resample_keeps_the_size_of_each_stratum() -> None:
    strata = np.array([1, 1, 1, 2, 2, 9])
    for counts in resampled_counts(6, seed=1, n_resamples=20, strata=strata):
        assert (counts[:, :3].sum(axis=1) == 3).all()
        assert (counts[:, 5] == 1).all()


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.array([0.0, 1.0, 1.0, 0.0, 1.0] * 3)
    assert mean_interval(values, seed=7) == mean_interval(values, seed=7)
    assert mean_interval(values, seed=7) is not None


def test_the_bootstrap_of_a_share_is_close_to_wilsons_interval() -> None:
    values = np.repeat([1.0, 0.0], [300, 700])
    boot, exact = mean_interval(values, seed=3, n_resamples=4000), wilson(300, 1000)
    assert boot is not None
    assert exact is not None
    assert boot.low == pytest.approx(exact.low, abs=0.004)
    assert boot.high == pytest.approx(exact.high, abs=0.004)


def test_columns_share_their_resamples_so_that_differences_are_paired() -> None:
    values = np.random.default_rng(0).random((50, 1))
    sums = resampled_sums(np.hstack([values, values + 1]), seed=5, n_resamples=30)
    assert np.allclose(sums[:, 1] - sums[:, 0], 50, atol=1e-3)


def test_a_difference_holds_only_where_its_interval_excludes_zero() -> None:
    assert excludes_zero(Interval(0.1, 0.2))
    assert excludes_zero(Interval(-0.2, -0.1))
    assert not excludes_zero(Interval(-0.1, 0.1))
