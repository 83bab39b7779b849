"""Answers beside known labels, beside the same person's earlier answer, and before and after the candidates came into view."""

from collections.abc import Iterable
from dataclasses import replace

from tests.disagreement.test_comparison import CAT, CUP, DOG, LYNX, said

from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.annotation.checking.gold import Gold, marks
from multilabelfy.annotation.model import Annotation, Outcome, Vote
from multilabelfy.dataset.model import ImageId
from multilabelfy.disagreement.answer_quality.gold_accuracy import GoldAccuracy, gold_accuracy
from multilabelfy.disagreement.answer_quality.self_agreement import SelfAgreement, self_agreement
from multilabelfy.disagreement.answer_quality.suggestion import Suggestion, suggestion
from multilabelfy.statistics.shares import Share


def known(*labels: int) -> Gold:
    return Gold(ImageId(1), GoldKind.TEST, labels)


def by_search(first: Iterable[int], yes: Iterable[int]) -> Annotation:
    return replace(said(1, yes), search_first=dict.fromkeys(first, Vote.YES))


def test_an_answer_is_marked_label_by_label() -> None:
    found = marks(said(1, [CAT, DOG]), known(CAT, LYNX))
    assert (found.right, found.missed, found.wrong) == ((CAT,), (LYNX,), (DOG,))
    assert not found.is_perfect


def test_a_valid_label_that_was_neither_shown_nor_found_is_not_missed() -> None:
    assert marks(said(1, [CAT]), known(CAT, CUP)).is_perfect
    assert marks(said(1, [CAT], added=(CUP,)), known(CAT, CUP)).right == (CAT, CUP)


def test_none_of_these_is_right_where_nothing_is_valid() -> None:
    assert marks(said(1), known()).is_perfect


def test_a_maybe_is_no_yes() -> None:
    found = marks(said(1, [CAT], maybe=[LYNX]), known(CAT, LYNX))
    assert (found.missed, found.wrong) == ((LYNX,), ())


def test_precision_and_recall_count_labels_and_perfect_counts_images() -> None:
    answered = [
        (said(1, [CAT, DOG]), known(CAT, LYNX)),  # one right, one wrong, one missed
        (said(1, [CAT]), known(CAT)),  # all right
        (said(1, outcome=Outcome.CANNOT_TELL), known(CAT)),  # no vote
    ]
    found = gold_accuracy(answered)
    assert found == GoldAccuracy(precision=Share(2, 3), recall=Share(2, 3), perfect=Share(1, 2), n_silent=1)
    assert found.n_images == 2
    assert found + found == GoldAccuracy(Share(4, 6), Share(4, 6), Share(2, 4), 2)


def test_of_nothing_there_is_no_share() -> None:
    assert gold_accuracy([]) == GoldAccuracy()
    assert (Share().value, Share(1, 4).value) == (None, 0.25)
    assert self_agreement([]) == SelfAgreement()
    assert suggestion([]) == Suggestion()


def test_agreement_with_oneself_is_over_what_was_voted_on_both_times() -> None:
    first = said(1, [CAT], maybe=[LYNX], shown=(CAT, LYNX, DOG))
    again = said(1, [CAT, LYNX], shown=(CAT, LYNX, CUP))
    # CAT alike (yes), LYNX not (maybe, yes); DOG and CUP stood on one screen alone
    found = self_agreement([(first, again)])
    assert found == SelfAgreement(alike=Share(1, 2), positive=Share(2, 3), same_set=Share(0, 1))


def test_what_was_found_by_search_both_times_was_asked_neither_time() -> None:
    first, again = (said(1, [CAT], added=(CUP,), shown=(CAT, DOG)) for _ in range(2))
    assert self_agreement([(first, again)]).alike == Share(2, 2)  # CAT and DOG


def test_an_answer_that_could_not_tell_agrees_with_nothing() -> None:
    assert self_agreement([(said(1, [CAT]), said(1, outcome=Outcome.CANNOT_TELL))]) == SelfAgreement()


def test_two_answers_of_none_agree_without_any_yes() -> None:
    found = self_agreement([(said(1), said(1))])
    assert found == SelfAgreement(alike=Share(3, 3), positive=Share(0, 0), same_set=Share(1, 1))


def test_what_candidates_suggest_is_what_search_alone_did_not_find() -> None:
    answers = [by_search([CAT, CUP], [CAT, LYNX]), by_search([], [DOG]), said(1, [CAT])]
    # of CAT, LYNX and DOG search alone found CAT; CUP was given up; the last had the candidates in view from the start
    assert suggestion(answers) == Suggestion(n_answers=2, found=Share(1, 3), given_up=Share(1, 2))
