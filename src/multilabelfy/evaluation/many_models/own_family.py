"""Does the proposer favour its own family? (PROTOCOL, "proposer and model under test")

A label that no candidate list had was judged by nobody, and counts as wrong although it may be valid: that hurts most the models that are
least like the proposer. And a label that only one family's models proposed became a question thanks to them alone: that helps this family.
So beside a model's ReaL accuracy stand the share of its first labels that nobody judged, its accuracy if all those were valid, and its
rank without the valid labels that only its own family proposed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.many_models.comparison import rank_intervals, ranks
from multilabelfy.evaluation.many_models.traits import family_of
from multilabelfy.evaluation.measures.evaluated import EvaluatedModel
from multilabelfy.evaluation.measures.metrics import Bools, ValidLabels
from multilabelfy.evaluation.measures.model import LabelledImages
from multilabelfy.statistics.intervals import Interval
from multilabelfy.statistics.resampling import resampled
from multilabelfy.statistics.shares import Share

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LabelsAsked:
    """What people were asked about the measured images, in their order.

    `judged` holds the labels of each image that anybody judged; an image without any was not asked, and is left out of everything here.
    `only_family` says of each valid label, in the order of the label sets (n_labels_in_total,), which family's proposers alone it comes
    from: a place in `families`, or -1 where several families proposed it, it is the given label, or people found it by search. `is_found`
    says the last alone, in the same order.
    """

    judged: LabelSets
    only_family: npt.NDArray[np.int64]
    families: tuple[str, ...]
    is_found: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rank:
    """A model's place by ReaL accuracy, 1 the best, equals share the better one; the interval resamples images, all models together."""

    value: int
    interval: Interval


@dataclass(frozen=True, slots=True)
class ModelUnderTest:
    """One model against the proposers. `n_own` valid labels were proposed by its family alone; without any, the rank stays as it is.

    `real` counts a first label that nobody judged as wrong, `real_if_valid` as right.
    """

    model: str
    family: str
    is_of_proposers: bool
    n_own: int
    unjudged: Share
    real: Share
    real_if_valid: Share
    rank: Rank
    rank_without_own: Rank


def models_under_test(
    labelled: LabelledImages, models: Sequence[EvaluatedModel], asked: LabelsAsked, *, seed: int
) -> tuple[ModelUnderTest, ...]:
    """Every model, in order; empty if nobody was asked about any measured image."""
    is_asked = asked.judged.counts > 0
    if not is_asked.any():
        return ()
    first = np.stack([model.first for model in models]).astype(np.int64)
    unjudged = is_asked & ~_contained(asked.judged, first)
    valid, nonempty = _contained(labelled.sets, first) & is_asked, is_asked & (labelled.sets.counts > 0)
    whole = _ranks(valid, nonempty, seed)
    without = {family: _ranks_without(labelled.sets, first, is_asked, asked, place, seed) for place, family in enumerate(asked.families)}
    return tuple(
        ModelUnderTest(
            model=model.model,
            family=(family := family_of(model.model)),
            is_of_proposers=family in asked.families,
            n_own=_n_own(labelled.sets, asked, is_asked, family),
            unjudged=Share(int(unjudged[i].sum()), int(is_asked.sum())),
            real=Share(int(valid[i].sum()), int(nonempty.sum())),
            real_if_valid=Share(int((nonempty & (valid[i] | unjudged[i])).sum()), int(nonempty.sum())),
            rank=whole[i],
            rank_without_own=without.get(family, whole)[i],
        )
        for i, model in enumerate(models)
    )


def only_family(sources: Mapping[int, frozenset[str]], labels: Sequence[int], also_from_elsewhere: frozenset[int]) -> list[str]:
    """For each valid label of one image, the family whose proposers alone contributed it, else "".

    `sources` are the proposers of each label; `also_from_elsewhere` are the labels that would have been asked about anyway, or were found.

    >>> only_family({0: frozenset({"timm/resnet50"}), 1: frozenset({"timm/resnet50", "timm/vit_b"})}, [0, 1, 2], frozenset())
    ['resnet', '', '']
    """
    families = [{family_of(source) for source in sources.get(label, ())} for label in labels]
    alone = [of_label.pop() if len(of_label) == 1 else "" for of_label in families]
    return ["" if label in also_from_elsewhere else family for label, family in zip(labels, alone, strict=True)]


def _contained(sets: LabelSets, first: npt.NDArray[np.int64]) -> Bools:
    """(n_models, n_images): whether each first label is in the image's set."""
    valid, images = ValidLabels.of(LabelledImages(sets)), np.arange(len(sets), dtype=np.int64)
    return np.stack([valid.contain(images, row) for row in first])


def _ranks_without(
    sets: LabelSets, first: npt.NDArray[np.int64], is_asked: Bools, asked: LabelsAsked, family: int, seed: int
) -> tuple[Rank, ...]:
    """Every model's rank without the valid labels that only one family proposed; images that lose all their labels are left out."""
    images = np.repeat(np.arange(len(sets)), sets.counts)
    kept = asked.only_family != family
    counts = np.bincount(images[kept], minlength=len(sets))
    fewer = LabelSets(sets.images, np.concatenate([[0], np.cumsum(counts)]), sets.labels[kept])
    return _ranks(_contained(fewer, first) & is_asked, is_asked & (counts > 0), seed)


def _ranks(valid: Bools, nonempty: Bools, seed: int) -> tuple[Rank, ...]:
    columns = np.vstack([nonempty, valid & nonempty]).T.astype(np.float32)
    measured = ranks(_shares(columns.sum(axis=0, dtype=np.float64)[np.newaxis]))[0]
    spread = rank_intervals(_shares(resampled(columns, seed=seed)))
    return tuple(Rank(int(rank), interval) for rank, interval in zip(measured, spread, strict=True))


def _shares(sums: Floats) -> Floats:
    """The columns from the second on over the first, (n, n_models); 0 where no image is left."""
    return sums[:, 1:] / np.maximum(sums[:, :1], 1)


def _n_own(sets: LabelSets, asked: LabelsAsked, is_asked: Bools, family: str) -> int:
    if family not in asked.families:
        return 0
    of_asked = np.repeat(is_asked, sets.counts)
    return int((of_asked & (asked.only_family == asked.families.index(family))).sum())
