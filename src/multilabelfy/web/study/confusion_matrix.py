"""Set the most confused labels out as a symmetric matrix: each cell says in how many images one was chosen instead of the other."""

from collections import Counter
from dataclasses import dataclass

from multilabelfy.dataset.model import Label
from multilabelfy.workflows.analysing.analysis import Analysis

MOST_LABELS = 12
HEATS = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """The images of a pair (None on the diagonal), and how dark the cell is: 0 for nothing, up to 4 for the most (at least 4)."""

    pair: str
    n_images: int | None
    heat: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """The labels in their order, and their rows of cells; `n_left_out` confused labels are not among them."""

    labels: tuple[Label, ...]
    rows: tuple[tuple[Cell, ...], ...]
    n_left_out: int


def matrix_of(analysis: Analysis, *, by_name: bool) -> Matrix:
    """The labels of the most images with confusion, in that order or by name (ties: the lower label first)."""
    images: Counter[int] = Counter()
    for confusion in analysis.pairs:
        images.update(dict.fromkeys(confusion.pair, len(confusion.images)))
    chosen = sorted(images, key=lambda label: (-images[label], label))[:MOST_LABELS]
    if by_name:
        chosen.sort(key=lambda label: (analysis.names[label].name.casefold(), label))
    counts = {confusion.pair: len(confusion.images) for confusion in analysis.pairs}
    most = max(HEATS, *counts.values()) if counts else HEATS
    rows = tuple(tuple(_cell(a, b, counts, most) for b in chosen) for a in chosen)
    return Matrix(tuple(analysis.names[label] for label in chosen), rows, len(images) - len(chosen))


def _cell(a: int, b: int, counts: dict[tuple[int, int], int], most: int) -> Cell:
    if a == b:
        return Cell("", None, 0)
    pair = (min(a, b), max(a, b))
    n_images = counts.get(pair, 0)
    return Cell(f"{pair[0]}-{pair[1]}", n_images, -(-HEATS * n_images // most))
