"""Sums over votes are those that a loop over the votes gives, in whatever order and in however many blocks they come."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multilabelfy.disagreement.consensus import vote_matrix
from multilabelfy.disagreement.consensus.vote_matrix import VoteMatrix
from multilabelfy.disagreement.questions import questions_of_votes

VOTES = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 3), st.integers(0, 4), st.integers(0, 2)), max_size=40, unique_by=lambda vote: vote[:3]
)


@given(VOTES, st.integers(1, 9))
def test_sums_are_those_of_a_loop_over_the_votes(votes: list[tuple[int, int, int, int]], at_once: int) -> None:
    questions = questions_of_votes(*np.array(votes, dtype=np.int64).reshape(-1, 4).T)
    weight = np.random.default_rng(0).normal(size=(questions.n_raters, 3))
    value = np.random.default_rng(1).normal(size=len(questions))
    by_question, by_answer = np.zeros(len(questions)), np.zeros((questions.n_raters, 3))
    for question, rater, vote in zip(questions.question, questions.rater, questions.vote, strict=True):
        by_question[question] += weight[rater, vote]
        by_answer[rater, vote] += value[question]
    with patch.object(vote_matrix, "VOTES_AT_ONCE", at_once):
        matrix = VoteMatrix(questions)
    assert matrix.summed_by_question(weight) == pytest.approx(by_question)
    assert matrix.summed_by_answer(value) == pytest.approx(by_answer)
