"""Runs that keep a pattern whatever the picture, weighed by what others saw there."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from multilabelfy.disagreement.questions import Questions, questions_of_votes
from multilabelfy.disagreement.raters.answer_log import AnswerLog, log_of_votes
from multilabelfy.disagreement.raters.straight_lining import Ordinary, Pattern, StraightRun, straightest_run

SURE = Ordinary(sensitivity=0.8, false_yes=0.1)


def answers(sets: Sequence[Sequence[int]], n_labels: int = 2) -> tuple[Questions, AnswerLog]:
    """One person's answers to images with so many labels, by the places of those that got a yes."""
    rows = [(image, label, 0, 2 * (label in chosen)) for image, chosen in enumerate(sets) for label in range(n_labels)]
    questions = questions_of_votes(*np.array(rows).T)
    return questions, replace(log_of_votes(questions), has_places=True)


def straightest(sets: Sequence[Sequence[int]], chance: Sequence[float], n_labels: int = 2) -> StraightRun | None:
    """The run among these answers, each label of each image having the chance at its place."""
    questions, log = answers(sets, n_labels)
    told = np.ones(len(questions.vote), dtype=np.bool_)
    return straightest_run(log, questions, np.tile(chance, len(sets)), told, np.arange(len(sets)), SURE)


def test_never_choosing_is_as_unlikely_as_the_pictures_say() -> None:
    run = straightest([[]] * 10, [1.0, 0.0])
    assert run is not None
    assert (run.pattern, len(run.answers), run.n_answers) == (Pattern.NONE, 10, 10)
    # an ordinary annotator chooses nothing with 0.2 · 0.9; the likeliest who looks misses twice as much and says hardly a false yes:
    # 0.4 · 0.999, ten times; there are 10 beginnings and 5 patterns (none, first one, first two, any one, both)
    assert run.n_expected == pytest.approx(10 * 0.2 * 0.9)
    assert run.p == pytest.approx(50 * (0.4 * 0.999) ** 10)


def test_where_nothing_is_valid_choosing_nothing_is_right() -> None:
    run = straightest([[]] * 40, [0.0, 0.0])
    assert run is not None
    assert run.p == 1.0


def test_the_first_labels_are_a_pattern_of_their_own() -> None:
    run = straightest([[0]] * 10, [0.1, 0.5])
    assert run is not None
    assert (run.pattern, run.size) == (Pattern.FIRST, 1)
    assert run.p < 0.01


def test_the_same_number_of_any_labels_is_a_run_too() -> None:
    run = straightest([[image % 4] for image in range(30)], [0.5] * 4, n_labels=4)
    assert run is not None
    assert (run.pattern, run.size, len(run.answers)) == (Pattern.COUNT, 1, 30)
    assert run.p < 0.01


def test_one_label_is_no_pattern_where_one_label_is_valid() -> None:
    run = straightest([[image % 4] for image in range(30)], [1.0, 0.0, 0.0, 0.0], n_labels=4)
    careful = straightest([[0]] * 30, [1.0, 0.0, 0.0, 0.0], n_labels=4)
    assert run is not None
    assert careful is not None
    assert careful.p == 1.0
    assert run.p == 1.0  # as many as were valid: that others were chosen is for the error rates to say


def test_of_a_run_within_other_answers_only_the_run_counts() -> None:
    run = straightest([[0], [0, 1]] * 10 + [[]] * 12 + [[0], [1]] * 5, [0.9, 0.2])
    assert run is not None
    assert (run.pattern, run.answers, run.n_answers) == (Pattern.NONE, tuple(range(20, 32)), 42)


def test_short_runs_and_answers_that_nobody_else_gave_say_nothing() -> None:
    assert straightest([[]] * 7, [1.0, 1.0]) is None
    questions, log = answers([[]] * 10)
    untold = np.zeros(len(questions.vote), dtype=np.bool_)
    assert straightest_run(log, questions, np.ones(20), untold, np.arange(10), SURE) is None
