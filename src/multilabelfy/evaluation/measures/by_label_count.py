"""Accuracy by the number of valid labels: does top-1 fall because a picture shows more, or because only one label may be right?"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from multilabelfy.annotation.model import Relation
from multilabelfy.evaluation.measures.metrics import HitCounts, ValidLabels, real, top1, variable_topk, variable_topk_strict
from multilabelfy.evaluation.measures.model import NO_LABEL, LabelledImages
from multilabelfy.refinement.model import LabelSource


@dataclass(frozen=True, slots=True)
class LabelCountRow:
    """A model's measures over the images with this number of labels; None where one is not defined."""

    labels: int
    images: int
    top1: float | None
    real: float | None
    variable_topk: float | None
    variable_topk_strict: float | None


def by_label_count(of: HitCounts) -> tuple[LabelCountRow, ...]:
    """One row for each number of labels that occurs, ascending, 0 included."""
    return tuple(_row(of.of(of.size == k)) for k in of.size)


def _row(group: HitCounts) -> LabelCountRow:
    size, images = int(group.size[0]), int(group.images[0])
    return LabelCountRow(size, images, top1(group), real(group), variable_topk(group), variable_topk_strict(group))


def random_valid_label_as_top1(labelled: LabelledImages) -> dict[int, float]:
    """By |Y| = 1, 2, …: what a randomly picked valid label would score as top-1, mean of [g ∈ Y] / |Y|.

    This is the mechanical part of the fall: a model that always answers with a valid label still loses top-1 with each label more.
    """
    if labelled.given is None:
        return {}
    given = np.asarray(labelled.given)
    valid = ValidLabels.of(labelled)
    has_given = given != NO_LABEL
    among = valid.contain(np.arange(len(labelled), dtype=np.int64), given)
    sizes = np.unique(valid.counts[has_given & (valid.counts > 0)])
    return {int(k): float(among[has_given & (valid.counts == k)].mean() / k) for k in sizes}


NOWHERE = -1
"""The group number of an image without a group."""


class ImageKind(StrEnum):
    """How the labels of an image relate; an image without labels has no kind."""

    ONE_LABEL = "one-label"
    SEVERAL_OBJECTS = "several-objects"
    SEVERAL_NAMES = "several-names"
    BOTH = "both"
    NOT_SAID = "not-said"  # several labels, and nobody said how they relate, or not all the same


KINDS, SOURCES = tuple(ImageKind), tuple(LabelSource)
"""What the numbers of `kind_groups` and `source_groups` mean."""


def kind_of(n_labels: int, relation: Relation | None) -> ImageKind | None:
    """
    >>> kind_of(2, Relation.SEVERAL_NAMES).value, kind_of(1, None).value, kind_of(3, None).value, kind_of(0, None)
    ('several-names', 'one-label', 'not-said', None)
    """
    if n_labels < 2:
        return ImageKind.ONE_LABEL if n_labels else None
    return ImageKind.NOT_SAID if relation is None else ImageKind(relation.value)


def kind_groups(counts: Sequence[int], relations: Sequence[Relation | None]) -> npt.NDArray[np.int64]:
    """The place in KINDS of each image's kind, (n_images,); NOWHERE for an image without labels."""
    kinds = [kind_of(n_labels, relation) for n_labels, relation in zip(counts, relations, strict=True)]
    return np.array([NOWHERE if kind is None else KINDS.index(kind) for kind in kinds], dtype=np.int64)


def source_groups(sources: Sequence[LabelSource | None]) -> npt.NDArray[np.int64]:
    """The place in SOURCES of how each image was decided, (n_images,); NOWHERE where that is not known."""
    return np.array([NOWHERE if source is None else SOURCES.index(source) for source in sources], dtype=np.int64)
