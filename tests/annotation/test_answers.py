"""Which answers are refused, with which reason, and what annotation the others make."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multilabelfy.annotation.answers import Submission, annotation_of, problems
from multilabelfy.annotation.model import Annotation, AnnotatorId, Candidate, Outcome, Relation, Screen, UnfitReason, Vote
from multilabelfy.annotation.study.protocol import BLIND, PAPER, AnnotationProtocol
from multilabelfy.annotation.votes import votes_of
from multilabelfy.dataset.model import ImageId
from multilabelfy.errors import AnswerRefused

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
# Ten candidates, labels 0 … 9, in two fives; the label space has 100 labels.
BOTH_SEEN = Screen(tuple(Candidate(label, "a model", label + 1) for label in range(10)), 5, (NOON, NOON))
FIRST_SEEN = replace(BOTH_SEEN, opened_at=(NOON, None))
TICKED = Submission("id-of-answer", Outcome.LABELLED, yes=frozenset({3}))


def refusal(said: Submission, screen: Screen = BOTH_SEEN, protocol: AnnotationProtocol = PAPER) -> dict[str, str]:
    return dict(problems(said, screen, protocol, known=range(100)))


def saved(said: Submission, screen: Screen = BOTH_SEEN, protocol: AnnotationProtocol = PAPER) -> Annotation:
    return annotation_of(said, screen, protocol, known=range(100), image=ImageId(1), annotator=AnnotatorId(2), submitted_at=NOON)


def test_a_tick_is_a_yes_and_an_unticked_shown_label_a_no() -> None:
    annotation = saved(TICKED)
    assert annotation.answers == {3: Vote.YES}
    assert votes_of(annotation) == {label: Vote.YES if label == 3 else Vote.NO for label in range(10)}


def test_a_label_that_was_never_shown_gets_no_vote() -> None:
    optional = replace(PAPER, all_groups_required=False)
    assert set(votes_of(saved(TICKED, FIRST_SEEN, optional))) == {0, 1, 2, 3, 4}


def test_nothing_chosen_is_refused_until_none_or_cannot_tell_is_said() -> None:
    nothing = Submission("id-of-answer", Outcome.LABELLED)
    assert "Nothing is chosen yet" in refusal(nothing)["answers"]
    assert refusal(replace(nothing, outcome=Outcome.NONE)) == {}
    assert refusal(replace(nothing, outcome=Outcome.CANNOT_TELL)) == {}


def test_a_five_that_was_not_seen_is_refused_where_the_protocol_asks_for_all() -> None:
    assert refusal(TICKED, FIRST_SEEN) == {"fives": "One five has not been seen yet: Enter shows it."}
    assert refusal(TICKED, FIRST_SEEN, replace(PAPER, all_groups_required=False)) == {}


def test_an_unfit_picture_needs_no_look_at_its_candidates_but_a_reason() -> None:
    unfit = Submission("id-of-answer", Outcome.UNFIT)
    assert refusal(unfit, FIRST_SEEN) == {"reason": "Say why the picture is unfit."}
    assert refusal(replace(unfit, unfit_reason=UnfitReason.POOR), FIRST_SEEN) == {}
    assert "reason" in refusal(replace(unfit, unfit_reason=UnfitReason.OTHER))
    assert refusal(replace(unfit, unfit_reason=UnfitReason.OTHER, note="a blank page")) == {}


def test_none_of_these_contradicts_a_tick() -> None:
    assert "contradict" in refusal(replace(TICKED, outcome=Outcome.NONE))["answers"]
    assert "answers" in refusal(replace(TICKED, outcome=Outcome.UNFIT, unfit_reason=UnfitReason.POOR))


def test_a_forged_label_is_refused() -> None:
    assert "not on this screen" in refusal(replace(TICKED, yes=frozenset({55})))["answers"]
    assert "no label number 100" in refusal(replace(TICKED, yes=frozenset({100}), added=frozenset({100})))["answers"]
    assert "no label number -1" in refusal(replace(TICKED, added=frozenset({-1})))["answers"]


def test_a_label_of_a_five_that_was_not_opened_is_refused() -> None:
    optional = replace(PAPER, all_groups_required=False)
    assert "not on this screen" in refusal(replace(TICKED, yes=frozenset({7})), FIRST_SEEN, optional)["answers"]


def test_a_label_found_by_search_is_kept_as_unprompted() -> None:
    annotation = saved(replace(TICKED, yes=frozenset({3, 55}), added=frozenset({55})))
    assert annotation.answers == {3: Vote.YES, 55: Vote.YES}
    assert annotation.unprompted == (55,)


def test_a_searched_label_that_was_also_shown_is_not_unprompted() -> None:
    assert saved(replace(TICKED, added=frozenset({3}))).unprompted == ()


def test_a_maybe_needs_a_protocol_that_allows_it() -> None:
    doubtful = replace(TICKED, maybe=frozenset({4}))
    assert "yes or no" in refusal(doubtful)["answers"]
    assert saved(doubtful, protocol=BLIND).answers == {3: Vote.YES, 4: Vote.MAYBE}


def test_a_label_with_yes_and_maybe_counts_as_maybe() -> None:
    assert saved(replace(TICKED, maybe=frozenset({3})), protocol=BLIND).answers == {3: Vote.MAYBE}


def test_the_relation_is_asked_from_two_certain_labels_on() -> None:
    two = replace(TICKED, yes=frozenset({3, 4}))
    assert set(refusal(two, protocol=BLIND)) == {"relation"}
    assert refusal(two, protocol=PAPER) == {}
    assert refusal(replace(two, yes=frozenset({3}), maybe=frozenset({4})), protocol=BLIND) == {}
    assert saved(replace(two, relation=Relation.BOTH), protocol=BLIND).relation is Relation.BOTH


def test_a_relation_nobody_asked_for_is_dropped() -> None:
    assert saved(replace(TICKED, relation=Relation.BOTH), protocol=BLIND).relation is None


def test_cannot_tell_keeps_what_was_ticked_as_unsure_and_is_no_vote() -> None:
    annotation = saved(replace(TICKED, yes=frozenset({3, 4}), outcome=Outcome.CANNOT_TELL))
    assert (annotation.answers, annotation.unsure_between) == ({}, (3, 4))
    assert votes_of(annotation) == {}


def test_texts_have_a_length_and_an_answer_an_id() -> None:
    wrong = replace(TICKED, client_id="<script>", note="n" * 2001, missing_label="m" * 201)
    assert set(refusal(wrong)) == {"id", "note", "missing"}


def test_all_problems_are_told_together() -> None:
    with pytest.raises(AnswerRefused) as refused:
        saved(Submission("id-of-answer", Outcome.LABELLED), FIRST_SEEN)
    assert set(refused.value.problems) == {"answers", "fives"}


labels = st.frozensets(st.integers(0, 14), max_size=6)


@given(labels, labels, labels, st.sampled_from(Outcome), st.booleans())
def test_whatever_is_saved_votes_only_on_what_was_shown_or_searched(
    yes: frozenset[int], maybe: frozenset[int], added: frozenset[int], outcome: Outcome, blind: bool
) -> None:
    said = Submission("id-of-answer", outcome, yes, maybe, added, relation=Relation.BOTH, unfit_reason=UnfitReason.POOR)
    try:
        annotation = saved(said, protocol=BLIND if blind else PAPER)
    except AnswerRefused:
        return
    assert set(votes_of(annotation)) <= set(annotation.screen.shown()) | added
    assert (outcome is Outcome.LABELLED) == bool(annotation.answers)
