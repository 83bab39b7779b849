"""Votes as a sparse matrix, a row for each question and a column for each answer of each rater: what every iteration sums is a product.

Every vote counts as one, and a sparse matrix keeps that one for each vote, in eight bytes. So the matrix is cut into blocks of rows that
share theirs.
"""

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.questions import N_ANSWERS, Questions

Floats = npt.NDArray[np.float64]
VOTES_AT_ONCE = 1 << 20


class VoteMatrix:
    """The votes on (n_questions,) questions by (n_raters,) raters who answer no, maybe or yes. It keeps some five bytes a vote."""

    def __init__(self, questions: Questions) -> None:
        from scipy.sparse import csr_array  # slow to import, and the server shall begin at once

        column, ends = _columns(questions), _ends(questions)
        cuts = np.unique(np.append(np.searchsorted(ends, np.arange(0, len(column), VOTES_AT_ONCE)), [0, len(questions)]))
        self._rows = [slice(first, last) for first, last in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)]
        votes = [slice(int(ends[rows.start]), int(ends[rows.stop])) for rows in self._rows]
        ones = np.ones(max((of_block.stop - of_block.start for of_block in votes), default=0))
        self._blocks = [
            csr_array(
                (ones[: of_block.stop - of_block.start], column[of_block], ends[rows.start : rows.stop + 1] - ends[rows.start]),
                shape=(rows.stop - rows.start, questions.n_raters * N_ANSWERS),
            )
            for rows, of_block in zip(self._rows, votes, strict=True)
        ]
        self._n_columns = questions.n_raters * N_ANSWERS

    def summed_by_question(self, weight: Floats) -> Floats:
        """What the answers to each question weigh together, (n_questions,), where each rater's answers weigh so much, (n_raters, 3)."""
        return np.concatenate([np.zeros(0), *(block @ weight.ravel() for block in self._blocks)])

    def summed_by_answer(self, value: Floats) -> Floats:
        """The values (n_questions,) of the questions to which each rater gave each answer, summed, (n_raters, 3)."""
        sums = np.zeros(self._n_columns)
        for rows, block in zip(self._rows, self._blocks, strict=True):
            sums += block.T @ value[rows]
        return sums.reshape(-1, N_ANSWERS)


def _columns(questions: Questions) -> npt.NDArray[np.int32]:
    """Each vote's column, question by question, (n_votes,)."""
    column = questions.rater.astype(np.int32)
    column *= N_ANSWERS
    column += questions.vote.astype(np.int8)
    is_in_order = bool((questions.question[1:] >= questions.question[:-1]).all())
    return column if is_in_order else column[np.argsort(questions.question, kind="stable")]


def _ends(questions: Questions) -> npt.NDArray[np.int32]:
    """Where each question's votes begin, and where the last one's end, (n_questions + 1,)."""
    ends = np.zeros(len(questions) + 1, dtype=np.int32)
    np.cumsum(np.bincount(questions.question, minlength=len(questions)), out=ends[1:])
    return ends
