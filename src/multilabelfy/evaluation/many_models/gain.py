"""By how much ReaL exceeds top-1, over the same images: each measure over its own images would compare different ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from multilabelfy.evaluation.measures.evaluated import EvaluatedModel, given_hits, valid_hits
from multilabelfy.statistics.intervals import Interval
from multilabelfy.statistics.resampling import mean_interval


@dataclass(frozen=True, slots=True)
class Gain:
    """The mean gain over models and images, over `n_images` with both a given and a valid label; no interval of fewer than ten images."""

    value: float
    interval: Interval | None
    n_images: int


def mean_gain(models: Sequence[EvaluatedModel], *, seed: int) -> Gain | None:
    """The gain with its bootstrap interval over images; None without given labels or without an image that has both."""
    given, has_given = given_hits(models), models[0].hits.has_given
    if given is None or has_given is None:
        return None
    both = has_given & models[0].hits.nonempty
    gained = (valid_hits(models)[:, both].astype(float) - given[:, both]).mean(axis=0)
    return Gain(float(gained.mean()), mean_interval(gained, seed=seed), int(both.sum())) if gained.size else None
