"""Findings about rejected given labels: image by image, surest first, and class by class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.evaluation.measures.model import LabelledImages
from multilabelfy.report.findings import Cell, CellKind, Finding, Pictures, Subject, ends, table, with_interval
from multilabelfy.report.wording import FEWEST_TO_NAME, NameOf, between, count, counted, tied
from multilabelfy.statistics.intervals import wilson
from multilabelfy.statistics.shrinkage import Shrunk, shrunk_shares

MOST_CLASSES = 25


@dataclass(frozen=True, slots=True)
class ClassErrors:
    """A given label, how many of its images rejected it, how many there are, and that share, shrunk."""

    label: int
    n_wrong: int
    n_images: int
    shrunk: Shrunk


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
    n_doubted: int | None = None,
) -> Finding:
    """The images whose given label was rejected, surest first. `sure` is (n_images,); `who` says what it measures.

    Of them, `n_doubted` are named so by most models: there, models and people disagree. None: no models.
    """
    order = surest_first(wrong, sure)
    return Finding(
        slug="label-errors",
        title=f"The given labels of these {counted(len(wrong), 'image')} were rejected"
        if len(wrong) > 1
        else "The given label of this image was rejected",
        subtitle=f"Images of {dataset} whose final labels do not include the given one, surest first",
        definition=f"“Sure” is {who}. Images without any final label are not listed here.{doubted_text(n_doubted, len(wrong))}",
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
    """The given labels most often rejected, by the lower end of their shrunk share: neither few images nor luck among many decide."""
    labels = list(wrong_by_class)
    n_wrong, n_images = (np.array([wrong_by_class[label][place] for label in labels]) for place in (0, 1))
    rows = [ClassErrors(*row) for row in zip(labels, n_wrong.tolist(), n_images.tolist(), shrunk_shares(n_wrong, n_images), strict=True)]
    rows.sort(key=lambda row: (-row.shrunk.interval.low, row.label))
    overall = float(n_wrong.sum() / n_images.sum())
    return Finding(
        slug="errors-by-class",
        title=_by_class_title(rows, overall, name_of),
        subtitle=f"Given labels of {dataset} by how often they were rejected; {counted(len(rows), 'given label')}",
        definition="A given label is rejected if it is not among the image’s final labels; images without any label count too. The first "
        "of many shares is mostly luck, so each is shrunk towards all of them as far as its images are few (beta-binomial model, empirical "
        "Bayes; Efron & Morris 1975). Its interval is the posterior’s, and rows are ordered by its lower end. Plain shares have Wilson’s "
        "intervals.",
        table=table(
            (
                ("given", "given label", CellKind.TEXT),
                ("rejected", "rejected", CellKind.COUNT),
                ("images", "images", CellKind.COUNT),
                *with_interval("share", "share"),
                *with_interval("shrunk", "share, shrunk"),
            ),
            [_class_row(row, name_of) for row in rows[:MOST_CLASSES]],
        ),
    )


def doubted_text(n_doubted: int | None, n_wrong: int) -> str:
    """On how many images most models name what people rejected: that a label was rejected does not make it wrong."""
    if not n_doubted:
        return ""
    return f" On {count(n_doubted)} of the {count(n_wrong)}, most models name the rejected label first: there, models and people disagree."


def _error_row(labelled: LabelledImages, row: int, sure: float, name_of: NameOf) -> list[Cell]:
    assert labelled.given is not None
    final = ", ".join(name_of(label) for label in labelled.sets.row(row))
    return [labelled.sets.images[row], name_of(int(labelled.given[row])), final, sure]


def _class_row(row: ClassErrors, name_of: NameOf) -> list[Cell]:
    plain = (row.n_wrong / row.n_images, *ends(wilson(row.n_wrong, row.n_images)))
    return [name_of(row.label), row.n_wrong, row.n_images, *plain, row.shrunk.value, *ends(row.shrunk.interval)]


def _by_class_title(rows: Sequence[ClassErrors], overall: float, name_of: NameOf) -> str:
    """The labels that stand out from the mean, and the first of them with those that tie with it."""
    above = [row for row in rows if row.shrunk.interval.low > overall and row.n_wrong >= FEWEST_TO_NAME]
    if not above:
        return "No given label is reliably rejected more often than the others"
    first = [row for row in above if (row.n_wrong, row.n_images) == (above[0].n_wrong, above[0].n_images)]
    named = f"{tied([name_of(row.label) for row in first])}, {between(first[0].shrunk.interval, 0)}"
    if len(above) == 1:
        return f"One given label is reliably rejected more often than the mean of {overall:.0%}: {named}"
    return f"{count(len(above))} given labels are reliably rejected more often than the mean of {overall:.0%}, first {named}"
