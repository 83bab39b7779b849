"""The finding about labels that people cannot tell apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from multilabelfy.dataset.hierarchy import Kinship
from multilabelfy.report.about_labels.class_names import PAIR_COLUMNS, Names, pair_cells
from multilabelfy.report.findings import Cell, CellKind, Finding, Picture, Pictures, Subject, ends, table, with_interval
from multilabelfy.report.wording import counted
from multilabelfy.statistics.intervals import wilson

MOST_PAIRS = 60
MOST_PAIRS_SHOWN = 12
FEWEST_TO_NAME = 3
"""Images below which a title names no pair: fewer are anecdotes."""


@dataclass(frozen=True, slots=True)
class Mixed:
    """Two labels that people mixed up: in how many images, out of how many where that could be seen, and pictures of some."""

    first: int
    second: int
    n_images: int
    n_either: int
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class MixingUp:
    """What counts as mixed up, and of which images a share is one: both as sentences for people."""

    what: str
    share: str


def mixed_up_finding(found: Sequence[Mixed], how: MixingUp, names: Names, dataset: Subject) -> Finding:
    """Pairs that people cannot tell apart, the most frequent first."""
    return Finding(
        slug="mixed-up",
        title=_title(found, names),
        subtitle=f"Pairs of labels of {dataset} by the number of images where they are mixed up; {counted(len(found), 'pair')}",
        definition=f"{how.what} {how.share} Intervals are Wilson’s at 95%. Counts of one or two images are anecdotes. Suggestions are for "
        "people to judge: relatives may be merged; else annotators need to be told how the two differ, in the guidelines or by reference "
        "pictures.",
        table=table(
            (
                *PAIR_COLUMNS,
                ("images", "images", CellKind.COUNT),
                ("either", "of", CellKind.COUNT),
                *with_interval("share", "share"),
                ("suggestion", "suggestion", CellKind.TEXT),
            ),
            [_row(one, names) for one in found[:MOST_PAIRS]],
        ),
        pictures=tuple(_pictures(one, names) for one in found[:MOST_PAIRS_SHOWN] if one.pictures),
    )


def _title(found: Sequence[Mixed], names: Names) -> str:
    if not found:
        return "No labels are mixed up"
    most = found[0]
    if most.n_images < FEWEST_TO_NAME:
        return f"{counted(len(found), 'pair')} of labels {'is' if len(found) == 1 else 'are'} mixed up, none of them often"
    return f"Most often {names.of(most.first)} and {names.of(most.second)} are mixed up, in {counted(most.n_images, 'image')}"


def _row(one: Mixed, names: Names) -> list[Cell]:
    share = one.n_images / one.n_either if one.n_either else None
    counts = (one.n_images, one.n_either, share, *ends(wilson(one.n_images, one.n_either)))
    return [*pair_cells(one.first, one.second, names), *counts, _suggestion(names.kinship(one.first, one.second))]


def _suggestion(kinship: Kinship | None) -> str:
    if kinship is Kinship.KIND_OF:
        return "imply the wider"
    return "explain the difference" if kinship is None else "merge, or explain"


def _pictures(one: Mixed, names: Names) -> Pictures:
    return Pictures(f"{names.of(one.first)} or {names.of(one.second)}: {counted(one.n_images, 'image')}", one.pictures)
