"""The same models on an original dataset and its replicate: how far top-1 and ReaL drop, and the share that disappears."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.evaluation.many_models.comparison import Resampled, resampled_measures
from multilabelfy.evaluation.measures.evaluated import EvaluatedModel
from multilabelfy.statistics.intervals import Interval, interval_of

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Value:
    """A figure with its 95% bootstrap interval."""

    value: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Drop:
    """By how much accuracy falls from the original to the replicate, and which share of the fall in top-1 ReaL accuracy does not show.

    The share is 1 − (drop in ReaL) / (drop in top-1); of all models it is the share of the mean drops, not the mean of shares.
    """

    model: str
    top1: Value
    real: Value
    share_gone: Value


@dataclass(frozen=True, slots=True)
class Drops:
    """All models together, each by itself, and the mean accuracies (original, replicate) that the drops come from."""

    all_models: Drop
    models: tuple[Drop, ...]
    mean_top1: tuple[Value, Value]
    mean_real: tuple[Value, Value]


def drops(original: Sequence[EvaluatedModel], replicate: Sequence[EvaluatedModel], *, seed: int) -> Drops | None:
    """Compare the models that both datasets have, joined by name; None where there is none, or where given labels are missing.

    The images of each dataset are resampled, independently of each other; one resample serves all models.
    """
    pairs = _in_both(original, replicate)
    if not pairs:
        return None
    before, after = resampled_measures(pairs[0], seed=seed), resampled_measures(pairs[1], seed=seed + 1)
    if before.top1 is None or after.top1 is None or before.top1_drawn is None or after.top1_drawn is None:
        return None
    top1, top1_drawn = before.top1 - after.top1, before.top1_drawn - after.top1_drawn
    real, real_drawn = before.real - after.real, before.real_drawn - after.real_drawn
    each = [_drop(name, top1[i], top1_drawn[:, i], real[i], real_drawn[:, i]) for i, name in enumerate(before.models)]
    return Drops(
        all_models=_drop("all", top1.mean(), top1_drawn.mean(axis=1), real.mean(), real_drawn.mean(axis=1)),
        models=tuple(each),
        mean_top1=(_mean_top1(before), _mean_top1(after)),
        mean_real=(_value(before.real.mean(), before.real_drawn.mean(axis=1)), _value(after.real.mean(), after.real_drawn.mean(axis=1))),
    )


def _in_both(
    original: Sequence[EvaluatedModel], replicate: Sequence[EvaluatedModel]
) -> tuple[list[EvaluatedModel], list[EvaluatedModel]] | None:
    by_name = {model.model: model for model in original}
    after = [model for model in replicate if model.model in by_name]
    return ([by_name[model.model] for model in after], after) if after else None


def _drop(name: str, top1: float, top1_drawn: Floats, real: float, real_drawn: Floats) -> Drop:
    with np.errstate(invalid="ignore", divide="ignore"):
        share, share_drawn = 1 - np.float64(real) / np.float64(top1), 1 - real_drawn / top1_drawn
    return Drop(name, _value(top1, top1_drawn), _value(real, real_drawn), _value(share, share_drawn))


def _mean_top1(of: Resampled) -> Value:
    assert of.top1 is not None
    assert of.top1_drawn is not None
    return _value(of.top1.mean(), of.top1_drawn.mean(axis=1))


def _value(value: float, drawn: Floats) -> Value:
    return Value(float(value), interval_of(drawn))
