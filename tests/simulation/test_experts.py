"""Simulated experts decide from the truth, give the reason that belongs to an empty set, and mend what the revealed votes show."""

import numpy as np

from multilabelfy.annotation.model import Relation
from multilabelfy.refinement.model import EmptyReason
from multilabelfy.simulation.annotators import Habits, SheetShown
from multilabelfy.simulation.experts import SimulatedDecision, decide, reconsider
from multilabelfy.simulation.truth import TrueObject, Truth

LOUPE, LENS, TAXI, CAR = range(4)
ASKED = SheetShown((LOUPE, LENS, TAXI, CAR), group_size=4)
TRUTH = Truth((TrueObject((LOUPE, LENS)), TrueObject((TAXI,))))
GOOD = Habits()


def decided(truth: Truth, habits: Habits = GOOD) -> SimulatedDecision:
    return decide(habits, truth, ASKED, {TAXI: frozenset({CAR})}, np.random.default_rng(1))


def reconsidered(chosen: set[int], support: dict[int, float], mends: float = 1.0) -> frozenset[int]:
    first = SimulatedDecision("first", frozenset(chosen), None, None, 5.0)
    return reconsider(first, TRUTH, support, np.random.default_rng(1), mends=mends).chosen


def test_an_expert_without_errors_decides_as_it_is() -> None:
    verdict = decided(TRUTH)
    assert verdict.chosen == {LOUPE, LENS, TAXI}
    assert (verdict.reason, verdict.relation) == (None, Relation.BOTH)


def test_an_empty_set_gets_the_reason_that_is_true() -> None:
    assert decided(Truth(())).reason is EmptyReason.NO_CLASS_PRESENT
    assert decided(Truth((TrueObject((TAXI,)),), is_unusable=True)).reason is EmptyReason.UNUSABLE
    assert decided(Truth((TrueObject((9,)),))).reason is EmptyReason.NOT_PROPOSED


def test_what_an_annotator_saw_and_the_expert_overlooked_is_added_where_it_is_right() -> None:
    assert reconsidered({LOUPE, LENS}, {TAXI: 0.5, CAR: 0.5}) == {LOUPE, LENS, TAXI}


def test_what_nobody_else_saw_is_taken_back_where_it_is_wrong() -> None:
    assert reconsidered({LOUPE, LENS, TAXI, CAR}, {LOUPE: 1.0, LENS: 1.0, TAXI: 0.0, CAR: 0.0}) == {LOUPE, LENS, TAXI}


def test_an_expert_who_never_reconsiders_keeps_the_first_answer() -> None:
    assert reconsidered({CAR}, {CAR: 0.0, TAXI: 1.0}, mends=0.0) == {CAR}


def test_the_second_answer_has_an_id_of_its_own() -> None:
    first = decided(TRUTH)
    assert reconsider(first, TRUTH, {}, np.random.default_rng(2)).client_id != first.client_id
