"""The 95% interval of each measure of one model.

A share has Wilson's interval. Variable top-k and ASMA are means of unequal parts and have a seeded bootstrap over images: since an image
adds to them only through its number of labels k and how many of its first k labels are valid, resampling images is resampling the
counts of these few cases, which costs the same for any number of images.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.evaluation.measures.metrics import LARGE_SUBGROUP, Hits
from multilabelfy.evaluation.measures.model import NO_LABEL
from multilabelfy.statistics.intervals import Interval, interval_of
from multilabelfy.statistics.resampling import N_RESAMPLES, wilson

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class MeasureIntervals:
    """The intervals of the measures of the same name; None where the measure is not defined."""

    top1: Interval | None
    top1_of_nonempty: Interval | None
    real: Interval | None
    real_empty_counts_as_right: Interval | None
    variable_topk: Interval | None
    variable_topk_strict: Interval | None
    asma: Interval | None
    asma_of_large_subgroups: Interval | None


def measure_intervals(of: Hits, *, seed: int) -> MeasureIntervals:
    """All intervals of one model; the same seed gives the same ones."""
    k, found, n = _cases(of)
    large = n >= 0 if not k.size else np.isin(k, k[_subgroup_sizes(k, n) >= LARGE_SUBGROUP])
    return MeasureIntervals(
        top1=top1_interval(of),
        top1_of_nonempty=top1_interval(of.of(of.nonempty)),
        real=real_interval(of),
        real_empty_counts_as_right=wilson(int((of.valid | ~of.nonempty).sum()), len(of.valid)),
        variable_topk=_variable_topk(k, found, n, seed),
        variable_topk_strict=wilson(int(n[found == k].sum()), int(n.sum())),
        asma=_asma(k, found, n, seed),
        asma_of_large_subgroups=_asma(k[large], found[large], n[large], seed),
    )


def top1_interval(of: Hits) -> Interval | None:
    """Wilson's interval of top-1."""
    return None if of.given is None or of.has_given is None else wilson(int(of.given.sum()), int(of.has_given.sum()))


def real_interval(of: Hits) -> Interval | None:
    """Wilson's interval of ReaL accuracy."""
    return wilson(int(of.valid.sum()), int(of.nonempty.sum()))


def variable_topk_interval(of: Hits, *, seed: int) -> Interval | None:
    """The bootstrap interval of variable top-k."""
    return _variable_topk(*_cases(of), seed)


def _cases(of: Hits) -> tuple[Counts, Counts, Counts]:
    """The cases (k, found) that occur among images with enough ranks, and the number of images of each."""
    defined = of.found != NO_LABEL
    k, found = of.n_valid[defined], of.found[defined]
    stride = int(k.max(initial=0)) + 1
    cases, n = np.unique(k * stride + found, return_counts=True)
    return cases // stride, cases % stride, n


def _variable_topk(k: Counts, found: Counts, n: Counts, seed: int) -> Interval | None:
    if not n.sum():
        return None
    drawn = np.random.default_rng(seed).multinomial(n.sum(), n / n.sum(), size=N_RESAMPLES)
    return interval_of(drawn @ (found / k) / n.sum())


def _asma(k: Counts, found: Counts, n: Counts, seed: int) -> Interval | None:
    """Stratified by k: each subgroup keeps its size in every resample."""
    if not n.sum():
        return None
    generator = np.random.default_rng(seed)
    means = [_subgroup_means(found[k == size] / size, n[k == size], generator) for size in np.unique(k)]
    return interval_of(np.mean(means, axis=0))


def _subgroup_means(parts: Floats, n: Counts, generator: np.random.Generator) -> Floats:
    drawn: Floats = generator.multinomial(n.sum(), n / n.sum(), size=N_RESAMPLES) @ parts / n.sum()
    return drawn


def _subgroup_sizes(k: Counts, n: Counts) -> Counts:
    """For each case, the number of images with its k."""
    sizes = np.bincount(k, weights=n)
    return sizes[k].astype(np.int64)
