"""Compare models on the same images: differences, ranks and Kendall's tau, each with its interval, so that "A beats B" is said only where
it holds. All come from one paired bootstrap: a resample of the images serves every model and both measures.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.evaluation.measures.evaluated import EvaluatedModel, given_hits, valid_hits
from multilabelfy.statistics.intervals import Interval, interval_of
from multilabelfy.statistics.resampling import N_RESAMPLES, resampled

Floats = npt.NDArray[np.float64]

MANY_MODELS, N_RESAMPLES_OF_MANY = 200, 400
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Resampled:
    """Both measures of every model: as measured, (n_models,), and on each resample of the images, (n_resamples, n_models)."""

    models: tuple[str, ...]
    top1: Floats | None
    real: Floats
    top1_drawn: Floats | None
    real_drawn: Floats


@dataclass(frozen=True, slots=True)
class RankedModel:
    """A model's place by each measure (1 is the best, equals share the better one), with intervals over resamples."""

    model: str
    rank_by_top1: int
    rank_by_real: int
    top1_ranks: Interval
    real_ranks: Interval


@dataclass(frozen=True, slots=True)
class RankChanges:
    """How the order of the models changes from top-1 to ReaL accuracy.

    `tau` is Kendall's tau-b between the two. Of all `n_pairs` of models, the difference in ReaL accuracy has a sign that holds (its
    interval excludes zero) for `n_sure_by_real`, in top-1 for `n_sure_by_top1`, and `n_reversed` are reliably reversed between the two.
    """

    models: tuple[RankedModel, ...]
    tau: float
    tau_interval: Interval | None
    n_pairs: int
    n_sure_by_top1: int
    n_sure_by_real: int
    n_reversed: int


def resampled_measures(models: Sequence[EvaluatedModel], *, seed: int, n_resamples: int | None = None) -> Resampled:
    """Draw the bootstrap on which everything here is based; all models saw the same images.

    1,000 resamples, or 400 for more than 200 models, since each costs as much as there are models and images.
    """
    n_resamples = n_resamples or (N_RESAMPLES if len(models) <= MANY_MODELS else N_RESAMPLES_OF_MANY)
    of = models[0].hits
    given, names = given_hits(models), tuple(model.model for model in models)
    columns = [of.nonempty[:, np.newaxis], valid_hits(models).T]
    if given is not None and of.has_given is not None:
        columns += [of.has_given[:, np.newaxis], given.T]
    values = np.hstack(columns).astype(np.float32)
    exact = values.sum(axis=0, dtype=np.float64)[np.newaxis]
    drawn = resampled(values, seed=seed, n_resamples=n_resamples)
    real, real_drawn = _means(exact, 0, len(models))[0], _means(drawn, 0, len(models))
    if given is None:
        return Resampled(names, None, real, None, real_drawn)
    at = len(models) + 1
    return Resampled(names, _means(exact, at, len(models))[0], real, _means(drawn, at, len(models)), real_drawn)


def rank_changes(of: Resampled) -> RankChanges | None:
    """How the order of the models changes between the measures; None without given labels, or for a single model."""
    if of.top1 is None or of.top1_drawn is None or len(of.models) < 2:
        return None
    sure_by_top1, sure_by_real = _sure_signs(of.top1_drawn), _sure_signs(of.real_drawn)
    above = np.triu_indices(len(of.models), 1)
    taus = np.array([kendall_tau(a, b) for a, b in zip(of.top1_drawn, of.real_drawn, strict=True)])
    return RankChanges(
        models=_ranked(of, of.top1, of.top1_drawn),
        tau=kendall_tau(of.top1, of.real),
        tau_interval=_reflected(kendall_tau(of.top1, of.real), taus),
        n_pairs=len(above[0]),
        n_sure_by_top1=int((sure_by_top1[above] != 0).sum()),
        n_sure_by_real=int((sure_by_real[above] != 0).sum()),
        n_reversed=int((sure_by_top1[above] * sure_by_real[above] < 0).sum()),
    )


def kendall_tau(a: Floats, b: Floats) -> float:
    """Kendall's tau-b (1945): of pairs, the agreeing less the disagreeing, over the geometric mean of those not tied in each.

    NaN where all values of one are equal.

    >>> round(kendall_tau(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0])), 4)
    0.3333
    """
    from scipy.stats import kendalltau

    return float(kendalltau(a, b).statistic)


def ranks(values: Floats) -> npt.NDArray[np.int64]:
    """From the best (1) on, along the last axis; equals share the better place.

    >>> ranks(np.array([0.5, 0.9, 0.5])).tolist()
    [2, 1, 2]
    """
    ordered = np.sort(values, axis=-1)
    flat, sorted_rows = values.reshape(-1, values.shape[-1]), ordered.reshape(-1, values.shape[-1])
    better = [len(row) - np.searchsorted(row, of, side="right") for row, of in zip(sorted_rows, flat, strict=True)]
    return np.stack(better).reshape(values.shape) + 1


def rank_intervals(drawn: Floats) -> list[Interval]:
    """Each model's places on the resamples (n_resamples, n_models); without resamples any place is possible."""
    n_models = drawn.shape[1]
    if not len(drawn):
        return [Interval(1.0, float(n_models))] * n_models
    low, high = np.quantile(ranks(drawn), [0.025, 0.975], axis=0)
    return [Interval(float(best), float(worst)) for best, worst in zip(low, high, strict=True)]


def _reflected(value: float, drawn: Floats) -> Interval | None:
    """The basic bootstrap interval: resampling adds noise, and noise alone makes two orders agree less than they do.

    None at either end of the scale, where reflecting leaves no width, although the orders are not certain.
    """
    interval = interval_of(drawn)
    if interval is None or abs(value) > 1 - ROUNDING:
        return None
    return Interval(max(-1.0, 2 * value - interval.high), min(1.0, 2 * value - interval.low))


def _ranked(of: Resampled, top1: Floats, top1_drawn: Floats) -> tuple[RankedModel, ...]:
    by_top1, by_real = ranks(top1), ranks(of.real)
    spread = rank_intervals(top1_drawn), rank_intervals(of.real_drawn)
    rows = [RankedModel(name, int(by_top1[i]), int(by_real[i]), spread[0][i], spread[1][i]) for i, name in enumerate(of.models)]
    return tuple(sorted(rows, key=lambda row: (row.rank_by_real, row.model)))


def _sure_signs(drawn: Floats) -> npt.NDArray[np.int8]:
    """For each pair of models, (n_models, n_models): 1 or −1 where at least 97.5% of the resamples say so, else 0."""
    n_models = drawn.shape[1]
    signs = np.zeros((n_models, n_models), dtype=np.int8)
    for model in range(n_models) if len(drawn) else ():
        better = (drawn[:, [model]] > drawn).mean(axis=0)
        worse = (drawn[:, [model]] < drawn).mean(axis=0)
        signs[model] = (better >= 0.975).astype(np.int8) - (worse >= 0.975).astype(np.int8)
    return signs


def _means(sums: Floats, at: int, n_models: int) -> Floats:
    """The columns from `at + 1` on over the one at `at`, which counts the images where they are defined."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sums[:, at + 1 : at + 1 + n_models] / sums[:, [at]])
