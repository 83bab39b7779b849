"""The finding about labels that people cannot tell apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from multilabelfy.dataset.hierarchy import Kinship
from multilabelfy.report.about_labels.class_names import PAIR_COLUMNS, Names, pair_cells
from multilabelfy.report.findings import Cell, CellKind, Finding, Picture, Pictures, Subject, ends, table, with_interval
from multilabelfy.report.wording import FEWEST_TO_NAME, counted, tied
from multilabelfy.statistics.intervals import wilson

MOST_PAIRS = 60
MOST_PAIRS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Mixed:
    """Two labels that people mixed up: on `n_images` of the `n_either` images where that could be seen, with pictures of some."""

    first: int
    second: int
    n_images: int
    n_either: int
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class MixingUp:
    """What counts as mixed up, and which images a share refers to: a sentence each."""

    what: str
    share: str


def mixed_up_finding(mixed_pairs: Sequence[Mixed], how: MixingUp, names: Names, dataset: Subject) -> Finding:
    """Pairs of labels that people cannot tell apart, most frequent first."""
    return Finding(
        slug="mixed-up",
        title=_title(mixed_pairs, names),
        subtitle=f"Pairs of labels of {dataset} by the number of images on which they are mixed up; {counted(len(mixed_pairs), 'pair')}",
        definition=f"{how.what} {how.share} Intervals are Wilson’s at 95%. Counts of one or two images are anecdotal. Suggestions are for "
        "people to judge: related labels may be merged; otherwise tell annotators how the two differ, in the guidelines or with reference "
        "pictures.",
        table=table(
            (
                *PAIR_COLUMNS,
                ("images", "images", CellKind.COUNT),
                ("either", "of", CellKind.COUNT),
                *with_interval("share", "share"),
                ("suggestion", "suggestion", CellKind.TEXT),
            ),
            [_row(mixed, names) for mixed in mixed_pairs[:MOST_PAIRS]],
        ),
        pictures=tuple(_pictures(mixed, names) for mixed in mixed_pairs[:MOST_PAIRS_SHOWN] if mixed.pictures),
    )


def _title(mixed_pairs: Sequence[Mixed], names: Names) -> str:
    if not mixed_pairs:
        return "No labels are mixed up"
    most = mixed_pairs[0]
    if most.n_images < FEWEST_TO_NAME:
        are, often = ("is", "but not often") if len(mixed_pairs) == 1 else ("are", "none of them often")
        return f"{counted(len(mixed_pairs), 'pair')} of labels {are} mixed up, {often}"
    first = [f"{names.of(pair.first)} and {names.of(pair.second)}" for pair in mixed_pairs if pair.n_images == most.n_images]
    if len(first) > 1:
        return f"{len(first)} pairs are mixed up most often, on {counted(most.n_images, 'image')} each: {tied(first)}"
    return f"{first[0]} are mixed up most often, on {counted(most.n_images, 'image')}"


def _row(mixed: Mixed, names: Names) -> list[Cell]:
    share = mixed.n_images / mixed.n_either if mixed.n_either else None
    counts = (mixed.n_images, mixed.n_either, share, *ends(wilson(mixed.n_images, mixed.n_either)))
    return [*pair_cells(mixed.first, mixed.second, names), *counts, _suggestion(names.kinship(mixed.first, mixed.second))]


def _suggestion(kinship: Kinship | None) -> str:
    if kinship is Kinship.KIND_OF:
        return "imply the wider"
    return "explain the difference" if kinship is None else "merge, or explain"


def _pictures(mixed: Mixed, names: Names) -> Pictures:
    return Pictures(f"{names.of(mixed.first)} or {names.of(mixed.second)}: {counted(mixed.n_images, 'image')}", mixed.pictures)
