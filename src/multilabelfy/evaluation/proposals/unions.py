"""Several models' proposals against one model's at the same k: fused by reciprocal ranks, the models chosen greedily.

Which models go together best is chosen on every second image and measured on the others, both ways: measured where it was chosen, the best
of many looks better than it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.proposals.recall import Ranked, is_held, valid_ranks
from multilabelfy.statistics.intervals import Interval, interval_of
from multilabelfy.statistics.resampling import FEWEST_TO_RESAMPLE, resampled

DAMPING = 60
"""Of reciprocal rank fusion (Cormack, Clarke & Büttcher 2009): a label's score is the sum of 1 / (60 + rank) over the models."""
MOST = 3
ROWS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Union:
    """`models` together: the share of valid labels that are among their first k, measured on images that they were not chosen on.

    `models` are those chosen on all images; `gain` is over the best single model on the same images, with their intervals over resampled
    images (None for fewer than ten images).
    """

    models: tuple[str, ...]
    recall: float
    interval: Interval | None
    gain: float
    gain_interval: Interval | None


def best_unions(models: Sequence[str], ranked: Ranked, valid: LabelSets, k: int, *, seed: int) -> list[Union]:
    """The best model, and the best with one and with two more, as proposers of k labels in all.

    `ranked` is (n_models, n_images, depth) in the order of `valid`; of equal models the first wins. Images without valid labels do not
    count; none with any gives an empty list.
    """
    rows = np.flatnonzero(valid.counts > 0)
    if not len(rows):
        return []
    asked, lists = _of(valid, rows), ranked[:, rows]
    half = np.arange(len(rows)) % 2
    size = min(MOST, len(models))
    held = np.zeros((len(rows), size))
    for part in (0, 1):
        chosen = _greedy(lists[:, half == part], _of(asked, np.flatnonzero(half == part)), k, size)
        held[half != part] = _held_by(lists[:, half != part], _of(asked, np.flatnonzero(half != part)), k, chosen)
    chosen = _greedy(lists, asked, k, size)
    return _unions([models[place] for place in chosen], held, asked.counts, seed)


def fused(lists: Ranked, k: int) -> Ranked:
    """The first k labels of several models' lists, (n_models, n_images, depth) → (n_images, k).

    Labels of equal scores stay in the order of their best rank, then of the models. Negative labels end a shorter list, also in the result.

    >>> fused(np.array([[[1, 2, 3]], [[2, 4, 5]]]), 3).tolist()
    [[2, 1, 4]]
    """
    return np.concatenate([_fused(lists[:, start : start + ROWS_AT_ONCE], k) for start in range(0, lists.shape[1], ROWS_AT_ONCE)])


def _fused(lists: Ranked, k: int) -> Ranked:
    n_models, n_images, depth = lists.shape
    labels = lists.transpose(1, 2, 0).reshape(n_images, depth * n_models)  # by rank, then by model
    score = np.repeat(1 / (DAMPING + np.arange(1, depth + 1)), n_models)
    is_same = labels[:, :, None] == labels[:, None, :]
    is_first = is_same.argmax(axis=2) == np.arange(depth * n_models)
    total = np.where(is_first & (labels >= 0), is_same @ score, -1.0)
    order = np.argsort(-total, axis=1, kind="stable")[:, :k]
    best = np.take_along_axis(labels, order, axis=1)
    return np.where(np.take_along_axis(total, order, axis=1) > 0, best, -1)


def _greedy(lists: Ranked, valid: LabelSets, k: int, size: int) -> list[int]:
    """The models' places, each the one that adds most to those before it."""
    chosen: list[int] = []
    while len(chosen) < size:
        others = [place for place in range(len(lists)) if place not in chosen]
        n_held = [int(is_held(valid_ranks(fused(lists[[*chosen, place]], k), valid), k).sum()) for place in others]
        chosen.append(others[int(np.argmax(n_held))])
    return chosen


def _held_by(lists: Ranked, valid: LabelSets, k: int, chosen: Sequence[int]) -> npt.NDArray[np.float64]:
    """How many valid labels of each image the first, the first two, … of the chosen hold, (n_images, n_chosen)."""
    image = np.repeat(np.arange(len(valid)), valid.counts)
    each = [is_held(valid_ranks(fused(lists[list(chosen[:n])], k), valid), k) for n in range(1, len(chosen) + 1)]
    return np.stack([np.bincount(image, weights=held, minlength=len(valid)) for held in each], axis=1)


def _unions(chosen: Sequence[str], held: npt.NDArray[np.float64], n_valid: npt.NDArray[np.int64], seed: int) -> list[Union]:
    recalls = held.sum(axis=0) / n_valid.sum()
    sums = resampled(np.column_stack([held, n_valid]), seed=seed) if len(n_valid) >= FEWEST_TO_RESAMPLE else None
    drawn = None if sums is None else sums[:, :-1] / sums[:, -1:]
    return [
        Union(
            tuple(chosen[: n + 1]),
            float(recalls[n]),
            None if drawn is None else interval_of(drawn[:, n]),
            float(recalls[n] - recalls[0]),
            None if drawn is None or not n else interval_of(drawn[:, n] - drawn[:, 0]),
        )
        for n in range(len(chosen))
    ]


def _of(valid: LabelSets, rows: npt.NDArray[np.int64]) -> LabelSets:
    return LabelSets.from_rows([valid.images[row] for row in rows.tolist()], [valid.row(row) for row in rows.tolist()])
