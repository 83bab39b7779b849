"""Which votes belong to one answer, and which fives nobody can have looked at."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from tests.disagreement.test_comparison import CAT, CUP, DOG, LYNX, NOW, said

from multilabelfy.annotation.model import Annotation, AnnotatorId, Outcome, Screen
from multilabelfy.disagreement.questions import questions_of_votes
from multilabelfy.disagreement.raters.answer_log import fives_of, log_of_votes, logged


def opened(*seconds: float, answered: float, present: float | None = None) -> Annotation:
    """An answer whose fives were opened so many seconds after the first look."""
    of = said(1, [CAT])
    moments = tuple(NOW + timedelta(seconds=at) for at in seconds)
    screen = Screen(of.screen.candidates * len(seconds), 3, moments)
    return replace(
        of, screen=screen, submitted_at=NOW + timedelta(seconds=answered), present_ms=int(1000 * (answered if present is None else present))
    )


@pytest.mark.parametrize(
    ("seconds", "answered", "n_unseen"),
    [
        ((0, 3, 6, 9), 12, 0),
        ((0, 4, 4.1, 4.2), 4.3, 3),  # the first was looked at, then Enter was held
        ((0, 0.1, 0.2, 0.3), 9, 0),  # leafed through, and came back
        ((0, 0.1, 0.2, 0.3), 0.4, 4),
    ],
)
def test_a_five_counts_as_unseen_only_if_no_time_was_left_for_it(seconds: Iterable[float], answered: float, n_unseen: int) -> None:
    assert fives_of(opened(*seconds, answered=answered)) == (4, n_unseen)


def test_openings_that_were_not_measured_accuse_nobody() -> None:
    assert fives_of(opened(0, 0, answered=0, present=4)) == (0, 0)  # imported: one moment for everything
    assert fives_of(opened(0, 0, answered=0.1, present=0)) == (0, 0)


def test_each_persons_answers_come_in_order_of_time_with_their_votes_in_order_of_the_page() -> None:
    late = replace(said(1, [DOG], shown=(LYNX, DOG), added=(CUP,)), submitted_at=NOW + timedelta(hours=1), present_ms=2500)
    early = said(1, [CAT])
    other = said(2, outcome=Outcome.CANNOT_TELL)
    questions, log, annotators = logged([[late, other], [early]])
    assert annotators == (AnnotatorId(1),)  # who cast no vote is not reviewed
    assert log.image.tolist() == [1, 0]
    assert [questions.label[questions.question[log.votes(answer)]].tolist() for answer in range(2)] == [[CAT, LYNX, DOG], [LYNX, DOG]]
    assert questions.vote[log.votes(1)].tolist() == [0, 2]  # nobody asked about what a search found
    assert log.seconds[1] == 2.5
    assert np.isnan(log.seconds[0])


def test_votes_of_a_table_are_answers_by_image_without_places_and_times() -> None:
    questions = questions_of_votes([0, 1, 0, 0], [3, 3, 4, 3], [7, 7, 7, 2], [2, 0, 1, 0])
    log = log_of_votes(questions)
    assert (log.rater.tolist(), log.image.tolist()) == ([2, 7, 7], [0, 0, 1])
    assert [sorted(questions.vote[log.votes(answer)].tolist()) for answer in range(3)] == [[0], [1, 2], [0]]
    assert (log.has_places, log.has_times) == (False, False)
