"""Findings about the label sets themselves: how many images have several labels, and which have none."""

from collections.abc import Mapping

from multilabelfy.evaluation.labels.label_counts import SeveralLabels
from multilabelfy.refinement.empty_reasons import REASONS, EmptyReason
from multilabelfy.report.findings import CellKind, Drawing, Finding, Subject, table, with_interval
from multilabelfy.report.wording import between, count, counted, decimals_of, percent, share_in_title
from multilabelfy.statistics.intervals import wilson


def several_labels_finding(found: SeveralLabels, dataset: Subject) -> Finding:
    """The headline and the images by number of labels."""
    rows = [(k, n, *_of_all(n, found.n_images)) for k, n in enumerate(found.histogram)]
    return Finding(
        slug="several-labels",
        title=f"{_share_title(found)} of {dataset.images} have several valid labels",
        subtitle=f"Images by number of valid labels; {counted(found.n_images, 'image')}, {count(found.histogram[0])} without any",
        definition=(
            f"The share of images with at least two valid labels is {_shares(found)}. The mean is {found.mean or 0:.3f} labels an image. "
            "Intervals are Wilson’s at 95% and cover the sampling of images alone, not the choice of annotators."
        ),
        table=table(
            (("labels", "valid labels", CellKind.COUNT), ("images", "images", CellKind.COUNT), *with_interval("share", "share")), rows
        ),
        drawing=Drawing.COLUMNS,
        axes=("valid labels of an image", "images"),
    )


def headline(found: SeveralLabels, dataset: Subject) -> str:
    """The share of images with at least two labels as a sentence of the summary."""
    if not found.n_images:
        return "There are no images."
    return f"Of {dataset.images}, {_shares(found)} have at least two valid labels; the mean is {found.mean or 0:.3f} labels an image."


def empty_finding(reasons: Mapping[EmptyReason, int], n_images: int, dataset: Subject) -> Finding:
    """The images that end without a label, by reason; every reason that occurs, the most frequent first."""
    n_empty = sum(reasons.values())
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], list(EmptyReason).index(item[0])))
    rows = [(REASONS[reason].words, n, *_of_all(n, n_empty)) for reason, n in ordered]
    return Finding(
        slug="images-without-labels",
        title=_empty_title(n_empty, n_images, dataset),
        subtitle=f"Images without a valid label, by reason; {count(n_empty)} of {counted(n_images, 'image')}",
        definition=(
            "An image ends without a label where nothing of the label space is valid; an expert then gives the reason (our reading, after "
            "Shankar et al. 2020 and ReImageNet). Shares are of the images without labels, with Wilson’s intervals at 95%."
        ),
        table=table((("reason", "reason", CellKind.TEXT), ("images", "images", CellKind.COUNT), *with_interval("share", "share")), rows),
        drawing=Drawing.BARS if len(rows) > 1 else None,
        axes=("", "share of the images without labels"),
    )


def _share_title(found: SeveralLabels) -> str:
    return share_in_title(found.share or 0.0, found.interval, decimals_of(found.n_images))


def _shares(found: SeveralLabels) -> str:
    digits = decimals_of(found.n_images)
    return (
        f"{percent(found.share, digits)} of all {count(found.n_images)} (95% interval {between(found.interval, digits)}) and "
        f"{percent(found.share_of_nonempty, digits)} of the {count(found.n_nonempty)} with any label "
        f"({between(found.interval_of_nonempty, digits)})"
    )


def _empty_title(n_empty: int, n_images: int, dataset: Subject) -> str:
    if not n_empty:
        return f"None of {dataset.images} is without a valid label"
    return f"{count(n_empty)} of {dataset.images} {'has' if n_empty == 1 else 'have'} no valid label ({percent(n_empty / n_images)})"


def _of_all(n: int, n_all: int) -> tuple[float | None, float | None, float | None]:
    interval = wilson(n, n_all)
    return (None, None, None) if interval is None else (n / n_all, interval.low, interval.high)
