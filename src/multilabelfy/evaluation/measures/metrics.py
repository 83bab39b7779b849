"""How often a model is right, by one given label and by sets of valid labels (PROTOCOL, "Measures").

Per image: the given label g, the final set Y (which may be empty), the ranking r, and k = |Y|. All counts are kept as whole numbers
until the last division, so that a measure does not depend on the order of the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from multilabelfy.evaluation.measures.model import NO_LABEL, LabelledImages, Labels

Bools = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]

LARGE_SUBGROUP = 100


@dataclass(frozen=True, slots=True)
class ValidLabels:
    """The (image, label) pairs that are valid, as sorted whole numbers `image × stride + label`, to ask for many at once."""

    pairs: Counts
    stride: int
    counts: Counts

    @classmethod
    def of(cls, labelled: LabelledImages) -> "ValidLabels":
        """Sort the pairs of all label sets once, for any number of models."""
        sets = labelled.sets
        stride = int(sets.labels.max(initial=-1)) + 1
        images = np.repeat(np.arange(len(sets), dtype=np.int64), sets.counts)
        return cls(np.sort(images * stride + sets.labels), stride, sets.counts)

    def contain(self, images: Counts, labels: Labels) -> Bools:
        """Whether `labels[i]` is valid for the image at position `images[i]`; NO_LABEL never is."""
        if not self.pairs.size:
            return np.zeros(len(images), dtype=bool)
        asked = images * self.stride + labels
        is_pair = self.pairs[np.minimum(np.searchsorted(self.pairs, asked), len(self.pairs) - 1)] == asked
        return np.asarray(is_pair & (labels >= 0) & (labels < self.stride))


@dataclass(frozen=True, slots=True)
class Hits:
    """One model's right answers, image by image.

    `given`: its first label is the given one, (n_images,), None where no given labels are known; `has_given`: which images have one.
    `valid`: its first label is in the final set. `found`: how many of its first k labels are, NO_LABEL where it has fewer than k ranks
    or the set is empty. `n_valid`: k.
    """

    given: Bools | None
    has_given: Bools | None
    valid: Bools
    found: Counts
    n_valid: Counts

    def of(self, chosen: Bools | Counts) -> "Hits":
        """The same for some of the images."""
        given = None if self.given is None else self.given[chosen]
        has_given = None if self.has_given is None else self.has_given[chosen]
        return Hits(given, has_given, self.valid[chosen], self.found[chosen], self.n_valid[chosen])

    @property
    def nonempty(self) -> Bools:
        """Which images have a label at all."""
        return self.n_valid > 0


@dataclass(frozen=True, slots=True)
class HitCounts:
    """One model's right answers by number of valid labels: each field but the first counts images (`found` labels), (n_sizes,).

    `size` is |Y| = k. `given_right` of the images `with_given` have the given label first, `valid_right` a valid one. `ranked` have at
    least k ranks and k > 0; of their first k labels `found` are valid, and in `whole` images all are.
    """

    size: Counts
    images: Counts
    with_given: Counts
    given_right: Counts
    valid_right: Counts
    ranked: Counts
    found: Counts
    whole: Counts

    def of(self, chosen: Bools) -> "HitCounts":
        """Some of the sizes."""
        return HitCounts(*(getattr(self, field.name)[chosen] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Measures:
    """A model's measures as fractions; None where one is not defined. Definitions: the functions of this module."""

    n_images: int
    n_without_labels: int
    top1: float | None
    top1_of_nonempty: float | None
    real: float | None
    real_empty_counts_as_right: float | None
    variable_topk: float | None
    variable_topk_strict: float | None
    n_variable_topk: int
    asma: float | None
    asma_of_large_subgroups: float | None


def hits(labelled: LabelledImages, valid: ValidLabels, ranked: Labels) -> Hits:
    """Hold one model's rankings, (n_images, n_ranks) in the order of the labelled images, against the given labels and the sets."""
    first = ranked[:, 0]
    everyone = np.arange(len(labelled), dtype=np.int64)
    given, has_given = None, None
    if labelled.given is not None:
        has_given = np.asarray(labelled.given) != NO_LABEL
        given = (first == labelled.given) & has_given
    return Hits(given, has_given, valid.contain(everyone, first), _found_among_first_k(valid, ranked), valid.counts)


def tally(of: Hits) -> HitCounts:
    """Count one model's right answers for each number of labels that occurs, ascending, 0 included."""
    ranked = of.found != NO_LABEL
    has_given = np.zeros(len(of.valid), dtype=bool) if of.has_given is None else of.has_given
    given = has_given if of.given is None else of.given
    counted = [
        np.bincount(of.n_valid, weights=weights).astype(np.int64)
        for weights in (None, has_given, given, of.valid, ranked, np.where(ranked, of.found, 0), of.found == of.n_valid)
    ]
    size = np.flatnonzero(counted[0])
    return HitCounts(size, *(column[size] for column in counted))


def measures(of: HitCounts) -> Measures:
    """All measures of one model."""
    nonempty = of.of(of.size > 0)
    return Measures(
        n_images=int(of.images.sum()),
        n_without_labels=int(of.images[of.size == 0].sum()),
        top1=top1(of),
        top1_of_nonempty=top1(nonempty),
        real=real(of),
        real_empty_counts_as_right=real_empty_counts_as_right(of),
        variable_topk=variable_topk(of),
        variable_topk_strict=variable_topk_strict(of),
        n_variable_topk=int(of.ranked.sum()),
        asma=asma(of),
        asma_of_large_subgroups=asma(of, at_least=LARGE_SUBGROUP),
    )


def top1(of: HitCounts) -> float | None:
    """mean[r₁ = g] over the images that have a given label."""
    return _share(of.given_right, of.with_given)


def real(of: HitCounts) -> float | None:
    """ReaL accuracy, mean[r₁ ∈ Y] over the images with |Y| > 0 (Beyer et al., arXiv 2006.07159)."""
    return _share(of.valid_right, of.images[of.size > 0])


def real_empty_counts_as_right(of: HitCounts) -> float | None:
    """mean[r₁ ∈ Y or |Y| = 0] over all images: the convention of ReImageNet (arXiv 2608.13783)."""
    return _share(np.where(of.size == 0, of.images, of.valid_right), of.images)


def variable_topk(of: HitCounts) -> float | None:
    """Mean of |first k labels ∩ Y| / k with k = |Y|, that is R-precision (arXiv 2412.18409).

    Over the images with |Y| > 0 and at least k ranks; None where no image is left.
    """
    parts = [Fraction(int(n), int(k)) for n, k in zip(of.found, of.size, strict=True) if k]
    return _mean(parts, int(of.ranked.sum()))


def variable_topk_strict(of: HitCounts) -> float | None:
    """The share of images whose first k labels are exactly the set Y, over the same images as `variable_topk`."""
    return _share(of.whole, of.ranked)


def asma(of: HitCounts, at_least: int = 1) -> float | None:
    """Aggregate subgroup model accuracy (arXiv 2412.18409; the equal weights are our reading).

    The unweighted mean of variable top-k over the subgroups |Y| = 1, 2, … that have at least so many images and enough ranks.
    """
    subgroups = zip(of.found.tolist(), of.size.tolist(), of.ranked.tolist(), strict=True)
    means = [Fraction(n_valid, k * n) for n_valid, k, n in subgroups if n >= at_least]
    return _mean(means, len(means))


def _found_among_first_k(valid: ValidLabels, ranked: Labels) -> Counts:
    n_ranks = ranked.shape[1]
    n_valid = np.zeros(len(ranked), dtype=np.int64)
    for rank in range(n_ranks):
        asked = np.flatnonzero((valid.counts > rank) & (valid.counts <= n_ranks))
        labels = ranked[asked, rank]
        n_valid[asked] += valid.contain(asked, labels)
        n_valid[asked[labels == NO_LABEL]] -= n_ranks + 1  # this ranking ended too early: stays below zero
    n_valid[(n_valid < 0) | (valid.counts == 0) | (valid.counts > n_ranks)] = NO_LABEL
    return n_valid


def _share(right: Counts, of: Counts) -> float | None:
    n = int(of.sum())
    return int(right.sum()) / n if n else None


def _mean(parts: Sequence[Fraction], n: int) -> float | None:
    return float(sum(parts, Fraction(0)) / n) if n else None
