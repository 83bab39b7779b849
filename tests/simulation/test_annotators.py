"""Simulated annotators err at the rates that were set, and never otherwise."""

import math
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest

from multilabelfy.annotation.answers import Submission, problems
from multilabelfy.annotation.model import Outcome, Relation, Screen, UnfitReason
from multilabelfy.annotation.study.protocol import BLIND
from multilabelfy.proposals.model import Candidate
from multilabelfy.simulation.annotators import Habits, SheetShown, SimulatedAnswer, answer, miss_rate
from multilabelfy.simulation.truth import TrueObject, Truth

N = 2000
TABBY, TIGER_CAT, TAXI, CAR, LEMON = range(5)
CAT = TrueObject((TABBY, TIGER_CAT))
ASKED = SheetShown((TABBY, TIGER_CAT, TAXI, CAR, LEMON), group_size=5)
LOOK_ALIKES = {TAXI: frozenset({CAR}), CAR: frozenset({TAXI})}


def said(habits: Habits, truth: Truth, seed: int, asked: SheetShown = ASKED) -> SimulatedAnswer:
    return answer(habits, truth, asked, LOOK_ALIKES, np.random.default_rng(seed))


def share(habits: Habits, truth: Truth, happened: Callable[[Submission], bool], asked: SheetShown = ASKED) -> float:
    return sum(happened(said(habits, truth, seed, asked).submission) for seed in range(N)) / N


def near(rate: float) -> object:
    """Within four standard errors of a rate over N trials: a fair simulation fails this once in 16,000."""
    return pytest.approx(rate, abs=4 * math.sqrt(rate * (1 - rate) / N))


def test_without_errors_every_valid_label_is_ticked_and_no_other() -> None:
    truth = Truth((CAT, TrueObject((TAXI,))))
    submission = said(Habits(), truth, 1).submission
    assert submission.outcome is Outcome.LABELLED
    assert submission.sure() == submission.ticked() == {TABBY, TIGER_CAT, TAXI}


def test_a_picture_without_a_valid_label_gets_none_of_these() -> None:
    submission = said(Habits(), Truth(()), 1).submission
    assert submission.outcome is Outcome.NONE
    assert not submission.ticked()


def test_a_thing_that_strikes_the_eye_is_missed_at_the_rate_set_for_it() -> None:
    habits = Habits(miss=0.1, miss_faint=0.6)
    assert share(habits, Truth((TrueObject((TAXI,), 1.0),)), lambda it: TAXI not in it.yes) == near(0.1)


def test_a_faint_thing_is_missed_at_its_own_rate_and_one_in_between_in_between() -> None:
    habits = Habits(miss=0.1, miss_faint=0.6)
    assert share(habits, Truth((TrueObject((TAXI,), 0.0),)), lambda it: TAXI not in it.yes) == near(0.6)
    assert miss_rate(habits, TrueObject((TAXI,), 0.5)) == pytest.approx(0.35)


def test_of_two_names_one_alone_is_ticked_at_the_rate_set() -> None:
    assert share(Habits(one_name=0.25), Truth((CAT,)), lambda it: len(it.yes) == 1) == near(0.25)


def test_a_look_alike_is_ticked_at_the_rate_set() -> None:
    assert share(Habits(confuse=0.15), Truth((TrueObject((TAXI,)),)), lambda it: CAR in it.yes) == near(0.15)


def test_a_look_alike_that_is_there_too_is_no_mistake() -> None:
    both = Truth((TrueObject((TAXI,)), TrueObject((CAR,))))
    assert share(Habits(confuse=1.0), both, lambda it: it.yes != {TAXI, CAR}) == 0


def test_a_look_alike_that_is_not_on_the_screen_is_not_ticked() -> None:
    without_car = SheetShown((TABBY, TAXI), group_size=5)
    assert share(Habits(confuse=1.0), Truth((TrueObject((TAXI,)),)), lambda it: it.yes != {TAXI}, without_car) == 0


def test_a_yes_becomes_a_maybe_at_the_rate_set() -> None:
    assert share(Habits(doubt=0.2), Truth((TrueObject((TAXI,)),)), lambda it: it.maybe == {TAXI}) == near(0.2)


def test_there_is_no_maybe_where_the_protocol_has_none() -> None:
    plain = SheetShown(ASKED.shown, 5, maybe_allowed=False)
    assert share(Habits(doubt=1.0), Truth((CAT,)), lambda it: bool(it.maybe), plain) == 0


def test_a_label_that_is_not_on_the_screen_is_searched_for_at_the_rate_set() -> None:
    without_taxi = SheetShown((CAR, LEMON), group_size=5)
    found = share(Habits(search=0.3), Truth((TrueObject((TAXI,)),)), lambda it: it.added == {TAXI} == it.yes, without_taxi)
    assert found == near(0.3)


def test_nobody_claims_to_see_anything_in_an_unusable_picture() -> None:
    truth = Truth((CAT,), is_unusable=True)
    answers = [said(Habits(), truth, seed).submission for seed in range(50)]
    assert {it.outcome for it in answers} == {Outcome.UNFIT, Outcome.CANNOT_TELL}
    assert {it.unfit_reason for it in answers if it.outcome is Outcome.UNFIT} == {UnfitReason.POOR}
    assert not any(it.ticked() for it in answers)


def test_the_time_has_the_median_that_was_set_and_more_for_each_tick() -> None:
    def median(truth: Truth) -> float:
        return float(np.median([said(Habits(pace=8.0), truth, seed).timing.elapsed / 1000 for seed in range(N)]))

    assert median(Truth(())) == pytest.approx(8.0, rel=0.05)
    assert median(Truth((CAT,))) == pytest.approx(8.0 + 2 * 1.5, rel=0.05)


def test_every_group_is_opened_in_order_within_the_time() -> None:
    timing = said(Habits(), Truth((CAT,)), 1, SheetShown(tuple(range(12)), group_size=5)).timing
    opened = [moment for moment in timing.opened if moment is not None]
    assert len(opened) == 3
    assert opened == sorted(opened)
    assert opened[0] == 0
    assert opened[-1] < timing.elapsed


def test_the_same_seed_gives_the_same_answer() -> None:
    habits = Habits(miss=0.3, confuse=0.3, doubt=0.3)
    assert said(habits, Truth((CAT, TrueObject((TAXI,)))), 7) == said(habits, Truth((CAT, TrueObject((TAXI,)))), 7)


@pytest.mark.parametrize("seed", range(40))
def test_every_answer_fits_the_form_that_it_is_sent_by(seed: int) -> None:
    habits = Habits(miss=0.3, miss_faint=0.6, one_name=0.3, confuse=0.3, doubt=0.3, search=0.5)
    objects = (CAT, TrueObject((TAXI,), 0.2), TrueObject((9,)))
    submission = said(habits, Truth(objects[: seed % 4], is_unusable=seed % 9 == 8), seed).submission
    candidates = tuple(Candidate(label, "model", label + 1) for label in ASKED.shown)
    screen = Screen(candidates, 5, (datetime(2030, 1, 1, tzinfo=UTC),))
    assert problems(submission, screen, BLIND, known=range(10)) == {}


def test_the_relation_says_whether_labels_belong_to_one_object() -> None:
    assert said(Habits(), Truth((CAT,)), 1).submission.relation is Relation.SEVERAL_NAMES
    assert said(Habits(), Truth((TrueObject((TAXI,)), TrueObject((LEMON,)))), 1).submission.relation is Relation.SEVERAL_OBJECTS
    assert said(Habits(), Truth((CAT, TrueObject((TAXI,)))), 1).submission.relation is Relation.BOTH
