"""Seconds an answer, and answers that are too fast for as many labels as they are about."""

import numpy as np
import pytest
from scipy.stats import binom

from multilabelfy.disagreement.raters.answer_log import AnswerLog
from multilabelfy.disagreement.raters.haste import rapid_answers, speed, unseen_fives
from multilabelfy.statistics.intervals import Interval


def timed(rater: list[int], seconds: list[float], n_labels: list[int], n_unseen: list[int] | None = None) -> AnswerLog:
    """A log of nothing but times; each answer opened four fives."""
    n = len(rater)
    stop = np.cumsum(np.array(n_labels, dtype=np.int64))
    return AnswerLog(
        np.array(rater), np.arange(n), stop - np.array(n_labels), stop, np.arange(stop[-1]), np.array(seconds), np.full(n, 4),
        np.array(n_unseen or [0] * n), has_places=True, has_times=True,
    )  # fmt: skip


def test_the_median_has_the_interval_of_order_statistics() -> None:
    found = speed(np.array([np.nan, *range(1, 101)]))
    assert found is not None
    assert (found.n, found.median.value) == (100, 50.5)
    assert found.median.interval == Interval(41, 60)  # the 41st from either end
    assert found.quantiles[0] == pytest.approx(10.9)


def test_few_times_have_a_median_and_no_interval_and_none_has_neither() -> None:
    few = speed(np.array([3.0, 1.0, 2.0]))
    assert few is not None
    assert (few.median.value, few.median.interval) == (2.0, None)
    assert speed(np.array([np.nan])) is None


def test_an_answer_is_rapid_by_the_time_of_others_for_as_many_labels() -> None:
    others = [1] * 20
    log = timed([0] * 30 + others, [1.0] * 10 + [5.0] * 20 + [10.0] * 10 + [4.0] * 10, [20] * 10 + [5] * 20 + [20] * 10 + [5] * 10)
    found = rapid_answers(log, np.arange(30))
    assert found is not None
    assert (found.n, found.n_hasty, found.answers) == (30, 10, tuple(range(10)))
    assert (found.own, found.typical) == (1.0, 10.0)
    assert found.p == pytest.approx(binom.sf(9, 30, 0.05))


def test_without_others_answers_about_as_many_labels_nobody_is_rapid() -> None:
    assert rapid_answers(timed([0] * 30 + [1] * 30, [0.1] * 30 + [9.0] * 30, [20] * 30 + [5] * 30), np.arange(30)) is None


def test_unseen_fives_are_counted_over_answers() -> None:
    found = unseen_fives(timed([0] * 10, [5.0] * 10, [20] * 10, [0] * 5 + [3] * 5), np.arange(10))
    assert found is not None
    assert (found.n, found.n_hasty, found.answers) == (40, 15, (5, 6, 7, 8, 9))
    assert unseen_fives(timed([0] * 4, [5.0] * 4, [20] * 4), np.arange(4)) is None
