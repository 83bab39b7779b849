"""Measures that need scores, over groups of images: each group is measured as if there were no other images."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from multilabelfy.evaluation.many_models.groups import Grouping, Groups, images_by_group
from multilabelfy.evaluation.measures.by import By
from multilabelfy.evaluation.measures.model import LabelledImages
from multilabelfy.evaluation.measures.score_metrics import (
    AveragePrecisions,
    Floats,
    ScoreMeasures,
    average_precisions,
    measures_of,
    score_measures,
)
from multilabelfy.statistics.intervals import Interval, wilson

OfGroups = Mapping[int, ScoreMeasures]


@dataclass(frozen=True, slots=True)
class MeasuredScores:
    """One model's measures over all images, whether it named each image's set exactly, (n_images,), and its measures in the groups asked
    for (by `Grouping.key`)."""

    of_all: ScoreMeasures
    exact: npt.NDArray[np.bool_]
    by_group: Mapping[str, OfGroups] = field(default_factory=dict)

    def subset_accuracy(self, chosen: npt.NDArray[np.bool_]) -> tuple[float | None, Interval | None]:
        """Over some of the images, with Wilson's interval."""
        n_right, n = int(self.exact[chosen].sum()), int(chosen.sum())
        return (n_right / n if n else None), wilson(n_right, n)


def measured_scores(labelled: LabelledImages, scores: Floats, groupings: Sequence[Grouping] = ()) -> MeasuredScores:
    """`scores` are (n_images, n_labels) in the order of the labelled images."""
    precisions = average_precisions(labelled.sets, scores)
    of_all, exact = measures_of(labelled.sets, scores, precisions)
    return MeasuredScores(of_all, exact, {of.key: _in_groups(labelled, scores, of, precisions) for of in groupings})


def _in_groups(labelled: LabelledImages, scores: Floats, of: Grouping, precisions: AveragePrecisions) -> OfGroups:
    by_code = _by_group(labelled, scores, of.groups)
    if of.by is not By.CLASS:
        return by_code
    return {label: _of_class(measures, precisions, label) for label, measures in by_code.items()}


def _by_group(labelled: LabelledImages, scores: Floats, groups: Groups) -> OfGroups:
    return {code: score_measures(labelled.of(rows).sets, scores[rows]) for code, rows in images_by_group(groups)}


def _of_class(measures: ScoreMeasures, precisions: AveragePrecisions, label: int) -> ScoreMeasures:
    """For a class, the average precision of its label over all images says more than that of all labels over its images."""
    known = label < len(precisions.of_label) and bool(np.isfinite(precisions.of_label[label]))
    value, interval = (float(precisions.of_label[label]), precisions.interval(label)) if known else (None, None)
    return replace(measures, mean_average_precision=value, mean_average_precision_interval=interval, n_labels=int(known))
