"""Chances are held against what turned out, and corrected on known answers."""

import numpy as np
import pytest

from multilabelfy.statistics.calibration import NOT_CALIBRATED, bins_of, brier_score, calibration_error, fitted
from multilabelfy.statistics.logistic import sigmoid


def test_log_odds_that_are_twice_too_sure_are_halved() -> None:
    rng = np.random.default_rng(1)
    right = rng.normal(0, 2, 20_000)
    truth = (rng.random(20_000) < sigmoid(right)).astype(float)
    correction = fitted(2 * right, truth)
    assert correction.slope == pytest.approx(0.5, abs=0.02)
    assert correction.offset == pytest.approx(0, abs=0.05)


def test_separated_and_contradictory_outcomes_stay_finite() -> None:
    separated = fitted(np.array([-3.0, 3.0]), np.array([0.0, 1.0]))
    reversed_ = fitted(np.array([-30.0, 30.0]), np.array([1.0, 0.0]))
    assert np.isfinite([separated.slope, separated.offset, reversed_.slope, reversed_.offset]).all()
    assert separated.slope > reversed_.slope > 0  # the order of the questions is never reversed


def test_without_known_outcomes_nothing_is_corrected() -> None:
    assert fitted(np.array([1.0, 2.0]), np.array([np.nan, np.nan])) == NOT_CALIBRATED
    assert NOT_CALIBRATED(np.array([1.0, 2.0])).tolist() == [1.0, 2.0]


def test_chances_are_held_against_shares_in_bins() -> None:
    chance, truth = np.array([0.9, 0.9, 0.1, 1.0]), np.array([1.0, 0.0, 0.0, 1.0])
    assert [(one.n, one.share) for one in bins_of(chance, truth)] == [(1, 0.0), (2, 0.5), (1, 1.0)]
    assert calibration_error(chance, truth) == pytest.approx((2 * 0.4 + 0.1) / 4)
    assert brier_score(chance, truth) == pytest.approx((0.01 + 0.81 + 0.01) / 4)
