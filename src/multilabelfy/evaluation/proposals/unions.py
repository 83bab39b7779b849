"""Several models' proposals against one model's at the same k: joined as people's candidates are, and in the other ways.

Which models go together best is chosen on every second image and measured on the others, both ways: measured where it was chosen, the best
of many looks better than it is. Chances that calibrated scores stand for are fitted where the models are chosen, too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.proposals.calibration import Scores, are_valid, chances, scores_of_ranks
from multilabelfy.evaluation.proposals.recall import Ranked, is_held, valid_ranks
from multilabelfy.proposals.union import OF_PEOPLES_CANDIDATES, Points, Way, joined, reciprocal_ranks
from multilabelfy.statistics.intervals import Interval, interval_of
from multilabelfy.statistics.resampling import FEWEST_TO_RESAMPLE, resampled

MOST = 3


@dataclass(frozen=True, slots=True)
class Union:
    """`models` together: the share of valid labels that are among their first k, measured on images that they were not chosen on.

    `models` are those chosen on all images; `gain` is over the best single model on the same images, with their intervals over resampled
    images (None for fewer than ten images). `way` is how the lists are joined; None of a single model, whose list it does not change.
    """

    models: tuple[str, ...]
    way: Way | None
    recall: float
    interval: Interval | None
    gain: float
    gain_interval: Interval | None


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of the images: `lists` and `scores` are (n_models, n_images, depth)."""

    lists: Ranked
    scores: Scores
    valid: LabelSets


def best_unions(models: Sequence[str], ranked: Ranked, valid: LabelSets, k: int, *, seed: int, scores: Scores | None = None) -> list[Union]:
    """The best model, and the best with one and with two more in each way to join them, as proposers of k labels in all.

    `ranked` is (n_models, n_images, depth) in the order of `valid`; of equal models the first wins. `scores` are theirs, in the same shape;
    where they are None, ranks take their place. Models are added one at a time, each the one that adds most as people's candidates are
    joined. Images without valid labels do not count; none with any gives an empty list.
    """
    rows = np.flatnonzero(valid.counts > 0)
    if not len(rows):
        return []
    scores = scores_of_ranks(ranked) if scores is None else scores
    halves = [_part(ranked, scores, valid, rows[start::2]) for start in (0, 1)]

    @cache
    def n_held(half: int, chosen: tuple[int, ...]) -> int:
        return int(_held_by(halves[half], chosen, OF_PEOPLES_CANDIDATES, k).sum())

    size = min(MOST, len(models))
    ways = [(1, None), *((n, way) for n in range(2, size + 1) for way in Way)]
    held = np.zeros((len(rows), len(ways)))
    for half in (0, 1):
        chosen = _greedy(len(models), size, partial(n_held, half))
        measured_on, fitted_on = halves[1 - half], halves[half]
        held[1 - half :: 2] = np.stack([_held_by(measured_on, chosen[:n], way, k, fitted_on) for n, way in ways], axis=1)
    chosen = _greedy(len(models), size, lambda of: n_held(0, of) + n_held(1, of))
    names = [(tuple(models[place] for place in chosen[:n]), way) for n, way in ways]
    return _unions(names, held, valid.counts[rows], seed)


def _greedy(n_models: int, size: int, n_held: Callable[[tuple[int, ...]], int]) -> tuple[int, ...]:
    """The models' places, each the one that adds most to those before it."""
    chosen: tuple[int, ...] = ()
    while len(chosen) < size:
        others = [place for place in range(n_models) if place not in chosen]
        chosen = max(((*chosen, place) for place in others), key=n_held)  # the first of equals
    return chosen


def _held_by(part: _Part, chosen: Sequence[int], way: Way | None, k: int, fitted_on: _Part | None = None) -> npt.NDArray[np.int64]:
    """How many valid labels of each image the chosen models together have among their first k, (n_images,)."""
    lists = part.lists[list(chosen)]
    together = lists[0] if way is None or len(chosen) == 1 else joined(lists, _points(part, chosen, way, k, fitted_on or part), k)
    held = is_held(valid_ranks(together, part.valid), k)
    return np.add.reduceat(held.astype(np.int64), np.cumsum(part.valid.counts) - part.valid.counts)  # each image has valid labels


def _points(part: _Part, chosen: Sequence[int], way: Way, k: int, fitted_on: _Part) -> Points:
    depth = part.lists.shape[2]
    if way is Way.TURNS:
        return np.zeros(depth)
    if way is Way.RECIPROCAL:
        return reciprocal_ranks(depth, k)
    return np.stack([_chances(part, model, fitted_on) for model in chosen])


def _chances(part: _Part, model: int, fitted_on: _Part) -> Points:
    """That each label of the model's lists is valid, (n_images, depth)."""
    lists = fitted_on.lists[model]
    is_there, is_valid = lists >= 0, are_valid(lists, fitted_on.valid)
    return chances(fitted_on.scores[model][is_there], is_valid[is_there], part.scores[model])


def _unions(
    chosen: Sequence[tuple[tuple[str, ...], Way | None]], held: npt.NDArray[np.float64], n_valid: npt.NDArray[np.int64], seed: int
) -> list[Union]:
    recalls = held.sum(axis=0) / n_valid.sum()
    sums = resampled(np.column_stack([held, n_valid]), seed=seed) if len(n_valid) >= FEWEST_TO_RESAMPLE else None
    drawn = None if sums is None else sums[:, :-1] / sums[:, -1:]
    return [
        Union(
            models,
            way,
            float(recalls[n]),
            None if drawn is None else interval_of(drawn[:, n]),
            float(recalls[n] - recalls[0]),
            None if drawn is None or not n else interval_of(drawn[:, n] - drawn[:, 0]),
        )
        for n, (models, way) in enumerate(chosen)
    ]


def _part(ranked: Ranked, scores: Scores, valid: LabelSets, rows: npt.NDArray[np.int64]) -> _Part:
    sets = LabelSets.from_rows([valid.images[row] for row in rows.tolist()], [valid.row(row) for row in rows.tolist()])
    return _Part(ranked[:, rows], scores[:, rows], sets)
