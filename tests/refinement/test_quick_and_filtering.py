"""Which label is asked next, and which disputes an expert's filter lets through."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from multilabelfy.annotation.model import Annotation, AnnotatorId, AssignmentId, Candidate, Outcome, Screen, Vote
from multilabelfy.annotation.protocol import RefinementStyle
from multilabelfy.dataset.model import ImageId
from multilabelfy.disagreement.comparison import Disagreement, Why
from multilabelfy.refinement.discussion import Remark, RemarkKind, pseudonyms
from multilabelfy.refinement.filtering import EVERYTHING, CaseFilter, fits
from multilabelfy.refinement.quick import InHand, chosen_by_votes, labels_to_ask, next_question

NOW = datetime(2030, 5, 6, 8, 0, tzinfo=UTC)
CAT, DOG, FOX = 1, 2, 3


def in_hand(number: int, asked: tuple[int, ...], votes: Mapping[int, Vote] | None = None) -> InHand:
    """An image in hand."""
    return InHand(AssignmentId(number), asked, votes or {})


def said(annotator: int, *yes: int, outcome: Outcome | None = None) -> Annotation:
    """One annotator's answer on a screen with all three labels."""
    screen = Screen(tuple(Candidate(label, "m", label) for label in (CAT, DOG, FOX)), 5, (NOW,))
    votes = dict.fromkeys(yes, Vote.YES)
    return Annotation(f"id-{annotator}", ImageId(1), AnnotatorId(annotator), outcome or Outcome.LABELLED, votes, screen, NOW)


def test_the_label_with_the_most_questions_comes_first_and_stays_until_it_is_through() -> None:
    hand = [in_hand(10, (CAT, DOG)), in_hand(11, (DOG,)), in_hand(12, (FOX,))]
    assert next_question(hand, None) == (10, DOG)
    hand[0] = in_hand(10, (CAT, DOG), {DOG: Vote.YES})
    assert next_question(hand, DOG) == (11, DOG)
    hand[1] = in_hand(11, (DOG,), {DOG: Vote.NO})
    assert next_question(hand, DOG) == (10, CAT)  # as many as FOX: the lower label


def test_what_the_page_has_already_and_what_is_not_wanted_is_not_asked() -> None:
    hand = [in_hand(10, (CAT, DOG)), in_hand(11, (DOG,))]
    assert next_question(hand, None, held={(AssignmentId(10), DOG)}) == (10, CAT)
    assert next_question(hand, None, among={CAT}) == (10, CAT)
    assert next_question(hand, None, among={FOX}) is None


def test_the_open_style_asks_what_is_disputed_and_the_blind_one_everything() -> None:
    disagreement = Disagreement(agreed=(CAT,), disputed=(DOG,), why=(Why.SETS_DIFFER,))
    assert labels_to_ask((DOG, CAT), disagreement, RefinementStyle.OPEN) == (DOG,)
    assert labels_to_ask((FOX, DOG, CAT), disagreement, RefinementStyle.BLIND) == (FOX, DOG, CAT)


def test_votes_stand_in_place_of_where_the_image_started() -> None:
    assert chosen_by_votes({CAT, DOG}, {DOG: Vote.NO}) == {CAT}
    assert chosen_by_votes((), {DOG: Vote.YES, CAT: Vote.NO}) == {DOG}


@pytest.mark.parametrize(
    ("wanted", "is_in"),
    [
        (EVERYTHING, True),
        (CaseFilter(label=CAT), True),
        (CaseFilter(label=FOX), False),
        (CaseFilter(label=DOG, other=CAT), True),  # 7 chose the one, 8 the other instead
        (CaseFilter(label=DOG, other=FOX), False),
        (CaseFilter(annotators=frozenset({AnnotatorId(8)})), True),
        (CaseFilter(annotators=frozenset({AnnotatorId(9)})), False),
        (CaseFilter(why=Why.SETS_DIFFER), True),
        (CaseFilter(why=Why.UNFIT), False),
        (CaseFilter(label=CAT, why=Why.UNFIT), False),
    ],
)
def test_a_filter_asks_for_all_that_it_names(wanted: CaseFilter, is_in: bool) -> None:
    assert fits(wanted, [said(7, CAT), said(8, DOG)]) is is_in


def test_one_label_found_and_another_missed_is_no_confusion_of_the_two() -> None:
    assert not fits(CaseFilter(label=CAT, other=DOG), [said(7, CAT, DOG), said(8, CAT)])


def test_without_names_others_are_numbered_as_they_spoke_first() -> None:
    spoken = [Remark(str(i), ImageId(1), AnnotatorId(author), RemarkKind.NOTE, "", NOW) for i, author in enumerate((9, 5, 9, 4))]
    assert pseudonyms(spoken, AnnotatorId(5)) == {5: "you", 9: "expert 1", 4: "expert 2"}
