"""Which label is asked next, and what the answers make of the image."""

from collections.abc import Mapping

from multilabelfy.annotation.model import AssignmentId, Vote
from multilabelfy.annotation.study.protocol import RefinementStyle
from multilabelfy.disagreement.comparison import Disagreement, Why
from multilabelfy.refinement.cases.quick import InHand, chosen_by_votes, labels_to_ask, next_question

CAT, DOG, FOX = 1, 2, 3


def in_hand(number: int, asked: tuple[int, ...], votes: Mapping[int, Vote] | None = None) -> InHand:
    """An image in hand."""
    return InHand(AssignmentId(number), asked, votes or {})


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
