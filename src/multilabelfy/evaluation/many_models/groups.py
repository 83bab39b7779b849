"""The same measures over groups of images: by class, by kind, by how the label was decided; of one model, and in the mean of several."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.evaluation.many_models.trend import mean_given_hits
from multilabelfy.evaluation.measures.by import By
from multilabelfy.evaluation.measures.evaluated import EvaluatedModel, valid_hits
from multilabelfy.evaluation.measures.metrics import Hits, Measures, measures, tally
from multilabelfy.evaluation.measures.model import NO_LABEL
from multilabelfy.evaluation.measures.uncertainty import cases_of, real_interval, top1_interval, variable_topk_interval
from multilabelfy.statistics.intervals import Interval
from multilabelfy.statistics.resampling import FEWEST_TO_RESAMPLE, share_interval

Floats = npt.NDArray[np.float64]
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
