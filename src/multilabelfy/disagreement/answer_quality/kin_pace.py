"""What it does to people's pace that images which look alike come one after another, and to how far they agree.

Groups of kin are drawn by seed, and stand among images that come singly: what differs between the two is an effect of the order. It is
measured within annotators, and over the time in which each was given both kinds, so that neither somebody's pace nor practice is in it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

import numpy as np
import numpy.typing as npt

from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.dataset.model import ImageId
from multilabelfy.statistics.intervals import Measured, if_moved, interval_of
from multilabelfy.statistics.resampling import FEWEST_TO_RESAMPLE, resampled_counts, share_interval

Floats = npt.NDArray[np.float64]
FEWEST_OF_A_KIND = 5
"""Whoever has given fewer answers of a kind is left out: the median of fewer says little."""


@dataclass(frozen=True, slots=True)
class TimedAnswer:
    """A standing answer: how many seconds it took, the labels that it chose, and whether its image came among its kin.

    `group` is the group of kin that its image came with: one of its own for an image that came singly.
    """

    annotator: AnnotatorId
    image: ImageId
    group: int
    handed_at: datetime
    seconds: float
    is_among_kin: bool
    chosen: frozenset[int]


@dataclass(frozen=True, slots=True)
class PersonsPace:
    """One annotator's answers of each kind, their median seconds, and by which share of the time these change among kin (−0.1: a tenth
    less)."""

    n_among_kin: int
    n_singly: int
    seconds_among_kin: float
    seconds_singly: float
    change: Measured


@dataclass(frozen=True, slots=True)
class KinPace:
    """Pace among kin against pace on single images, of `people` with answers of both kinds, the most answers first.

    `change` is over all of them: the mean of the logarithms of each one's ratio of medians, by the number of answers (n₁n₂ / (n₁ + n₂)), as
    a share. `same_among_kin` and `same_singly` are the mean shares of pairs of annotators of an image that chose the same labels.
    """

    people: tuple[PersonsPace, ...]
    change: Measured
    same_among_kin: Measured
    same_singly: Measured


def kin_pace(answers: Iterable[TimedAnswer], *, seed: int) -> KinPace | None:
    """Compare the two kinds of answers; None unless somebody has given FEWEST_OF_A_KIND of each while given both.

    Answers without a measured time do not count. Intervals are the bootstrap's over groups of kin and single images (percentiles); for
    fewer than FEWEST_TO_RESAMPLE of these there are none.
    """
    by_person = [own for own in _by_person(answers) if min(_n_of(own, kin=True), _n_of(own, kin=False)) >= FEWEST_OF_A_KIND]
    if not by_person:
        return None
    by_person.sort(key=lambda own: (-len(own), own[0].annotator))
    drawn = _resampled_ratios(by_person, seed)
    observed = np.array([[_median_ratio(own) for own in by_person]])
    weights = np.array([_n_of(own, kin=True) * _n_of(own, kin=False) / len(own) for own in by_person])
    people = tuple(_of_person(own, drawn[:, place]) for place, own in enumerate(by_person))
    counted = [answer for own in by_person for answer in own]
    return KinPace(
        people,
        Measured(float(_pooled(observed, weights)[0]), if_moved(interval_of(_pooled(drawn, weights)))),
        _same([answer for answer in counted if answer.is_among_kin], seed),
        _same([answer for answer in counted if not answer.is_among_kin], seed),
    )


def _by_person(answers: Iterable[TimedAnswer]) -> list[list[TimedAnswer]]:
    """Each annotator's timed answers, from the first image that they were given among its kin to the last."""
    own: dict[AnnotatorId, list[TimedAnswer]] = defaultdict(list)
    for answer in answers:
        if answer.seconds > 0:
            own[answer.annotator].append(answer)
    return [list(_while_both(of_one)) for of_one in own.values()]


def _while_both(own: Sequence[TimedAnswer]) -> Iterable[TimedAnswer]:
    moments = [answer.handed_at for answer in own if answer.is_among_kin]
    return (answer for answer in own if moments and min(moments) <= answer.handed_at <= max(moments))


def _n_of(own: Sequence[TimedAnswer], *, kin: bool) -> int:
    return sum(answer.is_among_kin is kin for answer in own)


def _seconds(own: Sequence[TimedAnswer], *, kin: bool) -> Floats:
    return np.array([answer.seconds for answer in own if answer.is_among_kin is kin], dtype=np.float64)


def _median_ratio(own: Sequence[TimedAnswer]) -> float:
    return float(np.median(_seconds(own, kin=True)) / np.median(_seconds(own, kin=False)))


def _of_person(own: Sequence[TimedAnswer], drawn: Floats) -> PersonsPace:
    among, singly = _seconds(own, kin=True), _seconds(own, kin=False)
    change = Measured(_median_ratio(own) - 1, if_moved(interval_of(drawn - 1)))
    return PersonsPace(len(among), len(singly), float(np.median(among)), float(np.median(singly)), change)


def _pooled(ratios: Floats, weights: Floats) -> Floats:
    """The change over all people in each resample (n_resamples,), from their ratios (n_resamples, n_people); NaN ratios do not count."""
    known = np.isfinite(ratios)
    logs = np.where(known, np.log(np.where(known, ratios, 1)), 0)
    total = known @ weights
    return np.asarray(np.exp(logs @ weights / np.where(total > 0, total, np.nan)) - 1, dtype=np.float64)


def _resampled_ratios(by_person: Sequence[Sequence[TimedAnswer]], seed: int) -> Floats:
    """Each person's ratio of medians in each resample of the groups, (n_resamples, n_people); none of too few groups."""
    groups = sorted({answer.group for own in by_person for answer in own})
    if len(groups) < FEWEST_TO_RESAMPLE:
        return np.zeros((0, len(by_person)))
    code = {group: number for number, group in enumerate(groups)}
    blocks = [np.stack([_ratios(own, code, counts) for own in by_person], axis=1) for counts in resampled_counts(len(groups), seed=seed)]
    return np.concatenate(blocks)


def _ratios(own: Sequence[TimedAnswer], code: dict[int, int], counts: npt.NDArray[np.floating]) -> Floats:
    medians = []
    for kin in (True, False):
        of_kind = sorted((answer for answer in own if answer.is_among_kin is kin), key=lambda answer: answer.seconds)
        weights = counts[:, [code[answer.group] for answer in of_kind]]
        medians.append(_weighted_medians(np.array([answer.seconds for answer in of_kind]), weights))
    return np.asarray(medians[0] / medians[1], dtype=np.float64)


def _weighted_medians(ascending: Floats, weights: npt.NDArray[np.floating]) -> Floats:
    """The median of values (n,) that are there as often as each row of weights (n_rows, n) says; NaN where none is there."""
    reached = weights.cumsum(axis=1)
    half = reached[:, -1:] / 2
    middle = (ascending[(reached >= half).argmax(axis=1)] + ascending[(reached > half).argmax(axis=1)]) / 2
    return np.where(half[:, 0] > 0, middle, np.nan)


def _same(answers: Iterable[TimedAnswer], seed: int) -> Measured:
    """Over images with answers by several of these annotators: the mean share of pairs that chose the same labels."""
    chosen: dict[ImageId, list[frozenset[int]]] = defaultdict(list)
    for answer in answers:
        chosen[answer.image].append(answer.chosen)
    shares = np.array([np.mean([a == b for a, b in combinations(sets, 2)]) for sets in chosen.values() if len(sets) > 1])
    return Measured(float(shares.mean()), share_interval(shares, seed=seed)) if len(shares) else Measured(None)
