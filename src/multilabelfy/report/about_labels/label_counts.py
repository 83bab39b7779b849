"""Findings about the label sets themselves: how many images have several labels, and which have none.

Of a study that is not finished, the headline is about all of its images: what is missing is weighted or bounded, never left out.
"""

from collections.abc import Mapping

from multilabelfy.evaluation.labels.label_counts import SeveralLabels
from multilabelfy.evaluation.labels.unfinished import ImagesByProgress, WholeShare, share_of_whole
from multilabelfy.refinement.empty_reasons import REASONS, EmptyReason
from multilabelfy.report.findings import CellKind, Drawing, Finding, Subject, table, with_interval
from multilabelfy.report.wording import between, count, counted, decimals_of, percent, share_in_title
from multilabelfy.statistics.intervals import wilson

WEIGHTED_AND_BOUNDED = (
    "Images that nobody has begun are weighted (the queue is drawn by seed, so they are like those begun); those begun but not decided are "
    "bounded, since they are harder than the others: none of them has several labels, or all have (Horowitz & Manski 1995). So are those "
    "that the random queue does not reach: without proposals, put first by their owner, or put among their kin"
)

MOST_NAMED = 10
"""So many unreadable files are named."""


def several_labels_finding(several: SeveralLabels, dataset: Subject, progress: ImagesByProgress | None = None) -> Finding:
    """The headline and the images by number of labels; `progress` is that of a study, None of label files."""
    whole = _unfinished_share(progress)
    rows = [(k, n, *_of_all(n, several.n_images)) for k, n in enumerate(several.histogram)]
    return Finding(
        slug="several-labels",
        title=_whole_title(progress, whole, dataset)
        if progress and whole
        else f"{_share_title(several)} of {dataset.images} have several valid labels",
        subtitle=f"Images by number of valid labels; {_images(several, dataset)}, {count(several.histogram[0])} without any",
        definition=(
            f"{_whole_text(progress, whole)}{_unreadable_text(progress)}Images with at least two valid labels: "
            f"{_shares(several, dataset)}. The mean is {several.mean or 0:.3f} labels per image. "
            "Intervals are Wilson’s at 95% and cover the sampling of images alone, not the choice of annotators."
        ),
        table=table(
            (
                ("labels", "valid labels", CellKind.COUNT),
                ("images", "images", CellKind.COUNT),
                *with_interval("share", f"share{dataset.of_finished}"),
            ),
            rows,
        ),
        drawing=Drawing.COLUMNS,
        axes=("valid labels of an image", "images"),
    )


def headline(several: SeveralLabels, dataset: Subject, progress: ImagesByProgress | None = None) -> str:
    """The share of images with at least two labels as a sentence of the summary."""
    whole = _unfinished_share(progress)
    if progress and whole:
        return (
            f"In {dataset.whole}, between {percent(whole.interval.low)} and {percent(whole.interval.high)} of all "
            f"{counted(progress.n_images, 'image')} have at least two valid labels (95% interval; the unfinished ones are weighted or "
            f"bounded). Of the {counted(several.n_images, 'finished image')} alone, {percent(several.share)} have."
        )
    if not several.n_images:
        return "There are no images."
    return (
        f"In {dataset}, {_shares(several, dataset)} have at least two valid labels; the mean is {several.mean or 0:.3f} labels per image."
    )


def progress_sentence(progress: ImagesByProgress, n_by_posterior: int = 0) -> str:
    """How much of a study is unfinished, and what that can do to the headline; and how many final sets the posterior settled."""
    n, whole = progress.n_unfinished, share_of_whole(progress)
    settled = f" The posterior of the votes settled {counted(n_by_posterior, 'image')}." if n_by_posterior else ""
    unread = _unreadable_sentence(len(progress.unreadable))
    if not progress.n_images:
        return f"There are no images.{unread}"
    if not n or whole is None:
        all_images = f"All {count(progress.n_images)} images have" if progress.n_images > 1 else "The only image has"
        return f"{all_images} final labels.{settled}{unread}"
    parts = (
        (progress.n_begun, "begun but not decided"),
        (progress.n_untouched, "not begun"),
        (progress.n_others, "not in the random queue"),
    )
    kinds = ", ".join(f"{count(part)} {words}" for part, words in parts if part)
    return (
        f"The study is not finished: {count(n)} of {counted(progress.n_images, 'image')} ({percent(n / progress.n_images)}) "
        f"{'has' if n == 1 else 'have'} no final labels yet ({kinds}), which leaves the share with several valid labels anywhere between "
        f"{percent(whole.bounds.low)} and {percent(whole.bounds.high)}.{_contested_sentence(progress.n_contested)}{settled}{unread}"
    )


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


def _unfinished_share(progress: ImagesByProgress | None) -> WholeShare | None:
    """The share of all images where some have no final labels; None where all have, or there is no study."""
    return share_of_whole(progress) if progress and progress.n_unfinished else None


def _whole_title(progress: ImagesByProgress, whole: WholeShare, dataset: Subject) -> str:
    return (
        f"Between {whole.interval.low:.0%} and {whole.interval.high:.0%} of {dataset.all_images(progress.n_images)} have several valid "
        f"labels, as far as {counted(progress.finished.n, 'finished image')} can tell"
    )


def _whole_text(progress: ImagesByProgress | None, whole: WholeShare | None) -> str:
    if progress is None or whole is None:
        return ""
    bounds = f"{percent(whole.bounds.low)} and {percent(whole.bounds.high)}"
    return (
        f"Of all {counted(progress.n_images, 'image')}: {between(whole.interval)} (95% interval). {WEIGHTED_AND_BOUNDED}. Wilson’s "
        f"interval widens both ends. Without any assumption the share is between {bounds}. The figure and the table are about the finished "
        "images alone. "
    )


def _contested_sentence(n: int) -> str:
    if not n:
        return ""
    they, wait, them = ("it", "waits", "it") if n == 1 else ("they", "wait", "them")
    return f" Experts differ on {count(n)} of these images: {they} {wait} for an owner, who may send {them} to an expert again."


def _unreadable_sentence(n: int) -> str:
    """How many files are left out of the study."""
    if not n:
        return ""
    return f" {counted(n, 'file')} {'is no readable picture and counts' if n == 1 else 'are no readable pictures and count'} nowhere."


def _unreadable_text(progress: ImagesByProgress | None) -> str:
    """The names of the files that are left out of the study, as many as fit."""
    if progress is None or not progress.unreadable:
        return ""
    named, n_more = ", ".join(progress.unreadable[:MOST_NAMED]), len(progress.unreadable) - MOST_NAMED
    more = f" and {count(n_more)} more" if n_more > 0 else ""
    return f"No image of the study, since no picture can be read from it: {named}{more}. "


def _images(several: SeveralLabels, dataset: Subject) -> str:
    return counted(several.n_images, "image" if dataset.n_finished is None else "finished image")


def _shares(several: SeveralLabels, dataset: Subject) -> str:
    digits = decimals_of(several.n_images)
    images = _images(several, dataset)
    return (
        f"{percent(several.share, digits)} of all {images} (95% interval "
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
