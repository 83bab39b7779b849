"""How good labels would be under several ways to ask, and what they would cost."""

import numpy as np
import pytest

from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.policy.adaptive import AdaptiveOverlap
from multilabelfy.simulation.crowd import Crowd, voted
from multilabelfy.simulation.pilot import CORRELATION, ErrorLevel, Pilot, of_error_level, of_votes
from multilabelfy.simulation.plan import WAYS, WayOutcome, WayToAsk, forecast
from multilabelfy.simulation.population import drawn, like_imagenetv2

LEVEL = ErrorLevel(sensitivity=0.8, false_yes=0.05)


@pytest.fixture(scope="module")
def outcomes() -> tuple[WayOutcome, ...]:
    """Of all ways, from four small studies."""
    pilot = of_error_level(LEVEL, n_labels=10, correlation=None, seed=1)
    return forecast(pilot, n_images=150, n_studies=4, seed=1).outcomes


def of(outcomes: tuple[WayOutcome, ...], *, floor: int, cap: int, bound: float = 0.2, has_experts: bool = False) -> WayOutcome:
    way = WayToAsk(AdaptiveOverlap(floor, cap, bound), has_experts)
    return next(outcome for outcome in outcomes if outcome.way == way)


def test_more_answers_cost_more_and_bring_more_right_labels(outcomes: tuple[WayOutcome, ...]) -> None:
    two, seven = of(outcomes, floor=2, cap=2), of(outcomes, floor=7, cap=7)
    assert (two.visits.value, seven.visits.value) == (2, 7)
    assert seven.f1.value > two.f1.value + 0.05  # type: ignore[operator]
    assert seven.images_right.value > two.images_right.value  # type: ignore[operator]


def test_experts_are_asked_only_where_the_way_has_them_and_mend_what_they_see(outcomes: tuple[WayOutcome, ...]) -> None:
    alone, beside = of(outcomes, floor=2, cap=5), of(outcomes, floor=2, cap=5, has_experts=True)
    assert alone.experts.value == 0
    assert 0 < beside.experts.value < 1  # type: ignore[operator]
    assert beside.visits == alone.visits
    assert beside.f1.value > alone.f1.value  # type: ignore[operator]


def test_every_figure_lies_in_its_interval(outcomes: tuple[WayOutcome, ...]) -> None:
    assert [outcome.way for outcome in outcomes] == list(WAYS)
    for outcome in outcomes:
        for figure in (outcome.visits, outcome.votes, outcome.experts, outcome.f1, outcome.images_right, outcome.headline):
            assert figure.interval is not None
            assert figure.value is not None
            assert figure.interval.low <= figure.value <= figure.interval.high


def test_a_team_is_as_large_as_is_said_and_never_smaller_than_the_visits_of_an_image() -> None:
    pilot = of_error_level(LEVEL, n_labels=5, correlation=0.0, seed=2)
    [two_people] = forecast(pilot, ways=WAYS[:1], n_people=1, n_images=20, n_studies=2).outcomes
    assert two_people.visits.value == 2


def test_the_same_seed_gives_the_same_plan_and_progress_is_told() -> None:
    pilot, told = of_error_level(LEVEL, n_labels=5, correlation=None, seed=3), []
    first = forecast(pilot, ways=WAYS[:1], n_images=30, n_studies=3, advance=lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert forecast(pilot, ways=WAYS[:1], n_images=30, n_studies=3) == first
    assert forecast(pilot, ways=WAYS[:1], n_images=30, n_studies=3, seed=1) != first


def a_pilot(n_visits: int) -> tuple[Pilot, Crowd]:
    """Measured on the votes of six people of whom one is careless; and these people."""
    careful, careless = posterior.TYPICAL, np.array([[0.6, 0.1, 0.3], [0.5, 0.1, 0.4]])
    crowd = Crowd(np.stack([careful] * 5 + [careless]), correlation=0.3)
    rng = np.random.default_rng(4)
    images = drawn(like_imagenetv2(8), 400, rng)
    questions, _ = voted(images.image, images.label, images.valid, crowd, n_visits, rng)
    return of_votes(questions, posterior.fit(questions)), crowd


def test_a_pilot_tells_how_its_people_err_and_that_they_err_together() -> None:
    pilot, crowd = a_pilot(n_visits=5)
    assert np.abs(pilot.crowd.confusion - crowd.confusion).max() < 0.12
    assert pilot.is_correlation_measured
    assert 0.05 < pilot.crowd.correlation < 0.4
    assert len(pilot.population.weight) == 400


def test_of_two_votes_a_label_the_correlation_is_assumed() -> None:
    pilot, _ = a_pilot(n_visits=2)
    assert not pilot.is_correlation_measured
    assert pilot.crowd.correlation == CORRELATION


def test_made_up_people_differ_around_the_stated_level() -> None:
    pilot = of_error_level(LEVEL, n_labels=20, correlation=0.2, seed=5)
    yes = pilot.crowd.confusion[:, :, 2]
    assert yes.mean(axis=0) == pytest.approx([0.05, 0.8], abs=0.04)
    assert yes.std(axis=0).min() > 0.01
    assert pilot.crowd.confusion.sum(axis=2) == pytest.approx(1)
    assert (pilot.crowd.correlation, pilot.is_correlation_measured) == (0.2, True)
