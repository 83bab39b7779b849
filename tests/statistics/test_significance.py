"""What “reliably” means: a test that holds among all tests of its table."""

import numpy as np
import pytest
from scipy.stats import binomtest, ttest_ind

from multilabelfy.statistics.intervals import interval_of
from multilabelfy.statistics.significance import (
    corrected,
    difference_of_means,
    excludes_zero,
    holm,
    p_of_normal,
    p_of_resamples,
    p_of_signs,
)


def test_a_difference_that_is_sure_alone_is_not_reliable_among_many() -> None:
    assert corrected([0.1], [0.02])[0].sign == 1
    assert [one.sign for one in corrected([-0.1, 0.1, 0.1], [0.02, 0.5, 0.6])] == [0, 0, 0]
    assert [one.sign for one in corrected([-0.1, 0.1, 0.1], [0.016, 0.024, 0.6])] == [-1, 1, 0]


def test_holms_adjusted_values_are_those_worked_out_by_hand() -> None:
    # sorted .01 .02 .03 .04: times 4, 3, 2, 1 → .04 .06 .06 .04, never below the one before
    assert holm([0.04, 0.01, 0.03, 0.02]).tolist() == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([0.9, 0.8]).tolist() == [1.0, 1.0]


def test_a_test_that_could_not_be_made_corrects_no_other() -> None:
    adjusted = holm([0.03, np.nan])
    assert adjusted[0] == pytest.approx(0.03)
    assert np.isnan(adjusted[1])
    assert not corrected([0.1, 0.2], [0.03, np.nan])[1].is_reliable


def test_of_twenty_tables_in_which_nothing_differs_about_one_says_anything() -> None:
    generator = np.random.default_rng(0)
    wrong = sum(bool((holm(generator.uniform(size=49)) <= 0.05).any()) for _ in range(2_000))
    assert 0.035 < wrong / 2_000 < 0.065


def test_resamples_reject_where_their_interval_excludes_zero() -> None:
    generator = np.random.default_rng(0)
    for value in np.linspace(0, 0.4, 41):
        drawn = generator.normal(value, 0.1, size=1_000)
        interval = interval_of(drawn)
        assert interval is not None
        assert (p_of_resamples(float(value), drawn) < 0.05) == excludes_zero(interval)


def test_far_from_zero_the_tail_is_the_normal_one_so_that_many_tests_can_be_corrected() -> None:
    drawn = np.random.default_rng(0).normal(5.0, 1.0, size=1_000)
    assert p_of_resamples(5.0, drawn) == pytest.approx(p_of_normal(5.0, drawn.std(ddof=1)))
    assert p_of_resamples(5.0, drawn) < 1e-5


def test_resamples_that_nothing_moved_prove_nothing() -> None:
    assert p_of_resamples(0.5, np.full(1_000, 0.5)) == 1.0
    assert p_of_resamples(0.5, np.array([])) == 1.0


@pytest.mark.parametrize(("above", "below"), [(0, 0), (5, 0), (7, 12), (40, 41)])
def test_signs_are_tested_exactly(above: int, below: int) -> None:
    expected = binomtest(above, above + below, 0.5).pvalue if above + below else 1.0
    assert p_of_signs([above], [below])[0] == pytest.approx(expected)


def test_two_means_are_compared_by_welchs_test() -> None:
    first, second = np.array([1.0] * 60 + [0.0] * 40), np.array([1.0] * 40 + [0.0] * 60)
    found = difference_of_means(first, second)
    assert found is not None
    assert found.value == pytest.approx(0.2)
    padded = [np.concatenate([side, [0.0, 1.0]]) for side in (first, second)]
    # the padding is for the error alone: the test is Welch's of the padded sides, whose means lie a little closer
    assert found.p < float(ttest_ind(*padded, equal_var=False).pvalue)
    assert found.p == pytest.approx(0.0045, abs=0.0005)
    assert excludes_zero(found.interval) == (found.p < 0.05)


def test_a_small_group_that_is_all_right_is_not_certain() -> None:
    found = difference_of_means(np.ones(10), np.array([1.0] * 9 + [0.0]))
    assert found is not None
    assert found.p > 0.3
    assert found.interval.low < 0 < found.interval.high


def test_a_mean_of_nothing_is_compared_with_none() -> None:
    assert difference_of_means(np.array([]), np.ones(3)) is None
