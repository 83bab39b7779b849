"""Votes of a table against the known label sets of some of its images, rater by rater."""

import numpy as np

from multilabelfy.disagreement.answer_quality.gold_accuracy import GoldAccuracy
from multilabelfy.disagreement.consensus.posterior import Floats
from multilabelfy.disagreement.questions import Ints, Questions
from multilabelfy.disagreement.raters.error_rates import YES
from multilabelfy.statistics.shares import Share


def gold_by_rater(questions: Questions, known: Floats | None) -> tuple[GoldAccuracy, ...]:
    """Each rater's accuracy, by code, from what is known of each question (n_questions,): 1 valid, 0 not, anything else not known."""
    if known is None:
        return (GoldAccuracy(),) * questions.n_raters
    truth, yes = known[questions.question], questions.vote == YES
    is_told = (truth == 0) | (truth == 1)
    right, chosen, valid = (_counts(questions, is_told & of) for of in (yes & (truth == 1), yes, truth == 1))
    wrong = _answers(questions, is_told & (yes != (truth == 1)))
    answered = _answers(questions, is_told)
    return tuple(
        GoldAccuracy(
            Share(int(right[rater]), int(chosen[rater])),
            Share(int(right[rater]), int(valid[rater])),
            Share(int(answered[rater] - wrong[rater]), int(answered[rater])),
        )
        for rater in range(questions.n_raters)
    )


def _counts(questions: Questions, votes: np.ndarray) -> Ints:
    return np.bincount(questions.rater[votes], minlength=questions.n_raters)


def _answers(questions: Questions, votes: np.ndarray) -> Ints:
    """On how many images each rater has one of these votes."""
    image = questions.image[questions.question[votes]]
    answers = np.unique(questions.rater[votes] * max(questions.n_images, 1) + image)
    return np.bincount(answers // max(questions.n_images, 1), minlength=questions.n_raters)
