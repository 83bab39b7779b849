"""When do annotators of one image disagree?"""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multilabelfy.annotation.model import Annotation, AnnotatorId, Candidate, Outcome, Screen, Vote
from multilabelfy.dataset.model import ImageId
from multilabelfy.disagreement.comparison import Why, compare, labels_not_asked

NOW = datetime(2024, 1, 1, tzinfo=UTC)
CAT, LYNX, DOG, CUP = range(4)


def said(
    who: int,
    yes: Iterable[int] = (),
    *,
    maybe: Iterable[int] = (),
    outcome: Outcome | None = None,
    shown: tuple[int, ...] = (CAT, LYNX, DOG),
    added: tuple[int, ...] = (),
    surplus: bool = False,
) -> Annotation:
    """One annotator's answer; `added` labels were found by search."""
    answers = {**dict.fromkeys([*yes, *added], Vote.YES), **dict.fromkeys(maybe, Vote.MAYBE)}
    screen = Screen(tuple(Candidate(label, "model", rank) for rank, label in enumerate(shown, 1)), 5, (NOW,))
    return Annotation(
        client_id=f"c{who}",
        image=ImageId(1),
        annotator=AnnotatorId(who),
        outcome=outcome or (Outcome.LABELLED if answers else Outcome.NONE),
        answers=answers,
        screen=screen,
        submitted_at=NOW,
        unprompted=added,
        surplus=surplus,
    )


def test_equal_sets_agree() -> None:
    result = compare([said(1, [CAT, CUP], shown=(CAT, LYNX, CUP)), said(2, [CUP, CAT], shown=(CAT, LYNX, CUP))])
    assert (result.agreed, result.disputed, result.why) == ((CAT, CUP), (), ())
    assert not result.is_disputed


def test_a_strict_superset_is_a_disagreement() -> None:
    result = compare([said(1, [CAT]), said(2, [CAT, LYNX])])
    assert (result.agreed, result.disputed, result.why) == ((CAT,), (LYNX,), (Why.SETS_DIFFER,))


def test_an_agreed_empty_set_goes_on_for_its_reason() -> None:
    result = compare([said(1), said(2)])
    assert (result.agreed, result.disputed, result.why) == ((), (), (Why.AGREED_EMPTY,))


def test_a_maybe_disputes_its_label_even_where_the_sets_are_equal() -> None:
    result = compare([said(1, [CAT], maybe=[LYNX]), said(2, [CAT])])
    assert (result.agreed, result.disputed, result.why) == ((CAT,), (LYNX,), (Why.MAYBE,))


def test_two_maybes_and_nothing_else_are_an_empty_set_in_doubt() -> None:
    result = compare([said(1, maybe=[CAT]), said(2, maybe=[CAT])])
    assert result.disputed == (CAT,)
    assert result.why == (Why.MAYBE, Why.AGREED_EMPTY)


@pytest.mark.parametrize(("outcome", "why"), [(Outcome.CANNOT_TELL, Why.CANNOT_TELL), (Outcome.UNFIT, Why.UNFIT)])
def test_who_cannot_judge_sends_the_image_on(outcome: Outcome, why: Why) -> None:
    assert compare([said(1, outcome=outcome), said(2, outcome=outcome)]).why == (why,)
    assert why in compare([said(1, outcome=outcome), said(2, [CAT])]).why


def test_a_label_that_only_one_was_asked_about_is_disputed_by_that_name() -> None:
    result = compare([said(1, [CAT], added=(CUP,)), said(2, [CAT])])
    assert (result.agreed, result.disputed) == ((CAT,), (CUP,))
    assert result.why == (Why.SETS_DIFFER, Why.NOT_ASKED)


def test_a_label_in_a_five_that_stayed_shut_was_not_asked() -> None:
    assert labels_not_asked([said(1, [DOG]), said(2, [CAT], shown=(CAT, LYNX))]) == {DOG}


def test_a_label_that_both_added_is_agreed() -> None:
    assert compare([said(1, added=(CUP,)), said(2, added=(CUP,))]).why == ()


def test_a_surplus_answer_does_not_count_for_the_rule() -> None:
    assert not compare([said(1, [CAT]), said(2, [CAT]), said(3, [DOG], surplus=True)]).is_disputed


def test_three_annotators_agree_only_when_all_do() -> None:
    assert not compare([said(1, [CAT]), said(2, [CAT]), said(3, [CAT])]).is_disputed
    assert compare([said(1, [CAT]), said(2, [CAT]), said(3, [LYNX])]).disputed == (CAT, LYNX)


def test_one_annotator_alone_agrees_with_themselves() -> None:
    assert not compare([said(1, [CAT])]).is_disputed


def test_no_annotation_at_all_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="without annotations"):
        compare([])


label_sets = st.frozensets(st.sampled_from([CAT, LYNX, DOG]))


@given(st.lists(label_sets, min_size=1, max_size=4))
def test_agreed_and_disputed_split_the_union(sets: list[frozenset[int]]) -> None:
    result = compare([said(who, labels) for who, labels in enumerate(sets)])
    assert set(result.agreed) | set(result.disputed) == frozenset.union(*sets)
    assert not set(result.agreed) & set(result.disputed)
    assert result.is_disputed == (len(set(sets)) > 1 or sets[0] == frozenset())


@given(st.lists(label_sets, min_size=2, max_size=4))
def test_the_order_of_the_annotators_does_not_matter(sets: list[frozenset[int]]) -> None:
    annotations = [said(who, labels) for who, labels in enumerate(sets)]
    assert compare(annotations) == compare(annotations[::-1])
