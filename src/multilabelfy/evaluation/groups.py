"""The same measures over groups of images: by class, by kind, by how the label was decided."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.intervals import Interval
from multilabelfy.evaluation.metrics import Hits, Measures, measures, tally
from multilabelfy.evaluation.model import NO_LABEL
from multilabelfy.evaluation.uncertainty import real_interval, top1_interval


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A model's measures over one group of images, with Wilson's intervals of top-1 and ReaL accuracy."""

    group: int
    measures: Measures
    top1_interval: Interval | None
    real_interval: Interval | None


def by_group(of: Hits, groups: npt.NDArray[np.integer]) -> tuple[GroupRow, ...]:
    """One row for each group that occurs, ascending; `groups` is (n_images,), and NO_LABEL leaves an image out."""
    order = np.argsort(groups, kind="stable")
    codes, starts = np.unique(groups[order], return_index=True)
    parts = zip(codes.tolist(), np.split(order, starts[1:]), strict=True)
    return tuple(_row(code, of.of(rows)) for code, rows in parts if code != NO_LABEL)


def _row(code: int, group: Hits) -> GroupRow:
    return GroupRow(code, measures(tally(group)), top1_interval(group), real_interval(group))
