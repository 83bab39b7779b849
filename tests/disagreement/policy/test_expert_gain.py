"""Which case an expert's next second is best spent on."""

from dataclasses import replace

import numpy as np
import pytest

from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.policy.expert_gain import gain_of_decision, worth_of_decisions
from multilabelfy.disagreement.questions import questions_of_votes
from multilabelfy.statistics.logistic import log_odds_of

VOTES = questions_of_votes([0, 0, 1, 1, 1], [0, 1, 0, 0, 1], [0, 0, 0, 1, 0], [2, 0, 2, 0, 0])  # image 1, label 0: a yes and a no


def with_chances(*chances: float) -> posterior.Posterior:
    return replace(posterior.fit(VOTES), log_odds=log_odds_of(np.array(chances)))


def test_a_decision_gains_what_the_posterior_is_expected_to_get_wrong() -> None:
    gain = gain_of_decision(VOTES, with_chances(0.9, 0.2, 0.5, 0.1), n_images=3)
    assert gain.tolist() == pytest.approx([0.1 + 0.2, 0.5 + 0.1, 0.0])  # nobody voted on the last image


def test_the_sooner_decided_of_two_equal_doubts_comes_first() -> None:
    worth = worth_of_decisions(np.array([0.5, 0.5, 0.4]), np.array([2, 2, 2]), np.array([20.0, 40.0, 6.0]))
    assert np.argsort(-worth).tolist() == [2, 0, 1]


def test_without_times_the_greater_doubt_comes_first() -> None:
    worth = worth_of_decisions(np.array([0.5, 0.7]), np.array([2, 3]), np.array([0.0, 0.0]))
    assert worth.tolist() == [0.5, 0.7]
