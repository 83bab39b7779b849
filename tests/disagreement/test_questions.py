"""Votes laid out as arrays: who asked what, in which order."""

import numpy as np
from tests.disagreement.test_comparison import CAT, DOG, said

from multilabelfy.disagreement.questions import questions_of


def test_raters_are_coded_in_the_order_of_their_first_answer() -> None:
    questions, raters = questions_of([[said(7, [CAT])], [said(3, [DOG]), said(7)]])
    assert raters == (7, 3)
    assert questions.counts().tolist() == [[0, 0, 1], [1, 0, 0], [1, 0, 0], [2, 0, 0], [2, 0, 0], [1, 0, 1]]


def test_no_answers_are_no_questions() -> None:
    assert np.array_equal(questions_of([])[0].counts(), np.zeros((0, 3)))
