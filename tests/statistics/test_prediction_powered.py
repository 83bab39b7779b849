"""Predictions for everybody make a sample's share more precise, never less true."""

import numpy as np
import pytest

from multilabelfy.statistics.intervals import Interval, wilson
from multilabelfy.statistics.prediction_powered import powered_mean, powered_share


def test_the_mean_is_corrected_by_how_far_the_samples_predictions_lie_off_all() -> None:
    mean = powered_mean(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.0, 0.0, 2.0, 2.0]), 1.2)
    assert mean.weight == 0.5  # an outcome rises by one where its prediction rises by two
    assert mean.value == pytest.approx(0.5 + 0.5 * (1.2 - 1.0))
    assert mean.residuals.tolist() == [0.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize("predicted", [[0.3, 0.3, 0.3, 0.3], [1.0, 1.0, 0.0, 0.0], [0.0, 1.0, 0.0, 1.0]])
def test_predictions_that_say_nothing_or_the_opposite_get_no_weight(predicted: list[float]) -> None:
    mean = powered_mean(np.array([0.0, 0.0, 1.0, 1.0]), np.array(predicted), 0.9)
    assert (mean.weight, mean.value) == (0.0, 0.5)
    share = powered_share(mean, 1_000)
    assert share is not None
    assert share.worth == 1.0


def test_it_is_the_estimator_of_ppi_plus_plus_with_the_rest_as_its_unlabelled_data() -> None:
    rng = np.random.default_rng(4)
    everybody = rng.random(300)
    known = (rng.random(60) < everybody[:60]).astype(float)
    n, rest = 60, everybody[60:]
    around = everybody[:n] - everybody[:n].mean()
    tuned = ((known - known.mean()) * around).sum() / (around**2).sum() / (1 + n / len(rest))  # equation 9 of arXiv 2311.01453
    theirs = known.mean() - tuned * (everybody[:n].mean() - rest.mean())
    assert powered_mean(known, everybody[:n], float(everybody.mean())).value == pytest.approx(theirs)


def test_where_everybody_is_known_the_share_is_certain() -> None:
    known = np.array([1.0, 0.0, 1.0, 1.0])
    share = powered_share(powered_mean(known, known, 0.75), 4)
    assert share is not None
    assert (share.value, share.interval) == (0.75, Interval(0.75, 0.75))


def test_a_sample_without_a_surprise_claims_no_certainty() -> None:
    known = np.repeat([0.0, 1.0], 50)
    share = powered_share(powered_mean(known, known, 0.6), 1_000)
    assert share is not None
    assert share.value == pytest.approx(0.6)
    assert share.interval.high - share.interval.low > 0.03  # one surprise among 100 would widen it as far
    assert share.worth == pytest.approx(100 * 0.25 * 100 / 98)


def test_a_sample_with_one_outcome_alone_has_wilsons_interval_and_no_worth() -> None:
    share = powered_share(powered_mean(np.ones(50), np.linspace(0.5, 1.0, 50), 0.7), 1_000)
    assert share is not None
    assert (share.value, share.worth, share.interval) == (1.0, None, wilson(50, 50))


def test_a_quotient_is_of_the_part_that_counts() -> None:
    right, counted = np.array([1.0, 1.0, 0.0, 0.0]), np.array([1.0, 1.0, 1.0, 0.0])
    nothing = np.zeros(4)
    quotient = powered_share(powered_mean(right, nothing, 0.0), 100, powered_mean(counted, nothing, 0.0))
    assert quotient is not None
    assert quotient.value == pytest.approx(2 / 3)
    assert powered_share(powered_mean(right, nothing, 0.0), 100, powered_mean(nothing, nothing, 0.0)) is None


def test_intervals_hold_the_truth_of_a_finite_population_and_are_shorter_than_without_predictions() -> None:
    rng = np.random.default_rng(0)
    chance = rng.beta(0.5, 0.2, 2_000)
    outcome = (rng.random(2_000) < chance).astype(float)
    held, narrower = 0, 0
    for _ in range(400):
        drawn = rng.permutation(2_000)[:200]
        powered = powered_share(powered_mean(outcome[drawn], chance[drawn], float(chance.mean())), 2_000)
        plain = powered_share(powered_mean(outcome[drawn], np.zeros(200), 0.0), 2_000)
        assert powered is not None
        assert plain is not None
        held += powered.interval.low <= outcome.mean() <= powered.interval.high
        narrower += powered.interval.high - powered.interval.low < plain.interval.high - plain.interval.low
    assert 0.93 <= held / 400 <= 0.97
    assert narrower == 400
