"""What a model's top-1 misses are: a valid label that is merely not the given one, or wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.evaluation.measures.evaluated import EvaluatedModel, given_hits, valid_hits
from multilabelfy.evaluation.measures.model import LabelledImages
from multilabelfy.statistics.intervals import Interval, interval_of, never_certain, wilson
from multilabelfy.statistics.resampling import resampled


@dataclass(frozen=True, slots=True)
class Misses:
    """The images with a given and at least one final label whose given label was not named first; `n_valid` of them got a valid one."""

    model: str
    n_misses: int
    n_valid: int

    @property
    def share_valid(self) -> float | None:
        """The share of misses that are not errors, since the named label is valid."""
        return self.n_valid / self.n_misses if self.n_misses else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's interval of that share."""
        return wilson(self.n_valid, self.n_misses)


@dataclass(frozen=True, slots=True)
class PooledMisses:
    """The misses of all models together; the interval resamples images, since the models share them.

    If all misses are valid, or none is, it is Wilson's over the images that any model misses.
    """

    n_models: int
    n_misses: int
    n_valid: int
    interval: Interval | None

    @property
    def share_valid(self) -> float | None:
        """The share of all misses whose label is valid."""
        return self.n_valid / self.n_misses if self.n_misses else None


@dataclass(frozen=True, slots=True)
class Winner:
    """A given label, the valid label that models name first instead, on how many images, and how often over all models."""

    given: int
    instead: int
    n_images: int
    n_times: int


def misses(model: EvaluatedModel) -> Misses | None:
    """Count one model's misses; None without given labels."""
    of = model.hits
    if of.given is None or of.has_given is None:
        return None
    missed = of.has_given & of.nonempty & ~of.given
    return Misses(model.model, int(missed.sum()), int((missed & of.valid).sum()))


def winners(labelled: LabelledImages, models: Sequence[EvaluatedModel]) -> tuple[Winner, ...]:
    """Which valid labels win over the given one: on the most images first (models that agree are one event), then by times and index."""
    if labelled.given is None:
        return ()
    given = np.asarray(labelled.given, dtype=np.int64)
    named = [_named_instead(given, model) for model in models]
    triples = np.concatenate([*named, np.empty((0, 3), dtype=np.int64)])
    pairs, n_times = np.unique(triples[:, :2], axis=0, return_counts=True)
    by_image = np.unique(np.unique(triples, axis=0)[:, :2], axis=0, return_counts=True)[1]
    wins = [Winner(int(g), int(i), int(n), int(t)) for (g, i), n, t in zip(pairs, by_image, n_times, strict=True)]
    return tuple(sorted(wins, key=lambda win: (-win.n_images, -win.n_times, win.given, win.instead)))


def _named_instead(given: npt.NDArray[np.int64], model: EvaluatedModel) -> npt.NDArray[np.int64]:
    """(given label, named label, image) where one model names a valid label that is not the given one."""
    of = model.hits
    rows = (
        np.flatnonzero(of.valid & ~of.given & of.has_given) if of.given is not None and of.has_given is not None else np.empty(0, np.int64)
    )
    return np.stack([given[rows], model.first[rows].astype(np.int64), rows], axis=1)


def pooled_misses(models: Sequence[EvaluatedModel], *, seed: int) -> PooledMisses | None:
    """Count all models' misses over the same images; None without given labels."""
    given, has_given = given_hits(models), models[0].hits.has_given
    if given is None or has_given is None:
        return None
    missed = ~given & has_given & models[0].hits.nonempty
    by_image = np.stack([missed.sum(axis=0), (missed & valid_hits(models)).sum(axis=0)], axis=1)
    drawn = resampled(by_image, seed=seed)
    with np.errstate(invalid="ignore", divide="ignore"):
        interval = interval_of(drawn[:, 1] / drawn[:, 0])
    n_misses, n_valid = map(int, by_image.sum(axis=0))
    if n_misses:
        interval = never_certain(interval, n_valid / n_misses, int((by_image[:, 0] > 0).sum()))
    return PooledMisses(len(models), n_misses, n_valid, interval)
