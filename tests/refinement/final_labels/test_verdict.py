"""What several experts' decisions come to: never silently the last one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multilabelfy.annotation.model import AnnotatorId, Relation, Vote
from multilabelfy.dataset.model import ImageId
from multilabelfy.refinement.explanation import Explanation, parts_of
from multilabelfy.refinement.final_labels.verdict import Standing, Verdict, final_by_experts, verdict
from multilabelfy.refinement.lots import RefinePolicy
from multilabelfy.refinement.model import EmptyReason, FinalLabels, LabelSource, Refinement

NOW = datetime(2024, 1, 1, tzinfo=UTC)
CAT, LYNX, DOG = range(3)


def decided(
    who: int, *labels: int, policy: str = "two-experts", reason: EmptyReason | None = None, relation: Relation | None = None
) -> Refinement:
    """An expert's decision over the three labels."""
    answers = {label: Vote.YES if label in labels else Vote.NO for label in (CAT, LYNX, DOG)}
    said = Explanation(reason=reason, relation=relation)
    shown = (CAT, LYNX)
    return Refinement(f"r{who}", ImageId(1), AnnotatorId(who), (CAT,), shown, None, answers, NOW, policy=policy, **parts_of(said))


def test_one_expert_decides_alone_where_one_is_wanted() -> None:
    found = verdict([decided(1, CAT, policy="one-expert")], 1)
    assert found.standing is Standing.FINAL
    assert found.final == FinalLabels(ImageId(1), (CAT,), LabelSource.REFINED, decided_by=(AnnotatorId(1),), before=(CAT,))


def test_the_first_of_two_experts_decides_nothing_alone() -> None:
    assert verdict([decided(1, CAT)], 2) == Verdict(Standing.WAITING, 2)


def test_two_who_agree_are_final_and_both_are_named() -> None:
    found = verdict([decided(1, CAT, DOG), decided(2, CAT, DOG)], 2)
    assert found.final is not None
    assert (found.final.labels, found.final.decided_by) == ((CAT, DOG), (AnnotatorId(1), AnnotatorId(2)))


def test_two_who_differ_ask_for_a_third() -> None:
    assert verdict([decided(1, CAT), decided(2, DOG)], 2) == Verdict(Standing.WAITING, 3)


@pytest.mark.parametrize("third", [CAT, DOG])
def test_the_third_decides_by_joining_one_of_them(third: int) -> None:
    found = verdict([decided(1, CAT), decided(2, DOG), decided(3, third)], 3)
    assert found.final is not None
    assert found.final.labels == (third,)
    assert found.final.decided_by == (AnnotatorId(1 if third == CAT else 2), AnnotatorId(3))


def test_three_who_all_differ_leave_the_image_contested() -> None:
    assert verdict([decided(1, CAT), decided(2, DOG), decided(3, LYNX)], 3) == Verdict(Standing.CONTESTED, 3)


def test_a_late_second_decision_that_differs_is_not_silently_the_last_word() -> None:
    assert verdict([decided(1, CAT), decided(2, DOG)], 1) == Verdict(Standing.WAITING, 3)
    assert final_by_experts([decided(1, CAT), decided(2, DOG)]) is None


def test_one_who_revises_into_agreement_ends_the_wait_for_a_third() -> None:
    assert verdict([decided(1, CAT), decided(2, CAT)], 3).standing is Standing.FINAL


def test_two_empty_sets_agree_and_the_first_reason_stands() -> None:
    found = verdict([decided(1, reason=EmptyReason.UNUSABLE), decided(2, reason=EmptyReason.RENDITION)], 2)
    assert found.final is not None
    assert (found.final.labels, found.final.reason) == ((), EmptyReason.UNUSABLE)


def test_a_relation_is_published_where_both_gave_the_same() -> None:
    same = verdict([decided(who, CAT, DOG, relation=Relation.BOTH) for who in (1, 2)], 2).final
    differing = verdict([decided(1, CAT, DOG, relation=Relation.BOTH), decided(2, CAT, DOG)], 2).final
    assert same is not None
    assert differing is not None
    assert (same.relation, differing.relation) == (Relation.BOTH, None)


def test_an_audited_image_says_so() -> None:
    final = final_by_experts([decided(who, CAT, policy=RefinePolicy.AUDIT) for who in (1, 2)])
    assert final is not None
    assert final.source is LabelSource.AUDITED


@given(st.lists(st.sets(st.integers(0, 2)), min_size=1, max_size=5), st.integers(1, 3))
def test_what_is_final_is_what_most_said_in_whatever_order(sets: list[set[int]], n_experts: int) -> None:
    decisions = [decided(who, *labels, reason=EmptyReason.UNUSABLE) for who, labels in enumerate(sets)]
    found, backwards = verdict(decisions, n_experts), verdict(decisions[::-1], n_experts)
    assert found.standing is backwards.standing
    if found.final and backwards.final:
        assert found.final.labels == backwards.final.labels
        assert 2 * len(found.final.decided_by) > n_experts
        assert all(sets.count(other) < len(found.final.decided_by) for other in sets if other != set(found.final.labels))
