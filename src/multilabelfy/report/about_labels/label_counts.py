"""Findings about the label sets themselves: how many images have several labels, and which have none."""

from collections.abc import Mapping

from multilabelfy.evaluation.labels.label_counts import SeveralLabels
from multilabelfy.refinement.empty_reasons import REASONS, EmptyReason
from multilabelfy.report.findings import CellKind, Drawing, Finding, Subject, table, with_interval
from multilabelfy.report.wording import between, count, counted, decimals_of, percent, share_in_title
from multilabelfy.statistics.intervals import wilson


def several_labels_finding(several: SeveralLabels, dataset: Subject) -> Finding:
    """The headline and the images by number of labels."""
    rows = [(k, n, *_of_all(n, several.n_images)) for k, n in enumerate(several.histogram)]
    return Finding(
        slug="several-labels",
        title=f"{_share_title(several)} of {dataset.images} have several valid labels",
        subtitle=f"Images by number of valid labels; {counted(several.n_images, 'image')}, {count(several.histogram[0])} without any",
        definition=(
            f"Images with at least two valid labels: {_shares(several)}. The mean is {several.mean or 0:.3f} labels per image. "
            "Intervals are Wilson’s at 95% and cover the sampling of images alone, not the choice of annotators."
        ),
        table=table(
            (("labels", "valid labels", CellKind.COUNT), ("images", "images", CellKind.COUNT), *with_interval("share", "share")), rows
        ),
        drawing=Drawing.COLUMNS,
        axes=("valid labels of an image", "images"),
    )


def headline(several: SeveralLabels, dataset: Subject) -> str:
    """The share of images with at least two labels as a sentence of the summary."""
    if not several.n_images:
        return "There are no images."
    return f"In {dataset}, {_shares(several)} have at least two valid labels; the mean is {several.mean or 0:.3f} labels per image."


def empty_finding(reasons: Mapping[EmptyReason, int], n_images: int, dataset: Subject) -> Finding:
    """The images without a final label by reason, most frequent first; reasons that do not occur are left out."""
    n_empty = sum(reasons.values())
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], list(EmptyReason).index(item[0])))
    rows = [(REASONS[reason].words, n, *_of_all(n, n_empty)) for reason, n in ordered]
    return Finding(
        slug="images-without-labels",
        title=_empty_title(n_empty, n_images, dataset),
        subtitle=f"Images without a valid label, by reason; {count(n_empty)} of {counted(n_images, 'image')}",
        definition=(
            "An image has no label if nothing in the label space is valid; an expert then gives the reason (our interpretation, after "
            "Shankar et al. 2020 and ReImageNet). Shares are of the images without labels, with Wilson’s intervals at 95%."
        ),
        table=table((("reason", "reason", CellKind.TEXT), ("images", "images", CellKind.COUNT), *with_interval("share", "share")), rows),
        drawing=Drawing.BARS if len(rows) > 1 else None,
        axes=("", "share of the images without labels"),
    )


def _share_title(several: SeveralLabels) -> str:
    return share_in_title(several.share or 0.0, several.interval, decimals_of(several.n_images))


def _shares(several: SeveralLabels) -> str:
    digits = decimals_of(several.n_images)
    return (
        f"{percent(several.share, digits)} of all {counted(several.n_images, 'image')} (95% interval "
        f"{between(several.interval, digits)}) and {percent(several.share_of_nonempty, digits)} of the {count(several.n_nonempty)} with "
        f"any label ({between(several.interval_of_nonempty, digits)})"
    )


def _empty_title(n_empty: int, n_images: int, dataset: Subject) -> str:
    if not n_empty:
        return f"All of {dataset.images} have a valid label"
    return f"{count(n_empty)} of {dataset.images} {'has' if n_empty == 1 else 'have'} no valid label ({percent(n_empty / n_images)})"


def _of_all(n: int, n_all: int) -> tuple[float | None, float | None, float | None]:
    interval = wilson(n, n_all)
    return (None, None, None) if interval is None else (n / n_all, interval.low, interval.high)
