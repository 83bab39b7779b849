"""Accuracy by the number of valid labels: does top-1 fall because a picture shows more, or because only one label may be right?"""

from dataclasses import dataclass

import numpy as np

from multilabelfy.evaluation.measures.metrics import HitCounts, ValidLabels, real, top1, variable_topk, variable_topk_strict
from multilabelfy.evaluation.measures.model import NO_LABEL, LabelledImages


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
