"""The trend over models: fits by hand, and against SciPy's; outliers that are there and that are not."""

import numpy as np
import pytest
from scipy import stats

from multilabelfy.evaluation.many_models.models import fit, outliers, studentised_residuals, trend_of


def test_a_line_through_points_on_a_line_is_found_exactly() -> None:
    found = fit([0.0, 0.5, 1.0], [0.1, 0.6, 1.1])
    assert found is not None
    assert found.slope == pytest.approx(1.0)
    assert found.intercept == pytest.approx(0.1)
    assert found.r_squared == pytest.approx(1.0)


def test_a_least_squares_line_worked_out_by_hand() -> None:
    found = fit([0.0, 1.0, 2.0, 3.0], [0.0, 2.0, 1.0, 3.0])  # Sxy = 4, Sxx = 5: slope 0.8, intercept 0.3, R² = 3.2 / 5
    assert found is not None
    assert found.slope == pytest.approx(0.8)
    assert found.intercept == pytest.approx(0.3)
    assert found.r_squared == pytest.approx(0.64)


def test_the_interval_of_the_slope_agrees_with_scipy() -> None:
    generator = np.random.default_rng(1)
    x = generator.random(30)
    y = 1.2 * x + 0.1 + generator.normal(0, 0.05, 30)
    found, theirs = fit(x, y), stats.linregress(x, y)
    assert found is not None
    half = stats.t.ppf(0.975, 28) * theirs.stderr
    assert found.slope == pytest.approx(theirs.slope, rel=1e-12)
    assert found.r_squared == pytest.approx(theirs.rvalue**2, rel=1e-12)
    assert found.intervals[1].low == pytest.approx(theirs.slope - half)
    assert found.intervals[1].high == pytest.approx(theirs.slope + half)


def test_a_quadratic_fit_follows_a_curve() -> None:
    found = fit([0.0, 1.0, 2.0, 3.0], [1.0, 2.0, 5.0, 10.0], degree=2)
    assert found is not None
    assert found.coefficients == pytest.approx((1.0, 0.0, 1.0))
    assert found.at([4.0]) == pytest.approx([17.0])


def test_too_few_models_have_no_trend() -> None:
    assert fit([0.1, 0.2], [0.1, 0.2]) is None
    assert fit([0.5, 0.5, 0.5], [0.1, 0.2, 0.3]) is None
    assert outliers(["a", "b"], [0.1, 0.2], [0.1, 0.2]) == ()


def test_a_studentised_residual_is_the_t_value_of_leaving_the_point_out() -> None:
    """Externally studentised residual i is the t statistic of a dummy for point i in the regression (Cook & Weisberg 1982)."""
    generator = np.random.default_rng(2)
    x = generator.random(12)
    y = x + generator.normal(0, 0.1, 12)
    _, studentised = studentised_residuals(x, y)
    for i in range(12):
        design = np.column_stack([np.ones(12), x, np.arange(12) == i])
        beta, rss, *_ = np.linalg.lstsq(design, y, rcond=None)
        error = np.sqrt(rss[0] / 9 * np.linalg.inv(design.T @ design)[2, 2])
        assert studentised[i] == pytest.approx(beta[2] / error, rel=1e-8)


def test_the_model_that_leaves_the_trend_is_named() -> None:
    generator = np.random.default_rng(4)
    x = np.linspace(0.3, 0.9, 25)
    y = x + generator.normal(0, 0.002, 25)
    y[7] += 0.05
    found = outliers([f"model{i}" for i in range(25)], x, y)
    assert [outlier.model for outlier in found] == ["model7"]
    assert found[0].residual > 0.04


def test_points_exactly_on_a_line_have_no_outlier() -> None:
    assert outliers(list("abcde"), [0.1, 0.2, 0.3, 0.4, 0.5], [0.1, 0.2, 0.3, 0.4, 0.5]) == ()


def test_a_trend_tells_who_leaves_it_and_what_they_share() -> None:
    generator = np.random.default_rng(5)
    x = np.linspace(0.4, 0.9, 60)
    y = x + generator.normal(0, 0.001, 60)
    names = [f"vit_{i}.clip" if i % 12 == 3 else f"resnet{i}.in1k" for i in range(60)]
    y[3::12] += 0.02
    found = trend_of(names, x.tolist(), y.tolist())
    assert found is not None
    assert {outlier.model for outlier in found.outliers} == set(names[3::12])
    assert [one.trait for one in found.shared] == ["clip", "vit"]
    assert trend_of(["a"], [0.5], [0.5]) is None
