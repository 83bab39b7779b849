"""What becomes final, and from what."""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from multilabelfy.annotation.model import Annotation, AnnotatorId, Candidate, Outcome, Relation, Screen, Vote
from multilabelfy.dataset.model import ImageId
from multilabelfy.errors import AnswerRefused
from multilabelfy.refinement.explanation import NOTHING_SAID, Explanation
from multilabelfy.refinement.final_labels.resolution import agreed_labels, check_decision, union_of_ticks
from multilabelfy.refinement.final_labels.verdict import final_by_experts
from multilabelfy.refinement.model import EmptyReason, FinalLabels, LabelSource, Refinement

NOW = datetime(2024, 1, 1, tzinfo=UTC)
CAT, LYNX, DOG = range(3)


def said(who: int, yes: Iterable[int] = (), relation: Relation | None = None) -> Annotation:
    """One annotator's answer to the three labels."""
    answers = dict.fromkeys(yes, Vote.YES)
    screen = Screen(tuple(Candidate(label, "model", label + 1) for label in (CAT, LYNX, DOG)), 5, (NOW,))
    ending = Outcome.LABELLED if answers else Outcome.NONE
    return Annotation(f"c{who}", ImageId(1), AnnotatorId(who), ending, answers, screen, NOW, relation=relation)


def decided(revealed: dict[int, Vote] | None, reason: EmptyReason | None = None) -> Refinement:
    """An expert's decision, blind answer first."""
    return Refinement("r1", ImageId(1), AnnotatorId(9), (CAT, LYNX), (CAT, LYNX), {CAT: Vote.YES}, revealed, NOW, reason=reason)


def test_an_agreed_set_is_final_and_names_who_agreed() -> None:
    final = agreed_labels([said(2, [LYNX, CAT]), said(1, [CAT, LYNX])])
    assert final == FinalLabels(
        ImageId(1), (CAT, LYNX), LabelSource.AGREED, decided_by=(AnnotatorId(1), AnnotatorId(2)), before=(CAT, LYNX)
    )


def test_a_disputed_image_stays_unresolved() -> None:
    assert agreed_labels([said(1, [CAT]), said(2, [LYNX])]) is None


def test_an_agreed_empty_set_is_not_final_without_its_reason() -> None:
    assert agreed_labels([said(1), said(2)]) is None


def test_the_relation_is_kept_where_all_gave_the_same() -> None:
    same = [said(who, [CAT, DOG], Relation.SEVERAL_OBJECTS) for who in (1, 2)]
    differing = [said(1, [CAT, DOG], Relation.SEVERAL_OBJECTS), said(2, [CAT, DOG], Relation.BOTH)]
    agreed, disputed = agreed_labels(same), agreed_labels(differing)
    assert agreed is not None
    assert disputed is not None
    assert (agreed.relation, disputed.relation) == (Relation.SEVERAL_OBJECTS, None)


def test_an_experts_decision_is_final_and_keeps_where_it_started() -> None:
    final = final_by_experts([decided({CAT: Vote.NO, LYNX: Vote.YES})])
    assert final == FinalLabels(ImageId(1), (LYNX,), LabelSource.REFINED, decided_by=(AnnotatorId(9),), before=(CAT, LYNX))


def test_an_empty_decision_keeps_its_reason() -> None:
    final = final_by_experts([decided({CAT: Vote.NO}, EmptyReason.UNUSABLE)])
    assert final is not None
    assert (final.labels, final.reason) == ((), EmptyReason.UNUSABLE)


def test_a_blind_answer_is_not_final_before_the_reveal() -> None:
    assert final_by_experts([decided(None)]) is None


def test_an_empty_set_is_refused_without_a_reason() -> None:
    with pytest.raises(AnswerRefused) as refused:
        check_decision({CAT: Vote.NO}, NOTHING_SAID)
    assert set(refused.value.problems) == {"reason"}


def test_no_expert_may_choose_the_reason_of_imports() -> None:
    with pytest.raises(AnswerRefused):
        check_decision({}, Explanation(reason=EmptyReason.UNKNOWN))


def test_another_reason_wants_a_note() -> None:
    with pytest.raises(AnswerRefused) as refused:
        check_decision({}, Explanation(reason=EmptyReason.OTHER, reason_note="  "))
    assert set(refused.value.problems) == {"reason_note"}
    check_decision({}, Explanation(reason=EmptyReason.OTHER, reason_note="a drawing of a word"))


def test_a_maybe_is_no_decision() -> None:
    with pytest.raises(AnswerRefused) as refused:
        check_decision({CAT: Vote.YES, DOG: Vote.MAYBE}, NOTHING_SAID)
    assert set(refused.value.problems) == {"answers"}


def test_a_chosen_label_needs_no_reason() -> None:
    check_decision({CAT: Vote.YES}, NOTHING_SAID)


def test_the_union_holds_every_tick_once() -> None:
    assert union_of_ticks([said(1, [DOG, CAT]), said(2, [CAT])]) == (CAT, DOG)
