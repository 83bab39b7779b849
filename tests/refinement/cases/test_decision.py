"""What an expert's decision makes of a case, by values."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from multilabelfy.annotation.assignment import Assignment, AssignmentState
from multilabelfy.annotation.model import (
    Annotation,
    Annotator,
    AnnotatorId,
    AssignmentId,
    Candidate,
    Outcome,
    Relation,
    Role,
    Screen,
    Task,
    Vote,
)
from multilabelfy.annotation.study.protocol import BLIND, PAPER, AnnotationProtocol
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.errors import AnswerRefused, NotAllowed, UnknownLabel
from multilabelfy.refinement.cases.decision import Deciding, Decision, decision_by_labels, refinement_of
from multilabelfy.refinement.model import EmptyReason, Refinement

NOW = datetime(2024, 1, 1, 12, tzinfo=UTC)
HANDED_AT = NOW - timedelta(minutes=10)
CAT, LYNX, DOG, FOX = range(4)
KNOWN = (CAT, LYNX, DOG, FOX)
SCREEN = Screen(tuple(Candidate(label, "model", label + 1) for label in (CAT, LYNX, DOG)), 5, (NOW,))
EVE = Annotator(AnnotatorId(9), "Eve", Role.EXPERT)
HANDED = Assignment(
    AssignmentId(4), DatasetId(1), ImageId(1), EVE.id, Task.REFINE, AssignmentState.OPEN, HANDED_AT, NOW, "two-experts", 0.1
)


def said(who: int, *labels: int, surplus: bool = False) -> Annotation:
    """One annotator's answer."""
    answers = dict.fromkeys(labels, Vote.YES)
    ending = Outcome.LABELLED if labels else Outcome.NONE
    return Annotation(f"c{who}", ImageId(1), AnnotatorId(who), ending, answers, SCREEN, NOW, surplus=surplus)


DISPUTE = (said(1, CAT), said(2, LYNX))


def made(
    *labels: int,
    own: Refinement | None = None,
    protocol: AnnotationProtocol = PAPER,
    annotations: Sequence[Annotation] = DISPUTE,
    by_label_ms: int = 0,
    **rest: object,
) -> Refinement:
    """What Eve's decision for these labels makes of the case; cat and lynx are shown."""
    case = Deciding(
        assignment=HANDED, expert=EVE, protocol=protocol, annotations=annotations, shown=(LYNX, CAT), own=own, by_label_ms=by_label_ms
    )
    decision = replace(Decision("d1", frozenset(labels)), **rest)  # type: ignore[arg-type]
    return refinement_of(decision, case, known=KNOWN, now=NOW)


def test_a_chosen_label_is_a_yes_and_a_shown_one_a_no() -> None:
    assert made(CAT, FOX) == Refinement(
        client_id="d1",
        image=ImageId(1),
        expert=EVE.id,
        before=(CAT, LYNX),
        shown=(LYNX, CAT),
        answer_blind=None,
        answer_revealed={CAT: Vote.YES, LYNX: Vote.NO, FOX: Vote.YES},
        submitted_at=NOW,
        policy="two-experts",
        inclusion_probability=0.1,
    )


def test_what_stood_before_leaves_surplus_answers_out() -> None:
    assert made(CAT, annotations=[*DISPUTE, said(3, DOG, surplus=True)]).before == (CAT, LYNX)


def test_a_blind_decision_is_kept_beside_the_one_after_its_reveal() -> None:
    first = made(CAT, protocol=BLIND)
    assert (first.answer_blind, first.answer_revealed) == ({CAT: Vote.YES, LYNX: Vote.NO}, None)
    second = made(LYNX, protocol=BLIND, own=first)
    assert (second.answer_blind, second.answer_revealed) == (first.answer_blind, {CAT: Vote.NO, LYNX: Vote.YES})
    third = made(CAT, protocol=BLIND, own=second)
    assert (third.answer_blind, third.answer_revealed) == (first.answer_blind, {CAT: Vote.YES, LYNX: Vote.NO})


def test_a_reason_stays_with_an_empty_set_alone() -> None:
    empty = made(reason=EmptyReason.OTHER, reason_note=" a drawing ")
    assert (empty.reason, empty.reason_note) == (EmptyReason.OTHER, "a drawing")
    labelled = made(CAT, reason=EmptyReason.OTHER, reason_note=" a drawing ")
    assert (labelled.reason, labelled.reason_note) == (None, "")


def test_an_empty_set_without_a_reason_is_refused() -> None:
    with pytest.raises(AnswerRefused) as refused:
        made()
    assert set(refused.value.problems) == {"reason"}


def test_a_note_and_the_name_of_a_missing_label_stay_without_blanks_around_them() -> None:
    noted = made(CAT, note=" clear ", missing_label=" okapi ")
    assert (noted.note, noted.missing_label) == ("clear", "okapi")


def test_a_relation_stays_between_several_labels_alone() -> None:
    assert made(CAT, DOG, relation=Relation.BOTH).relation is Relation.BOTH
    assert made(CAT, relation=Relation.BOTH).relation is None


def test_a_label_that_the_dataset_does_not_have_is_refused() -> None:
    with pytest.raises(UnknownLabel, match="label number 99"):
        made(CAT, 99)


@pytest.mark.parametrize("surplus", [False, True])
def test_who_annotated_the_image_does_not_decide_on_it(surplus: bool) -> None:
    with pytest.raises(NotAllowed, match="Eve annotated this image"):
        made(CAT, annotations=[*DISPUTE, said(EVE.id, CAT, surplus=surplus)])


def test_a_decision_that_waited_for_a_connection_counts_from_when_it_was_given() -> None:
    assert made(CAT, age_ms=60_000).submitted_at == NOW - timedelta(minutes=1)
    assert made(CAT, age_ms=86_400_000).submitted_at == HANDED_AT


def test_the_time_spent_label_by_label_counts_once() -> None:
    first = made(CAT, present_ms=1_000, by_label_ms=5_000)
    assert first.present_ms == 6_000
    assert made(CAT, own=first, present_ms=1_000, by_label_ms=5_000).present_ms == 1_000


def test_answers_label_by_label_make_a_decision() -> None:
    votes = {CAT: Vote.NO, LYNX: Vote.YES}
    assert decision_by_labels("q1", DISPUTE, votes, PAPER) == Decision("q1", frozenset({LYNX}))


def test_where_no_label_is_left_the_reason_is_asked_for() -> None:
    assert decision_by_labels("q1", DISPUTE, {CAT: Vote.NO, LYNX: Vote.NO}, PAPER) is None


def test_where_several_are_left_their_relation_is_asked_for_if_the_protocol_does() -> None:
    votes = {CAT: Vote.YES, LYNX: Vote.YES}
    assert decision_by_labels("q1", DISPUTE, votes, replace(PAPER, relation_asked=True)) is None
    assert decision_by_labels("q1", DISPUTE, votes, PAPER) == Decision("q1", frozenset({CAT, LYNX}))
