"""Findings about wrong given labels: image by image, surest first, and class by class."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from multilabelfy.evaluation.measures.model import LabelledImages
from multilabelfy.report.findings import Cell, CellKind, Finding, Pictures, Subject, ends, table, with_interval
from multilabelfy.report.naming import NameOf
from multilabelfy.report.wording import between, counted
from multilabelfy.statistics.intervals import Interval, wilson

MOST_CLASSES = 25


def surest_first(wrong: npt.NDArray[np.int64], sure: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """The rows of images with a wrong given label, surest first, ties in the labels' own order; `sure` is (n_images,)."""
    return wrong[np.argsort(-sure[wrong], kind="stable")]


def errors_finding(
    labelled: LabelledImages,
    wrong: npt.NDArray[np.int64],
    sure: npt.NDArray[np.float64],
    who: str,
    name_of: NameOf,
    dataset: Subject,
    pictures: tuple[Pictures, ...] = (),
) -> Finding:
    """The images whose given label is wrong, surest first. `sure` is (n_images,); `who` says what it measures."""
    order = surest_first(wrong, sure)
    return Finding(
        slug="label-errors",
        title=f"These {counted(len(wrong), 'image')} have a wrong given label" if len(wrong) > 1 else "This image has a wrong given label",
        subtitle=f"Images of {dataset} whose final labels do not include the given one, surest first",
        definition=f"“Sure” is {who}. Images without any final label are not listed here.",
        table=table(
            (
                ("image", "image", CellKind.TEXT),
                ("given", "given label", CellKind.TEXT),
                ("final", "final labels", CellKind.TEXT),
                ("sure", "sure", CellKind.SHARE),
            ),
            [_error_row(labelled, row, float(sure[row]), name_of) for row in order.tolist()],
        ),
        pictures=pictures,
    )


def errors_by_class_finding(wrong_by_class: Mapping[int, tuple[int, int]], name_of: NameOf, dataset: Subject) -> Finding:
    """The given labels most often wrong, by the lower end of the share's interval, so that a class of few images does not come first."""
    rows = sorted(((label, wrong, n, wilson(wrong, n)) for label, (wrong, n) in wrong_by_class.items()), key=_by_lower_end)
    worst = rows[0]
    return Finding(
        slug="errors-by-class",
        title=f"{between(worst[3], 0)} of the images given as {name_of(worst[0])} have a wrong label",
        subtitle=f"Given labels of {dataset} by how often they are wrong; {counted(len(rows), 'given label')}",
        definition="A given label is wrong if it is not among the image’s final labels; images without any label count too. Shares "
        "have Wilson’s intervals at 95%; rows are ordered by the lower end.",
        table=table(
            (
                ("given", "given label", CellKind.TEXT),
                ("wrong", "wrong", CellKind.COUNT),
                ("images", "images", CellKind.COUNT),
                *with_interval("share", "share"),
            ),
            [_class_row(name_of(label), wrong, n, interval) for label, wrong, n, interval in rows[:MOST_CLASSES]],
        ),
    )


def _error_row(labelled: LabelledImages, row: int, sure: float, name_of: NameOf) -> list[Cell]:
    assert labelled.given is not None
    final = ", ".join(name_of(label) for label in labelled.sets.row(row))
    return [labelled.sets.images[row], name_of(int(labelled.given[row])), final, sure]


def _class_row(name: str, wrong: int, n: int, interval: Interval | None) -> Sequence[Cell]:
    return [name, wrong, n, wrong / n, *ends(interval)]


def _by_lower_end(row: tuple[int, int, int, Interval | None]) -> tuple[float, int]:
    return -(row[3].low if row[3] else 0.0), row[0]
