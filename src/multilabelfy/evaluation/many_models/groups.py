"""The same measures over groups of images: by class, by kind, by how the label was decided; of one model, and in the mean of several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from multilabelfy.evaluation.many_models.trend import mean_given_hits
from multilabelfy.evaluation.measures.by import By
from multilabelfy.evaluation.measures.evaluated import EvaluatedModel, valid_hits
from multilabelfy.evaluation.measures.metrics import Hits, Measures, measures, tally
from multilabelfy.evaluation.measures.model import NO_LABEL, LabelledImages
from multilabelfy.evaluation.measures.score_metrics import (
    AveragePrecisions,
    Floats,
    ScoreMeasures,
    average_precisions,
    measures_of,
    score_measures,
)
from multilabelfy.evaluation.measures.uncertainty import cases_of, real_interval, top1_interval, variable_topk_interval
from multilabelfy.statistics.intervals import Interval, wilson
from multilabelfy.statistics.resampling import FEWEST_TO_RESAMPLE, share_interval

Groups = npt.NDArray[np.integer]
"""(n_images,) the number of each image's group; NO_LABEL leaves an image out."""


@dataclass(frozen=True)
class Grouping:
    """Images in groups; `names` gives the meaning of the groups' numbers, None if these are label indices."""

    by: By
    groups: Groups
    names: Sequence[str] | None = None

    @property
    def key(self) -> str:
        """The key of these rows in JSON."""
        return f"by_{self.by}"

    @property
    def called(self) -> str:
        """What one of its groups is."""
        return "label" if self.by is By.CLASS else self.by.value

    def name_of(self, group: int) -> str | int:
        """A group's name, or its number where groups have none."""
        return group if self.names is None else str(self.names[group])


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A model's measures over one group of images, with Wilson's intervals of top-1 and ReaL, and a bootstrap's of variable top-k.

    Groups of fewer than FEWEST_TO_RESAMPLE images have none of the last: resampling so few says that their mean is surer than it is.
    """

    group: int
    measures: Measures
    top1_interval: Interval | None
    real_interval: Interval | None
    variable_topk_interval: Interval | None


@dataclass(frozen=True, slots=True)
class GroupMean:
    """A measure over the `n` images of a group for which it is defined: the mean over models and images, None where it is not defined.

    Its interval is a bootstrap over images; Wilson's where all are right or none is.
    """

    value: float | None
    interval: Interval | None
    n: int = 0


@dataclass(frozen=True, slots=True)
class GroupPoint:
    """The mean over models over one group of images; ReaL and variable top-k leave out images without labels (or enough ranks)."""

    group: int
    images: int
    top1: GroupMean
    real: GroupMean
    variable_topk: GroupMean


def by_group(of: Hits, groups: Groups, *, seed: int) -> tuple[GroupRow, ...]:
    """One row for each group that occurs, ascending."""
    return tuple(_row(code, of.of(rows), seed) for code, rows in images_by_group(groups))


def mean_by_group(models: Sequence[EvaluatedModel], groups: Groups, *, seed: int) -> tuple[GroupPoint, ...]:
    """One point for each group that occurs, ascending. All models see the same images; each counts alike."""
    given, real = mean_given_hits(models), _where(models[0].hits.nonempty, valid_hits(models).mean(axis=0))
    topk = np.mean([_parts_found(model.hits) for model in models], axis=0)
    return tuple(
        GroupPoint(
            code,
            len(rows),
            GroupMean(None, None) if given is None else _mean(given[rows], seed),
            _mean(real[rows], seed),
            _mean(topk[rows], seed),
        )
        for code, rows in images_by_group(groups)
    )


def images_by_group(groups: Groups) -> list[tuple[int, npt.NDArray[np.int64]]]:
    """Each group's number and the rows of its images."""
    order = np.argsort(groups, kind="stable")
    codes, starts = np.unique(groups[order], return_index=True)
    parts = zip(codes.tolist(), np.split(order, starts[1:]), strict=True)
    return [(code, rows) for code, rows in parts if code != NO_LABEL]


def _row(code: int, group: Hits, seed: int) -> GroupRow:
    topk = variable_topk_interval(cases_of(group, seed=seed)) if len(group.valid) >= FEWEST_TO_RESAMPLE else None
    return GroupRow(code, measures(tally(group)), top1_interval(group), real_interval(group), topk)


def _parts_found(of: Hits) -> Floats:
    """The share of each image's k labels among the first k, (n_images,); NaN where it is not defined."""
    return _where(of.found != NO_LABEL, of.found / np.maximum(of.n_valid, 1))


def _where(defined: npt.NDArray[np.bool_], values: Floats) -> Floats:
    return np.where(defined, values, np.nan)


def _mean(values: Floats, seed: int) -> GroupMean:
    defined = values[np.isfinite(values)]
    return GroupMean(float(defined.mean()), share_interval(defined, seed=seed), defined.size) if defined.size else GroupMean(None, None)


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
