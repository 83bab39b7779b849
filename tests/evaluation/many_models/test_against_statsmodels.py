"""Fits, outliers and tests of trend agree with SciPy's and statsmodels' own, on made-up models and on timm's published table."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.many_models.comparison import kendall_tau, ranks
from multilabelfy.evaluation.many_models.models import fit, outliers, studentised_residuals, trend_of
from multilabelfy.evaluation.many_models.trend import slope_by_counts, trends
from multilabelfy.evaluation.measures.evaluated import EvaluatedModel, evaluated
from multilabelfy.evaluation.measures.model import LabelledImages, Rankings
from multilabelfy.formats.reading.published import in_both, read_published

Floats = npt.NDArray[np.float64]
Points = tuple[list[str], Floats, Floats]


def made_up(seed: int, n: int = 40) -> Points:
    """Accuracies along a slightly curved trend, two of which leave it."""
    generator = np.random.default_rng(seed)
    x = generator.uniform(0.3, 0.9, n)
    y = 0.1 + 1.2 * x - 0.2 * x**2 + generator.normal(0, 0.004, n)
    y[[3, 11]] += (0.05, -0.04)
    return [f"m{i}" for i in range(n)], x, y


@pytest.fixture(scope="module")
def timm(shared_data: Path) -> Points:
    first, second = (read_published(shared_data / "timm" / f"results-imagenet{which}.csv") for which in ("", "-real"))
    rows = in_both(first, second)
    return [row[0] for row in rows], np.array([row[1] for row in rows]), np.array([row[2] for row in rows])


def ordinary(y: Floats, x: Floats) -> Any:
    """Their model; every worker collects this file, and theirs alone loads statsmodels."""
    from statsmodels.api import OLS

    return OLS(y, x)


def least_squares(x: Floats, y: Floats, degree: int) -> Any:
    return ordinary(y, np.vander(x, degree + 1, increasing=True)).fit()


def assert_fits_agree(points: Points, degree: int) -> None:
    names, x, y = points
    ours, theirs = fit(x, y, degree), least_squares(x, y, degree)
    assert ours is not None
    assert ours.coefficients == pytest.approx(theirs.params, rel=1e-9)
    assert ours.r_squared == pytest.approx(theirs.rsquared, rel=1e-12)
    assert [(one.low, one.high) for one in ours.intervals] == [pytest.approx(tuple(ends), rel=1e-8) for ends in theirs.conf_int()]
    assert_residuals_agree(names, x, y, degree)


def assert_residuals_agree(names: list[str], x: Floats, y: Floats, degree: int) -> None:
    theirs = least_squares(x, y, degree).get_influence().resid_studentized_external
    assert studentised_residuals(x, y, degree)[1] == pytest.approx(theirs, rel=1e-7, abs=1e-9)
    p_values = 2 * stats.t.sf(np.abs(theirs), len(x) - degree - 2)
    from statsmodels.stats.multitest import multipletests

    rejected, adjusted, *_ = multipletests(p_values, alpha=0.05, method="fdr_bh")
    found = outliers(names, x, y, degree)
    assert sorted(one.model for one in found) == sorted(names[i] for i in np.flatnonzero(rejected))
    by_name = dict(zip(names, adjusted, strict=True))
    assert all(one.adjusted_p == pytest.approx(by_name[one.model], rel=1e-6) for one in found)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("degree", [1, 2])
def test_fits_intervals_and_outliers_of_made_up_models_agree(seed: int, degree: int) -> None:
    assert_fits_agree(made_up(seed), degree)


@pytest.mark.parametrize("degree", [1, 2])
@pytest.mark.real_data
def test_fits_intervals_and_outliers_of_timms_models_agree(timm: Points, degree: int) -> None:
    assert_fits_agree(timm, degree)


@pytest.mark.real_data
def test_timms_outliers_lie_further_from_the_trend_than_all_others(timm: Points) -> None:
    """Who is listed leaves the curve by more points than anybody who is not, and by several standard deviations."""
    names, x, y = timm
    found = trend_of(names, x.tolist(), y.tolist())
    assert found is not None
    residuals = y - found.better.at(x)
    listed = np.isin(names, [one.model for one in found.outliers])
    assert listed.sum() == len(found.outliers) > 0
    assert np.abs(residuals[listed]).min() > np.quantile(np.abs(residuals[~listed]), 0.99)
    assert np.abs(residuals[listed]).min() > 3 * residuals[~listed].std()


VALUES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=12)


@settings(deadline=None)
@given(VALUES)
def test_kendalls_tau_is_its_definition_over_pairs(pairs: list[tuple[int, int]]) -> None:
    a, b = (np.array(column, dtype=np.float64) for column in zip(*pairs, strict=True))
    above = np.triu_indices(len(a), 1)
    signs_a, signs_b = (np.sign(v[above[0]] - v[above[1]]) for v in (a, b))
    scale = np.sqrt(float((signs_a != 0).sum()) * float((signs_b != 0).sum()))
    assert kendall_tau(a, b) == pytest.approx((signs_a * signs_b).sum() / scale if scale else np.nan, nan_ok=True)


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=12))
def test_ranks_are_scipys_lowest_ranks_of_equals(values: list[int]) -> None:
    assert ranks(np.array(values, dtype=np.float64)).tolist() == stats.rankdata([-value for value in values], method="min").tolist()


def one_model(seed: int, n: int = 400) -> tuple[EvaluatedModel, Floats, Floats, Floats]:
    """A model whose top-1 falls with the number of labels; beside it k, whether it named the given label, whether a valid one."""
    generator = np.random.default_rng(seed)
    k = generator.integers(1, 5, n)
    given_right = generator.random(n) < 0.9 - 0.15 * k
    valid_right = given_right | (generator.random(n) < 0.1 * k)
    first = np.where(given_right, 0, np.where(valid_right & (k > 1), 1, 9))
    labelled = LabelledImages(LabelSets.from_rows([f"{i}" for i in range(n)], [range(size) for size in k]), np.zeros(n, dtype=np.int64))
    (model,) = evaluated(labelled, Rankings(("m",), first[np.newaxis, :, np.newaxis]))
    return model, k.astype(np.float64), (first == 0).astype(np.float64), (first < k).astype(np.float64)


@pytest.mark.parametrize("seed", range(3))
def test_a_models_trend_agrees_with_least_squares_under_whites_error(seed: int) -> None:
    model, k, top1, real = one_model(seed)
    for of_given, outcome in ((True, top1), (False, real)):
        ours, theirs = (
            slope_by_counts(model.tally, of_given=of_given),
            ordinary(outcome, np.vander(k, 2, increasing=True)).fit(cov_type="HC0"),
        )
        assert ours is not None
        assert ours.value == pytest.approx(theirs.params[1], rel=1e-9)
        assert (ours.interval.low, ours.interval.high) == pytest.approx(tuple(theirs.conf_int()[1]), rel=1e-9)


def test_the_trend_over_models_agrees_with_least_squares_and_its_bootstrap_with_whites_error() -> None:
    model, k, top1, real = one_model(5)
    found = trends([model], seed=0)
    assert found is not None
    for ours, outcome in ((found.top1, top1), (found.real, real), (found.difference, real - top1)):
        theirs = ordinary(outcome, np.vander(k, 2, increasing=True)).fit(cov_type="HC0")
        assert ours.value == pytest.approx(theirs.params[1], rel=1e-5)
        assert (ours.interval.high - ours.interval.low) / 2 == pytest.approx(1.96 * theirs.bse[1], rel=0.12)
        assert stats.linregress(k, outcome).slope == pytest.approx(ours.value, rel=1e-5)
