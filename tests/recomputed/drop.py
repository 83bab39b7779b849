"""A report's figures about a replicate and its original, from label files: how far accuracy drops, and which share of this disappears."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
from tests.recomputed.comparing import ERROR, NEAR, Reading, percent
from tests.recomputed.figures import Exports, Floats, Resampled, Table
from tests.recomputed.many_models import accuracies

NAMES = ("the original", "the replicate")
Drops = tuple[Floats, Floats]
"""The drop in top-1 and in ReaL accuracy, each (1 + n_resamples, n_models): as measured, then on each resample of both datasets."""


def original(of: Exports) -> Exports:
    """The files of the original."""
    assert of.original is not None
    return of.original


def shared(of: Exports) -> list[str]:
    """The models that were measured on both datasets."""
    return [model for model in of.ranked if model in original(of).ranked]


def drops(of: Exports) -> Drops:
    """Accuracy on the original less that on the replicate."""
    before, after = (_accuracies(side, shared(of)) for side in (original(of), of))
    return before[0] - after[0], before[1] - after[1]


def _accuracies(of: Exports, models: Sequence[str]) -> Drops:
    top1, real, drawn_top1, drawn_real = accuracies(of)
    places = [list(of.ranked).index(model) for model in models]
    return np.vstack([top1, drawn_top1])[:, places], np.vstack([real, drawn_real])[:, places]


def drop(of: Exports) -> Table:
    """The mean accuracies on both datasets."""
    rows = []
    for name, side in zip(NAMES, (original(of), of), strict=True):
        top1, real = (drawn(values.mean(axis=1)) for values in _accuracies(side, shared(of)))
        rows.append({"dataset": name, "top1": top1, "real": real})
    return rows


def mean_drops(of: Exports) -> tuple[Resampled, Resampled, Resampled]:
    """The mean drop in top-1 and in ReaL, and the share of the former that disappears."""
    top1, real = (values.mean(axis=1) for values in drops(of))
    return drawn(top1), drawn(real), drawn(gone(top1, real))


def drawn(values: Floats) -> Resampled:
    """A figure as measured, and as resampled."""
    return Resampled(float(values[0]), values[1:])


def gone(top1: Floats, real: Floats) -> Floats:
    """1 − (drop in ReaL) / (drop in top-1)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(1 - real / top1)


def drop_title(of: Exports, _: Table) -> list[Reading]:
    """The share that disappears, as a value or as an interval, or that nothing is sure."""
    share = mean_drops(of)[2]
    return [[percent(share.value)], list(map(percent, share.interval)), []]


def by_model(of: Exports) -> Table:
    """Each model's drops."""
    top1, real = drops(of)
    share = gone(top1, real)
    return [
        {"model": model, "real": drawn(real[:, i]), "top1": drawn(top1[:, i]), "share_gone": drawn(share[:, i])}
        for i, model in enumerate(shared(of))
    ]


def by_model_title(_: Exports, rows: Table) -> list[Reading]:
    """How many drop less in ReaL: by our resamples, as many as lie so near to sure."""
    n = len(rows)
    least, most = (sum(_drops_less(row, 0.025 + error) for row in rows) for error in (-NEAR * ERROR, NEAR * ERROR))
    ways: Mapping[int, list[Reading]] = {0: [[n]], n: [[n]]}
    return [[]] if n == 1 else list(chain.from_iterable(ways.get(n_less, [[n_less, n]]) for n_less in range(least, most + 1)))


def _drops_less(row: Mapping[str, Any], share: float) -> bool:
    """Whether top-1 drops for sure, and the share that disappears is above zero for sure."""
    return all(np.nanquantile(row[name].drawn, share) > 0 for name in ("top1", "share_gone"))


TABLES = {"drop": drop, "drop-by-model": by_model}
TITLES = {"drop": drop_title, "drop-by-model": by_model_title}
