"""Which image wants one more visit, in which order, and when it has had enough."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.policy.adaptive import NEEDS, AdaptiveOverlap, Decisions, VisitNeed, decide
from multilabelfy.disagreement.policy.gain import expected_wrong, gain_of_vote, loss, typical_annotator, worth_of_next
from multilabelfy.disagreement.questions import Ints, Questions, questions_of_votes

TYPICAL = posterior.TYPICAL
NO_VOTE = np.zeros(0, dtype=np.int64)
some_chances = st.lists(st.floats(-12, 12), min_size=1, max_size=6)
some_confusions = st.lists(st.floats(0.05, 1), min_size=6, max_size=6)
some_thresholds = st.floats(0.05, 0.95)


def a_study(answers: list[list[int]]) -> tuple[Questions, Ints]:
    """One label an image, answered as listed (0 no, 1 maybe, 2 yes), each answer by somebody else; and the visits of each image."""
    rows = [(image, 0, rater, vote) for image, votes in enumerate(answers) for rater, vote in enumerate(votes)]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return questions_of_votes(*columns), np.array([len(votes) for votes in answers])


def decided(answers: list[list[int]], rule: AdaptiveOverlap) -> Decisions:
    questions, n_visits = a_study(answers)
    return decide(questions, posterior.fit(questions), rule, n_visits)


def needs(decisions: Decisions) -> list[VisitNeed]:
    return [NEEDS[place] for place in decisions.need]


@given(some_chances, some_confusions, some_thresholds, st.integers(0, 9), st.floats(0, 1))
def test_a_gain_is_never_negative_nor_more_than_what_there_is_to_lose(
    log_odds: list[float], confusion: list[float], threshold: float, n_votes: int, correlation: float
) -> None:
    answers = np.array(confusion).reshape(2, 3)
    answers /= answers.sum(axis=1, keepdims=True)
    odds = np.array(log_odds)
    gain = gain_of_vote(odds, np.full(len(odds), n_votes), answers, correlation=correlation, threshold=threshold)
    assert (gain >= 0).all()
    assert (gain <= loss(1 / (1 + np.exp(-odds)), threshold) + 1e-12).all()


def test_what_is_certain_gains_nothing_and_an_even_chance_gains_most() -> None:
    gain = gain_of_vote(np.array([-20.0, 0.0, 1.0, 20.0]), np.zeros(4, dtype=np.int64), TYPICAL, correlation=0.0)
    assert gain[[0, 3]].max() < 1e-6
    assert np.argmax(gain) == 1


def test_the_gain_of_an_even_chance_by_hand() -> None:
    """A no (chance 0.525) leaves 0.15/1.05 wrong, a maybe (0.105) 0.06/0.21, a yes (0.37) 0.04/0.74: 0.125 of 0.5 remain."""
    gain = gain_of_vote(np.array([0.0]), np.array([0]), TYPICAL, correlation=0.0)
    assert gain[0] == pytest.approx(0.5 - (0.075 + 0.03 + 0.02))


def test_a_vote_after_others_is_worth_less_if_people_err_together() -> None:
    n_votes = np.arange(6)
    assert (np.diff(worth_of_next(n_votes, 0.3)) < 0).all()
    assert worth_of_next(n_votes, 0.3).sum() == pytest.approx(6 / (1 + 0.3 * 5))  # Kish: what six votes are worth
    assert worth_of_next(np.array([3]), 1.0)[0] == pytest.approx(0)


def test_the_loss_is_that_of_the_better_decision() -> None:
    chances = np.linspace(0.01, 0.99, 99)
    assert np.argmax(loss(chances, 0.8)) == 79  # at the threshold itself
    assert expected_wrong(chances, 0.5) == pytest.approx(loss(chances, 0.5))


def test_no_image_is_spared_its_first_visits() -> None:
    rule = AdaptiveOverlap(floor=3, cap=5, bound=10.0)
    decisions = decided([[0, 0], [0, 0, 0]], rule)
    assert needs(decisions) == [VisitNeed.BELOW_FLOOR, VisitNeed.ENOUGH]


def test_an_image_in_doubt_is_asked_until_the_cap() -> None:
    rule = AdaptiveOverlap(floor=2, cap=4, bound=0.01)
    decisions = decided([[0, 2], [0, 2, 0, 2]], rule)
    assert needs(decisions) == [VisitNeed.IN_DOUBT, VisitNeed.AT_CAP]


def test_what_had_enough_is_not_asked_again() -> None:
    rule = AdaptiveOverlap(floor=2, cap=4, bound=0.01)
    questions, n_visits = a_study([[0, 2], [0, 2]])
    decisions = decide(questions, posterior.fit(questions), rule, n_visits, had_enough=np.array([True, False]))
    assert needs(decisions) == [VisitNeed.ENOUGH, VisitNeed.IN_DOUBT]
    assert decisions.is_enough.tolist() == [True, False]


def test_an_image_that_nobody_has_seen_wants_a_visit() -> None:
    questions, _ = a_study([[0, 0]])
    decisions = decide(questions, posterior.fit(questions), AdaptiveOverlap(), np.array([2, 0]))
    assert needs(decisions)[1] is VisitNeed.BELOW_FLOOR
    assert decisions.queue().tolist()[0] == 1


def test_a_study_without_votes_wants_first_visits_in_the_order_of_its_images() -> None:
    nothing = questions_of_votes(NO_VOTE, NO_VOTE, NO_VOTE, NO_VOTE)
    fit = posterior.fit(nothing)
    decisions = decide(nothing, fit, AdaptiveOverlap(), np.zeros(3, dtype=np.int64))
    assert decisions.queue().tolist() == [0, 1, 2]
    assert typical_annotator(nothing, fit).tolist() == TYPICAL.tolist()


def test_who_has_the_greater_gain_for_less_time_is_asked_first_and_equals_in_their_own_order() -> None:
    rule = AdaptiveOverlap(floor=2, cap=5, bound=0.0)
    questions, n_visits = a_study([[0, 0], [0, 2], [2, 0], [0, 0]])
    fit = posterior.fit(questions)
    assert decide(questions, fit, rule, n_visits).queue().tolist() == [1, 2, 0, 3]
    slow = decide(questions, fit, rule, n_visits, seconds=np.array([1.0, 9.0, 1.0, 1.0]))
    assert slow.queue().tolist()[0] == 2


@given(st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=4), min_size=1, max_size=8), st.floats(0, 1), st.floats(0, 1))
def test_a_greater_bound_never_asks_for_more(answers: list[list[int]], one: float, other: float) -> None:
    low, high = sorted((one, other))
    strict, lenient = (decided(answers, AdaptiveOverlap(floor=1, cap=4, bound=bound)) for bound in (low, high))
    assert not (lenient.wants_visit & ~strict.wants_visit).any()
    again = decided(answers, AdaptiveOverlap(floor=1, cap=4, bound=low))
    assert again.queue().tolist() == strict.queue().tolist()
    assert (strict.gain >= 0).all()


@pytest.mark.parametrize(
    ("fields", "named"), [({"floor": 6}, "floor"), ({"floor": 0}, "floor"), ({"bound": -1.0}, "bound"), ({"threshold": 1.0}, "threshold")]
)
def test_a_rule_that_cannot_be_followed_is_refused(fields: dict[str, float], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        AdaptiveOverlap(**fields)  # type: ignore[arg-type]
