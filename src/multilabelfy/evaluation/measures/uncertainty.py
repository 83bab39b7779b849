"""The 95% interval of each measure of one model.

A share has Wilson's interval. Variable top-k and ASMA are means of unequal parts and have a seeded bootstrap over images: since an image
adds to them only through its number of labels k and how many of its first k labels are valid, resampling images is resampling the
counts of these few cases, which costs the same for any number of images. Where all labels are found or none is, no resample differs, and
the interval is Wilson's over the images.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.evaluation.measures.metrics import Hits
from multilabelfy.evaluation.measures.model import NO_LABEL
from multilabelfy.statistics.intervals import Interval, interval_of, never_certain, wilson
from multilabelfy.statistics.resampling import N_RESAMPLES

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cases:
    """The basis of all intervals of one model: its hits, and among images with enough ranks the cases (k, found) that occur
    and the number of images of each; (n_cases,) each."""

    hits: Hits
    k: Counts
    found: Counts
    n: Counts
    seed: int


def cases_of(hits: Hits, *, seed: int) -> Cases:
    """The cases of one model; the same seed gives the same intervals."""
    defined = hits.found != NO_LABEL
    k, n_valid = hits.n_valid[defined], hits.found[defined]
    stride = int(k.max(initial=0)) + 1
    cases, n = np.unique(k * stride + n_valid, return_counts=True)
    return Cases(hits, cases // stride, cases % stride, n, seed)


def top1_interval(of: Hits) -> Interval | None:
    """Wilson's interval of top-1."""
    return None if of.given is None or of.has_given is None else wilson(int(of.given.sum()), int(of.has_given.sum()))


def real_interval(of: Hits) -> Interval | None:
    """Wilson's interval of ReaL accuracy."""
    return wilson(int(of.valid.sum()), int(of.nonempty.sum()))


def empty_right_interval(of: Hits) -> Interval | None:
    """Wilson's interval of ReaL accuracy with an empty set counted as right."""
    return wilson(int((of.valid | ~of.nonempty).sum()), len(of.valid))


def variable_topk_interval(of: Cases) -> Interval | None:
    """The bootstrap interval of variable top-k."""
    if not of.n.sum():
        return None
    drawn = np.random.default_rng(of.seed).multinomial(of.n.sum(), of.n / of.n.sum(), size=N_RESAMPLES)
    return _never_certain(interval_of(drawn @ (of.found / of.k) / of.n.sum()), of.k, of.found, of.n)


def strict_interval(of: Cases) -> Interval | None:
    """Wilson's interval of strict variable top-k."""
    return wilson(int(of.n[of.found == of.k].sum()), int(of.n.sum()))


def asma_interval(of: Cases, at_least: int = 1) -> Interval | None:
    """The bootstrap interval of ASMA over the subgroups of at least so many images."""
    large = _subgroup_sizes(of.k, of.n) >= at_least if of.k.size else np.zeros(0, dtype=bool)
    return _asma(of.k[large], of.found[large], of.n[large], of.seed)


def _asma(k: Counts, n_valid: Counts, n: Counts, seed: int) -> Interval | None:
    """Stratified by k: each subgroup keeps its size in every resample."""
    if not n.sum():
        return None
    generator = np.random.default_rng(seed)
    means = [_subgroup_means(n_valid[k == size] / size, n[k == size], generator) for size in np.unique(k)]
    return _never_certain(interval_of(np.mean(means, axis=0)), k, n_valid, n)


def _never_certain(interval: Interval | None, k: Counts, n_valid: Counts, n: Counts) -> Interval | None:
    """Wilson's where each image's labels are all found, or none of any."""
    return never_certain(interval, float(n_valid.sum() / k.sum()), int(n.sum()))


def _subgroup_means(parts: Floats, n: Counts, generator: np.random.Generator) -> Floats:
    drawn: Floats = generator.multinomial(n.sum(), n / n.sum(), size=N_RESAMPLES) @ parts / n.sum()
    return drawn


def _subgroup_sizes(k: Counts, n: Counts) -> Counts:
    """For each case, the number of images with its k."""
    sizes = np.bincount(k, weights=n)
    return sizes[k].astype(np.int64)
