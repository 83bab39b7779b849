"""How accuracy changes with the number of valid labels: its curve over all models, and a test whether there is a trend at all."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.evaluation.many_models.comparison import Resampled
from multilabelfy.evaluation.many_models.models import Floats, Outlier, residuals_of
from multilabelfy.evaluation.measures.evaluated import EvaluatedModel, given_hits, valid_hits
from multilabelfy.evaluation.measures.metrics import HitCounts
from multilabelfy.statistics.intervals import Z_95, Interval, interval_of
from multilabelfy.statistics.resampling import resampled, share_interval
from multilabelfy.statistics.significance import FALSE_DISCOVERIES

ROUNDING = 1e-6
"""Relative to a sum of squares in single precision: a spread below it is rounding."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The mean over models of top-1 and of ReaL accuracy on the images with this number of labels, with bootstrap intervals."""

    labels: int
    images: int
    top1: float | None
    top1_interval: Interval | None
    real: float | None
    real_interval: Interval | None


@dataclass(frozen=True, slots=True)
class Slope:
    """The change of accuracy with one more label, as fractions: least squares over images, its interval by resampling images."""

    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Trends:
    """Slopes over the images with at least one label, resampled together, so that `difference` (ReaL's less top-1's) is paired."""

    n_images: int
    top1: Slope
    real: Slope
    difference: Slope


@dataclass(frozen=True, slots=True)
class ModelTrend:
    """One model's slopes over the images with at least one label."""

    model: str
    top1: Slope
    real: Slope


def model_trends(models: Sequence[EvaluatedModel]) -> tuple[ModelTrend, ...]:
    """The slopes of every model for which there are some, in order; intervals are normal ones with White's robust error (HC0, 1980)."""
    slopes = ((model.model, slope_by_counts(model.tally, of_given=True), slope_by_counts(model.tally, of_given=False)) for model in models)
    return tuple(ModelTrend(name, top1, real) for name, top1, real in slopes if top1 is not None and real is not None)


def slope_by_counts(of: HitCounts, *, of_given: bool) -> Slope | None:
    """Least squares of being right on the number of labels, from the counts by number of labels alone; None where there is no slope.

    Whether an image is right is 0 or 1, so that the sums over images are sums over (number of labels, right or wrong).
    """
    counted = of.of(of.size > 0)
    n = (counted.with_given if of_given else counted.images).astype(np.float64)
    right = (counted.given_right if of_given else counted.valid_right).astype(np.float64)
    if (n > 0).sum() < 2:
        return None
    x = counted.size - (n * counted.size).sum() / n.sum()
    value = float((x * right).sum() / (n * x**2).sum())
    fitted = right.sum() / n.sum() + value * x
    squares = right * (1 - fitted) ** 2 + (n - right) * fitted**2
    half = Z_95 * float(np.sqrt((x**2 * squares).sum()) / (n * x**2).sum())
    return Slope(value, Interval(value - half, value + half))


def curve(models: Sequence[EvaluatedModel], *, seed: int) -> tuple[CurvePoint, ...]:
    """One point for each number of labels that occurs, ascending, 0 included. All models see the same images."""
    n_valid = models[0].hits.n_valid
    given, real = mean_given_hits(models), valid_hits(models).mean(axis=0)
    return tuple(_point(int(k), n_valid == k, given, real, seed) for k in np.unique(n_valid))


def trends(models: Sequence[EvaluatedModel], *, seed: int) -> Trends | None:
    """The slopes with their intervals; None without given labels, or where all images have the same number of labels."""
    given = mean_given_hits(models)
    if given is None:
        return None
    n_valid = models[0].hits.n_valid
    used = (n_valid > 0) & np.isfinite(given)
    if len(np.unique(n_valid[used])) < 2:
        return None
    outcomes = np.stack([given[used], valid_hits(models).mean(axis=0)[used]], axis=1)
    return _trends(n_valid[used].astype(np.float64), outcomes, seed)


def mean_given_hits(models: Sequence[EvaluatedModel]) -> Floats | None:
    """The share of models that named the given label, (n_images,); NaN for an image without one, None if no image has one."""
    hits, has_given = given_hits(models), models[0].hits.has_given
    if hits is None or has_given is None:
        return None
    return np.where(has_given, hits.mean(axis=0), np.nan)


def _point(k: int, group: npt.NDArray[np.bool_], given: Floats | None, real: Floats, seed: int) -> CurvePoint:
    top1, top1_interval = (None, None) if given is None else _mean(given[group], seed)
    real_mean, real_interval = _mean(real[group], seed) if k else (None, None)
    return CurvePoint(k, int(group.sum()), top1, top1_interval, real_mean, real_interval)


def _mean(values: Floats, seed: int) -> tuple[float | None, Interval | None]:
    defined = values[np.isfinite(values)]
    return (float(defined.mean()), share_interval(defined, seed=seed)) if defined.size else (None, None)


def _trends(k: Floats, outcomes: Floats, seed: int) -> Trends:
    centred = k - k.mean()
    columns = np.column_stack([np.ones_like(k), centred, centred**2, outcomes, outcomes * centred[:, np.newaxis]])
    values = _slopes(columns.sum(axis=0, keepdims=True))[0]
    drawn = _slopes(resampled(columns, seed=seed))
    top1, real, difference = (
        _slope(v, d) for v, d in zip([*values, values[1] - values[0]], [*drawn.T, drawn[:, 1] - drawn[:, 0]], strict=True)
    )
    return Trends(len(k), top1, real, difference)


def _slopes(sums: Floats) -> Floats:
    """From sums of 1, x, x², y₁, y₂, xy₁, xy₂ to the least-squares slopes of y₁ and y₂, (n, 2); NaN where all x are equal."""
    n, x, xx, y, xy = sums[:, :1], sums[:, 1:2], sums[:, 2:3], sums[:, 3:5], sums[:, 5:7]
    spread = n * xx - x**2
    return np.asarray((n * xy - x * y) / np.where(spread > ROUNDING * n * xx, spread, np.nan))


def _slope(value: float, drawn: Floats) -> Slope:
    return Slope(float(value), interval_of(drawn) or Interval(float("-inf"), float("inf")))


def beyond_sampling(of: Resampled, *, degree: int) -> tuple[Outlier, ...]:
    """The models off the polynomial of this degree by more than sampling explains, at 5% for all of them together, furthest first.

    Their `studentised` residual is over its bootstrap standard error, `adjusted_p` the share of resamples in which any model deviates as
    far. None leaves without given labels, or with too few models or images.

    The scatter of the models around their curve says which of them is unlike the others; it does not say whether a model lies off the
    curve at all, since that scatter is real. This does: images are resampled, the same for all models, the curve is fitted anew each
    time, and each model's residual is held against its own standard error. Many models are tested at once, so that the largest
    deviation of any of them is the yardstick (the maximum of studentised deviations, Westfall & Young 1993), which knows that models
    which see the same images err together.
    """
    if of.top1 is None or of.top1_drawn is None or len(of.models) < degree + 3 or len(of.real_drawn) < 2:
        return ()
    residuals = residuals_of(of.top1, of.real, degree)
    drawn = np.stack([residuals_of(x, y, degree) for x, y in zip(of.top1_drawn, of.real_drawn, strict=True)])
    error = drawn.std(axis=0, ddof=1)
    return _leaving(of.models, residuals, error, drawn)


def _leaving(models: tuple[str, ...], residuals: Floats, error: Floats, drawn: Floats) -> tuple[Outlier, ...]:
    off = error > np.spacing(1.0) * len(models)  # a model that no resample moves off the curve lies on it
    studentised = np.divide(residuals, error, where=off, out=np.zeros_like(residuals))
    largest = np.abs(np.divide(drawn - residuals, error, where=off, out=np.zeros_like(drawn))).max(axis=1)
    p = (1 + (largest[:, np.newaxis] >= np.abs(studentised)).sum(axis=0)) / (1 + len(drawn))
    leaving = [
        Outlier(models[i], float(residuals[i]), float(studentised[i]), float(p[i])) for i in np.flatnonzero(off & (p <= FALSE_DISCOVERIES))
    ]
    return tuple(sorted(leaving, key=lambda outlier: (-abs(outlier.studentised), outlier.model)))
