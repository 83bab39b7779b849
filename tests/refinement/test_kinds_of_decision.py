"""The records of what an expert can say beside the labels, and why an image is before one: each complete, none forgotten."""

from dataclasses import dataclass, fields, replace

import pytest

from multilabelfy.annotation.model import Relation
from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.dataset.image_states import ImageState
from multilabelfy.refinement.cases.decision import Decision
from multilabelfy.refinement.empty_reasons import REASONS, REASONS_TO_CHOOSE, EmptyReason, is_withheld
from multilabelfy.refinement.explanation import (
    CHOSEN_PARTS,
    NOTHING_SAID,
    PARTS,
    Explanation,
    Part,
    common,
    complete,
    parts_as_text,
    parts_asked,
    parts_in_common,
    parts_kept,
    problems_of,
)
from multilabelfy.refinement.label_sources import SOURCES, LabelSource
from multilabelfy.refinement.lots import INDEPENDENT, POLICIES, RefinePolicy, policy_meaning, share_of
from multilabelfy.refinement.model import FinalLabels, Refinement
from multilabelfy.refinement.reopening import is_decided_unseen, is_reopened

A_WALL = Explanation(reason=EmptyReason.OTHER, reason_note=" a wall ", relation=Relation.BOTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithDoubt(Explanation):
    """An explanation with a further part, whose record is missing."""

    doubt: str = ""


def test_every_field_of_an_explanation_is_a_part() -> None:
    assert [part.name for part in PARTS] == [field.name for field in fields(Explanation)]


def test_a_field_without_its_record_and_a_record_without_its_field_are_named() -> None:
    with pytest.raises(LookupError, match="doubt"):
        complete(PARTS, WithDoubt)
    with pytest.raises(LookupError, match="doubt"):
        complete([*PARTS, replace(PARTS[1], name="doubt")], Explanation)
    further = complete([replace(PARTS[1], name="doubt"), *PARTS], WithDoubt)
    assert [part.name for part in further] == ["reason", "reason_note", "relation", "doubt"]


@pytest.mark.parametrize("part", CHOSEN_PARTS, ids=lambda part: part.name)
def test_every_value_of_a_part_has_words_and_the_part_a_meaning(part: Part) -> None:
    assert part.choices is not None
    assert set(part.to_choose) <= set(part.words) == set(part.choices)
    assert part.meaning.endswith(".")


def test_a_part_is_asked_where_the_protocol_and_the_number_of_labels_want_it() -> None:
    asking = replace(PAPER, relation_asked=True)
    assert [parts_asked(asking, n_labels) for n_labels in (0, 1, 2)] == [("reason",), (), ("relation",)]
    assert [parts_asked(PAPER, n_labels) for n_labels in (0, 1, 2)] == [("reason",), (), ()]


@pytest.mark.parametrize("kind", [Decision, Refinement, FinalLabels])
def test_whatever_is_decided_carries_all_parts(kind: type[Explanation]) -> None:
    assert {part.name for part in PARTS} <= {field.name for field in fields(kind)}


def test_a_part_stays_where_it_means_something() -> None:
    assert parts_kept(A_WALL, 0) == {"reason": EmptyReason.OTHER, "reason_note": "a wall", "relation": None}
    assert parts_kept(A_WALL, 1) == {"reason": None, "reason_note": "", "relation": None}
    assert parts_kept(A_WALL, 2) == {"reason": None, "reason_note": "", "relation": Relation.BOTH}


def test_of_several_the_first_ones_reason_stands_and_a_relation_that_all_gave() -> None:
    other = replace(A_WALL, reason=EmptyReason.UNUSABLE, reason_note="dark")
    assert parts_in_common([other, A_WALL]) == {"reason": EmptyReason.UNUSABLE, "reason_note": "dark", "relation": Relation.BOTH}
    assert parts_in_common([A_WALL, replace(A_WALL, relation=None)])["relation"] is None


def test_a_value_is_common_where_all_gave_it() -> None:
    assert (common(["a", "a"]), common(["a", "b"]), common([])) == ("a", None, None)


def test_what_is_not_said_is_empty_in_a_form() -> None:
    assert parts_as_text(NOTHING_SAID) == {"reason": "", "reason_note": "", "relation": ""}
    assert parts_as_text(A_WALL) == {"reason": "other", "reason_note": " a wall ", "relation": "both"}


@pytest.mark.parametrize("reason", EmptyReason)
def test_a_reason_fits_where_an_expert_may_choose_it_and_a_note_is_there_if_it_wants_one(reason: EmptyReason) -> None:
    problems = problems_of(Explanation(reason=reason), 0)
    wanted = {EmptyReason.UNKNOWN: {"reason"}, EmptyReason.OTHER: {"reason_note"}}
    assert set(problems) == wanted.get(reason, set())
    assert problems_of(Explanation(reason=reason), 1) == {}


def test_every_reason_has_words_of_its_own_and_reports_keep_inappropriate_images_back() -> None:
    assert len({meaning.words for meaning in REASONS.values()}) == len(EmptyReason)
    assert set(EmptyReason) - set(REASONS_TO_CHOOSE) == {EmptyReason.UNKNOWN}
    assert [reason for reason, meaning in REASONS.items() if not meaning.may_be_shown] == [EmptyReason.INAPPROPRIATE]


def test_every_source_says_who_looked() -> None:
    looked = {source: (meaning.by_annotators, meaning.by_experts) for source, meaning in SOURCES.items()}
    assert looked == {
        LabelSource.AGREED: (True, False),
        LabelSource.REFINED: (True, True),
        LabelSource.AUDITED: (True, True),
        LabelSource.IMPORTED: (False, False),
        LabelSource.POSTERIOR: (True, False),
    }


def test_two_policies_draw_a_share_and_are_decided_twice() -> None:
    protocol = replace(PAPER, two_expert_share=0.2, audit_share=0.1)
    shares = {policy: share_of(policy, protocol) for policy in RefinePolicy}
    assert {policy: share for policy, share in shares.items() if share} == {RefinePolicy.TWO_EXPERTS: 0.2, RefinePolicy.AUDIT: 0.1}
    assert INDEPENDENT == (RefinePolicy.TWO_EXPERTS, RefinePolicy.AUDIT)


def test_an_unnamed_or_foreign_policy_is_that_of_one_expert() -> None:
    assert policy_meaning(None) is policy_meaning("fixed-overlap") is POLICIES[RefinePolicy.ONE_EXPERT]


@pytest.mark.parametrize("policy", [None, *RefinePolicy])
def test_a_waiting_image_is_decided_unseen_unless_it_was_reopened(policy: RefinePolicy | None) -> None:
    assert is_reopened(ImageState.DISPUTED, policy) is (policy is RefinePolicy.REOPENED)
    assert is_decided_unseen(ImageState.DISPUTED, policy) is (policy is not RefinePolicy.REOPENED)
    assert not is_reopened(ImageState.REFINED, policy)
    assert not is_decided_unseen(ImageState.REFINED, policy)


def test_one_expert_is_enough_to_withhold_a_picture_and_a_standing_decision_counts_more_than_an_earlier_word() -> None:
    withholds = EmptyReason.INAPPROPRIATE
    assert is_withheld([None, withholds])
    assert is_withheld([EmptyReason.UNUSABLE, withholds, EmptyReason.UNUSABLE])
    assert is_withheld([], [None, withholds])
    assert not is_withheld([EmptyReason.UNUSABLE], [withholds])
    assert not is_withheld([], [None])
