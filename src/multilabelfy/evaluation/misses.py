"""What a model's top-1 misses are: a valid label that is merely not the given one, or wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from multilabelfy.disagreement.intervals import Interval, interval_of
from multilabelfy.evaluation.evaluated import EvaluatedModel, given_hits, valid_hits
from multilabelfy.evaluation.intervals import resampled_sums, wilson


@dataclass(frozen=True, slots=True)
class Misses:
    """The images with a given and at least one final label whose given label was not named first; `n_valid` of them got a valid one."""

    model: str
    n_misses: int
    n_valid: int

    @property
    def share_valid(self) -> float | None:
        """The share of the misses that are none, since the label is valid."""
        return self.n_valid / self.n_misses if self.n_misses else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's interval of that share."""
        return wilson(self.n_valid, self.n_misses)


@dataclass(frozen=True, slots=True)
class PooledMisses:
    """The misses of all models together; the interval resamples images, since the models share them."""

    n_models: int
    n_misses: int
    n_valid: int
    interval: Interval | None

    @property
    def share_valid(self) -> float | None:
        """The share of all misses whose label is valid."""
        return self.n_valid / self.n_misses if self.n_misses else None


def misses(model: EvaluatedModel) -> Misses | None:
    """Count one model's misses; None without given labels."""
    of = model.hits
    if of.given is None or of.has_given is None:
        return None
    missed = of.has_given & of.nonempty & ~of.given
    return Misses(model.model, int(missed.sum()), int((missed & of.valid).sum()))


def pooled_misses(models: Sequence[EvaluatedModel], *, seed: int) -> PooledMisses | None:
    """Count all models' misses over the same images; None without given labels."""
    given, has_given = given_hits(models), models[0].hits.has_given
    if given is None or has_given is None:
        return None
    missed = ~given & has_given & models[0].hits.nonempty
    by_image = np.stack([missed.sum(axis=0), (missed & valid_hits(models)).sum(axis=0)], axis=1)
    drawn = resampled_sums(by_image, seed=seed)
    with np.errstate(invalid="ignore", divide="ignore"):
        interval = interval_of(drawn[:, 1] / drawn[:, 0])
    return PooledMisses(len(models), int(by_image[:, 0].sum()), int(by_image[:, 1].sum()), interval)
