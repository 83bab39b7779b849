"""Intervals: Wilson's against published values, the bootstrap against what it must reproduce."""

import numpy as np
import pytest
from scipy.stats import binomtest

from multilabelfy.statistics.intervals import Interval, t_95, wilson, wilson_of_ratio
from multilabelfy.statistics.resampling import mean_interval, resampled, resampled_counts, share_interval
from multilabelfy.statistics.significance import excludes_zero


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


@pytest.mark.parametrize(("n_of", "n"), [(0, 3), (1, 3), (17, 40), (50_000, 50_000), (6_003, 10_000)])
def test_wilsons_interval_is_scipys(n_of: int, n: int) -> None:
    ours, theirs = wilson(n_of, n), binomtest(n_of, n).proportion_ci(method="wilson")
    assert ours is not None
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_no_images_have_no_interval() -> None:
    assert wilson(0, 0) is None
    assert mean_interval(np.array([np.nan]), seed=0) is None


def test_too_few_images_are_not_resampled() -> None:
    assert mean_interval(np.ones(9), seed=0) is None
    assert mean_interval(np.ones(10), seed=0) == Interval(1.0, 1.0)


def test_all_or_none_of_a_sample_is_not_therefore_certain() -> None:
    assert share_interval(np.ones(20), seed=0) == wilson(20, 20)
    assert share_interval(np.array([0.0] * 20 + [np.nan]), seed=0) == wilson(0, 20)
    assert share_interval(np.ones(9), seed=0) is None


def test_a_mean_of_parts_is_resampled() -> None:
    halves = np.full(20, 0.5)
    assert share_interval(halves, seed=0) == mean_interval(halves, seed=0)


def test_each_resample_draws_as_many_images_as_there_are() -> None:
    counts = np.concatenate(list(resampled_counts(7, seed=1, n_resamples=150)))
    assert counts.shape == (150, 7)
    assert (counts.sum(axis=1) == 7).all()


def test_one_image_is_not_resampled() -> None:
    assert resampled(np.ones((1, 2)), seed=0).shape == (0, 2)
    assert resampled(np.ones((2, 2)), seed=0).shape == (1000, 2)


def test_every_shape_of_what_an_image_adds_has_the_same_draws() -> None:
    values = np.arange(24.0).reshape(6, 2, 2)
    assert (resampled(values, seed=4)[:, 0, 1] == resampled(values[:, 0, 1], seed=4)).all()


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.array([0.0, 1.0, 1.0, 0.0, 1.0] * 3)
    assert mean_interval(values, seed=7) == mean_interval(values, seed=7)
    assert mean_interval(values, seed=7) is not None


def test_the_bootstrap_of_a_share_is_close_to_wilsons_interval() -> None:
    values = np.repeat([1.0, 0.0], [300, 700])
    boot, exact = mean_interval(values, seed=3), wilson(300, 1000)
    assert boot is not None
    assert exact is not None
    assert boot.low == pytest.approx(exact.low, abs=0.004)
    assert boot.high == pytest.approx(exact.high, abs=0.004)


def test_columns_share_their_resamples_so_that_differences_are_paired() -> None:
    values = np.random.default_rng(0).random((50, 1))
    sums = resampled(np.hstack([values, values + 1]), seed=5, n_resamples=30)
    assert np.allclose(sums[:, 1] - sums[:, 0], 50, atol=1e-3)


def test_a_difference_holds_only_where_its_interval_excludes_zero() -> None:
    assert excludes_zero(Interval(0.1, 0.2))
    assert excludes_zero(Interval(-0.2, -0.1))
    assert not excludes_zero(Interval(-0.1, 0.1))


def test_a_ratio_over_images_near_one_has_wilsons_interval_and_not_that_of_resamples() -> None:
    """Twelve of fourteen: Wilson's 60 to 96%; resamples say 64 to 100%."""
    alike = np.array([1.0] * 12 + [0.0] * 2)
    interval = wilson_of_ratio(alike, np.ones(14))
    assert interval == wilson(12, 14)
    assert interval is not None
    assert (round(interval.low, 2), round(interval.high, 2)) == (0.60, 0.96)


def test_answers_that_come_in_images_count_as_the_images_that_they_are_worth() -> None:
    """Ten answers an image that are always the same are one answer an image; independent ones are ten."""
    votes = np.random.default_rng(0).random((2000, 10)) < 0.3
    one, ten = np.repeat(votes[:, :1].sum(axis=1) * 10.0, 1), votes.sum(axis=1).astype(float)
    same, apart = (wilson_of_ratio(parts, np.full(2000, 10.0)) for parts in (one, ten))
    assert same is not None
    assert apart is not None
    assert same == wilson(int(votes[:, 0].sum()), 2000)
    assert (same.high - same.low) / (apart.high - apart.low) == pytest.approx(10**0.5, rel=0.05)


def test_a_ratio_of_all_or_none_is_as_sure_as_its_images_are_many() -> None:
    assert wilson_of_ratio(np.full(13, 20.0), np.full(13, 20.0)) == wilson(13, 13)
    assert wilson_of_ratio(np.zeros(13), np.full(13, 20.0)) == wilson(0, 13)
    assert wilson_of_ratio(np.zeros(3), np.zeros(3)) is None


def test_the_ratios_interval_holds_the_truth_where_resamples_do_not() -> None:
    """95% of the answers are right, three an image, on fifteen images: Wilson's holds that in 95 of 100 studies, the resamples' do less."""
    generator, held = np.random.default_rng(1), np.zeros(2)
    for seed in range(300):
        parts = np.where(generator.random(15) < 0.05, 0.0, 3.0)
        ours, theirs = wilson_of_ratio(parts, np.full(15, 3.0)), mean_interval(parts / 3, seed=seed)
        held += [bool(ends and ends.low <= 0.95 <= ends.high) for ends in (ours, theirs)]
    ours, theirs = held / 300
    assert ours >= 0.93
    assert theirs < 0.6


def test_few_degrees_of_freedom_widen_an_interval_as_in_students_table() -> None:
    assert [round(t_95(df), 3) for df in (1, 4, 30)] == [12.706, 2.776, 2.042]
