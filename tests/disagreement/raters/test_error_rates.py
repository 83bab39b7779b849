"""Confusion matrices by chances of truth: counted where truth is known, honest where it is not, and nobody confirms themselves."""

import numpy as np
import pytest

from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.questions import questions_of_votes
from multilabelfy.disagreement.raters.error_rates import RaterVotes, error_rates
from multilabelfy.disagreement.raters.leaving_out import chance_without_both, chance_without_own
from multilabelfy.simulation.raters import SimulatedTeam, careful, voted

N = 200


def votes_of(vote: list[int], chance: list[float]) -> RaterVotes:
    """One person's votes, each on an image of its own."""
    n = len(vote)
    return RaterVotes(np.zeros(n, dtype=np.int64), np.arange(n), np.array(vote), np.array(chance), 1)


def test_where_truth_is_known_rates_are_shares() -> None:
    vote = [2] * 80 + [1] * 10 + [0] * 10 + [2] * 5 + [0] * 95
    [rates] = error_rates(votes_of(vote, [1.0] * 100 + [0.0] * 100))
    # a vote of everybody's, here their own, changes nothing
    assert [rate.value for rate in rates.answers[1]] == pytest.approx([0.1, 0.1, 0.8], abs=2e-3)
    assert rates.specificity.value == pytest.approx(0.95, abs=2e-3)
    assert rates.sensitivity.interval is not None
    # Wilson's interval of 80 out of 100
    assert (rates.sensitivity.interval.low, rates.sensitivity.interval.high) == pytest.approx((0.711, 0.867), abs=5e-3)
    assert rates.informedness == pytest.approx(0.75, abs=3e-3)


def test_the_less_is_known_of_truth_the_wider_is_the_interval() -> None:
    vote = ([2] * 8 + [0] * 2 + [0] * 9 + [2]) * 10

    def width(sure: float) -> float:
        [rates] = error_rates(votes_of(vote, ([sure] * 10 + [1 - sure] * 10) * 10))
        assert rates.sensitivity.interval is not None
        return rates.sensitivity.interval.high - rates.sensitivity.interval.low

    assert width(1.0) < width(0.9) < width(0.7)


def test_of_few_labels_of_a_kind_nothing_is_said() -> None:
    [rates] = error_rates(votes_of([2] * 4 + [0] * 50, [1.0] * 4 + [0.0] * 50))
    assert (rates.sensitivity.value, rates.specificity.value, rates.informedness, rates.error) == (None, None, None, None)


def test_nobody_confirms_themselves() -> None:
    alone = questions_of_votes([0, 1, 1, 1], [0, 0, 0, 0], [0, 0, 1, 2], [2, 2, 2, 2])
    fit = posterior.fit(alone)
    chance = chance_without_own(alone, fit)
    assert chance[0] == pytest.approx(1 / (1 + np.exp(-fit.prior[0])))  # of a single vote nothing is left but the prior
    assert chance[1] > chance[0]
    both = chance_without_both(alone, fit, np.array([1]), np.array([2]))
    one = chance_without_own(questions_of_votes([1, 1], [0, 0], [0, 1], [2, 2]), fit)
    assert chance[0] < both[0] < chance[1]
    assert len(one) == 2


def test_what_experts_decided_tells_of_one_persons_errors_and_not_of_whether_two_agree() -> None:
    votes = questions_of_votes([0, 0, 0], [0, 0, 0], [0, 1, 2], [2, 0, 2])
    decided = posterior.fit(votes, known=np.array([0.0]))
    assert chance_without_own(votes, decided)[0] < 0.1
    [both] = chance_without_both(votes, decided, np.array([0]), np.array([1]))
    assert both > 0.3  # the third says yes


def test_intervals_cover_the_truth() -> None:
    covered = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        true = [(rng.uniform(0.6, 0.95), rng.uniform(0.01, 0.12)) for _ in range(8)]
        questions, _ = voted(SimulatedTeam([careful(*rates) for rates in true]), N, overlap=3, seed=seed)
        chance = chance_without_own(questions, posterior.fit(questions))
        votes = RaterVotes(questions.rater, questions.image[questions.question], questions.vote, chance, 8)
        for rates, (sensitivity, false_yes) in zip(error_rates(votes), true, strict=True):
            for measured, value in ((rates.sensitivity, sensitivity), (rates.specificity, 1 - false_yes)):
                assert measured.interval is not None
                covered.append(measured.interval.low <= value <= measured.interval.high)
    assert np.mean(covered) >= 0.9
