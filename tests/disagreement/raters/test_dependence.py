"""Who errs together with whom, and what votes are worth then."""

import numpy as np
import pytest

from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.questions import questions_of_votes
from multilabelfy.disagreement.raters.dependence import counted_once, dependences
from multilabelfy.simulation.raters import Habit, SimulatedTeam, careful, voted

SIX: list[Habit] = [careful()] * 6


def test_errors_of_independent_raters_are_not_correlated() -> None:
    questions, _ = voted(SimulatedTeam(SIX), 300, overlap=5, seed=1)
    pairs, votes = dependences(questions, posterior.fit(questions))
    assert len(pairs) == 15
    assert np.mean([pair.correlation.value for pair in pairs]) == pytest.approx(0, abs=0.05)
    assert votes is not None
    assert votes.correlation.interval is not None
    assert votes.correlation.interval.low <= 0 <= votes.correlation.interval.high
    assert votes.n_votes == 5


def test_two_who_copy_each_other_have_a_correlation_of_one() -> None:
    questions, _ = voted(SimulatedTeam(SIX, copies={1: 0}), 150, overlap=5, seed=2)
    pairs, _ = dependences(questions, posterior.fit(questions))
    [copied] = [pair for pair in pairs if (pair.first, pair.second) == (0, 1)]
    assert copied.n_alike == copied.n_questions
    assert copied.n_expected < 0.95 * copied.n_questions
    assert copied.correlation.value == pytest.approx(1, abs=0.15)
    assert (copied.correlation.value or 0.0) <= 1
    assert len(copied.images) == 5


def test_of_two_votes_nobody_can_tell_what_they_are_worth() -> None:
    questions, _ = voted(SimulatedTeam(SIX), 200, overlap=2, seed=3)
    assert dependences(questions, posterior.fit(questions))[1] is None


def test_with_few_images_in_common_it_is_too_few_to_tell() -> None:
    questions, _ = voted(SimulatedTeam(SIX), 20, overlap=3, seed=4)
    pairs, votes = dependences(questions, posterior.fit(questions))
    assert {pair.correlation.value for pair in pairs} == {None}
    assert votes is not None  # all of them together are enough


def test_without_votes_there_is_no_pair() -> None:
    nothing = questions_of_votes([], [], [], [])
    assert dependences(nothing, posterior.fit(nothing)) == ([], None)


def test_of_two_who_copy_each_other_one_is_left_where_both_answered() -> None:
    questions = questions_of_votes([0, 0, 0, 1], [0, 0, 0, 0], [0, 1, 2, 1], [2, 2, 0, 2])
    once = counted_once(questions, [(0, 1)])
    assert (once.rater.tolist(), once.question.tolist()) == ([0, 2, 1], [0, 0, 1])
