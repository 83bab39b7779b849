"""Pace among kin against pace on single images, within annotators."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.dataset.model import ImageId
from multilabelfy.disagreement.answer_quality.kin_pace import KinPace, TimedAnswer, kin_pace

BEGIN = datetime(2030, 1, 1, tzinfo=UTC)


def answers(person: int, seconds: list[float], kin: list[bool], first: int = 0, labels: frozenset[int] = frozenset()) -> list[TimedAnswer]:
    """One answer a minute; an image among kin is of a group of four, in the order of the images."""
    return [
        TimedAnswer(
            annotator=AnnotatorId(person),
            image=ImageId(first + number),
            group=(first + number) // 4 if is_kin else -(first + number) - 1,
            handed_at=BEGIN + timedelta(minutes=number),
            seconds=took,
            is_among_kin=is_kin,
            chosen=labels,
        )
        for number, (took, is_kin) in enumerate(zip(seconds, kin, strict=True))
    ]


def alternating(n: int) -> list[bool]:
    """A group of four among kin, then four single images, and so on."""
    return [number % 8 < 4 for number in range(n)]


def drawn_seconds(n: int, kin_ratio: float, base: float, seed: int) -> list[float]:
    draws = np.random.default_rng(seed).lognormal(0, 0.3, n)
    return [base * (kin_ratio if is_kin else 1) * float(draw) for draw, is_kin in zip(draws, alternating(n), strict=True)]


def compared(of: list[TimedAnswer]) -> KinPace:
    pace = kin_pace(of, seed=0)
    assert pace is not None
    return pace


def test_the_change_is_that_of_each_persons_medians() -> None:
    """Ada takes 4 s among kin and 8 s singly; Bob, twice as slow at all, 9 s and 16 s."""
    ada = answers(1, [4.0 if kin else 8.0 for kin in alternating(76)], alternating(76))
    bob = answers(2, [9.0 if kin else 16.0 for kin in alternating(44)], alternating(44))
    pace = compared(ada + bob)
    assert [(person.n_among_kin, person.n_singly) for person in pace.people] == [(40, 36), (24, 20)]
    assert [(person.seconds_among_kin, person.seconds_singly) for person in pace.people] == [(4, 8), (9, 16)]
    assert [person.change.value for person in pace.people] == [-0.5, 9 / 16 - 1]
    weights = np.array([40 * 36 / 76, 24 * 20 / 44])
    assert pace.change.value == pytest.approx(np.exp(weights @ np.log([0.5, 9 / 16]) / weights.sum()) - 1)


def test_the_interval_holds_the_truth_and_another_seed_moves_it_little() -> None:
    of = [
        answer
        for person in range(4)
        for answer in answers(person, drawn_seconds(200, 0.8, 3 + person, person), alternating(200), 1000 * person)
    ]
    pace, again = compared(of), kin_pace(of, seed=1)
    assert pace.change.interval is not None
    assert pace.change.interval.low < -0.2 < pace.change.interval.high
    assert pace.change.interval.high < 0
    assert again is not None
    assert again.change.interval is not None
    assert abs(again.change.interval.high - pace.change.interval.high) < 0.02


def test_no_effect_is_not_found_where_a_slow_person_saw_more_kin() -> None:
    """Pooled over people, kin would look slow: most of them are the slow person's."""
    slow = answers(1, [30.0] * 40, [number % 8 < 7 for number in range(40)])
    quick = answers(2, [3.0] * 41, [number % 8 == 0 for number in range(41)], 1000)
    assert compared(slow + quick).change.value == 0


def test_what_was_answered_before_the_first_kin_or_after_the_last_does_not_count() -> None:
    """Practice: twenty slow answers before anybody put the queue in order."""
    seconds = [20.0] * 20 + [5.0] * 24 + [1.0] * 9
    kin = [False] * 20 + alternating(24)[:20] + [False] * 13
    (person,) = compared(answers(1, seconds, kin)).people
    assert (person.n_among_kin, person.n_singly, person.change.value) == (12, 8, 0)


def test_too_few_answers_of_a_kind_or_times_that_were_not_measured_compare_nothing() -> None:
    assert kin_pace(answers(1, [5.0] * 12, [True] * 12), seed=0) is None
    assert kin_pace(answers(1, [5.0] * 12, [number in (0, 11) for number in range(12)]), seed=0) is None
    assert kin_pace(answers(1, [0.0] * 40, alternating(40)), seed=0) is None
    assert kin_pace([], seed=0) is None


def test_few_groups_have_no_interval() -> None:
    pace = compared([replace(answer, group=int(not answer.is_among_kin)) for answer in answers(1, [5.0] * 44, alternating(44))])
    assert pace.change.interval is None


def test_agreement_is_told_of_each_kind() -> None:
    """Bob chooses as Ada among kin, and otherwise on single images."""
    kin = alternating(44)
    ada = answers(1, [5.0] * 44, kin, labels=frozenset({1}))
    bob = [replace(answer, chosen=answer.chosen if answer.is_among_kin else frozenset({2})) for answer in ada]
    pace = compared(ada + [replace(answer, annotator=AnnotatorId(2)) for answer in bob])
    assert (pace.same_among_kin.value, pace.same_singly.value) == (1, 0)
    assert pace.same_among_kin.interval is not None
    assert compared(ada).same_singly.value is None
