"""Read what a table of final labels says about each image beside its labels: how these relate, and how they were decided."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from multilabelfy.annotation.model import Relation
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.reading.label_rows import LabelRow, LabelRows, read_label_rows
from multilabelfy.refinement.model import LabelSource

ATTEMPT = "Cannot read how the labels came about"
SHOWN = 5
Value = TypeVar("Value", Relation, LabelSource)


def read_relations(path: Path, images: Sequence[str]) -> tuple[Relation | None, ...]:
    """How the labels of each of these images relate, from the column `relation`; None where the cell is empty. Raises InvalidInput."""
    return _read(path, images, "relation", lambda row: row.relation, {one.value: one for one in Relation})


def read_sources(path: Path, images: Sequence[str]) -> tuple[LabelSource | None, ...]:
    """How the labels of each of these images were decided, from the column `source`; None where the cell is empty. Raises InvalidInput."""
    return _read(path, images, "source", lambda row: row.source, {one.value: one for one in LabelSource})


def _read(
    path: Path, images: Sequence[str], column: str, cell: Callable[[LabelRow], str], values: Mapping[str, Value]
) -> tuple[Value | None, ...]:
    written = read_label_rows(path, ATTEMPT)
    said, problems = _by_image(written, column, cell, values)
    if not said and not problems:
        problems = [Problem(str(path), f"no row says anything under '{column}'")]
    if problems:
        known = ", ".join(values)
        way_out = f"A table of final labels with the column '{column}' is wanted ({known}), as `multilabelfy export` writes it."
        raise InvalidInput(ATTEMPT, problems[:SHOWN], way_out)
    return tuple(said.get(image) for image in images)


def _by_image(
    written: LabelRows, column: str, cell: Callable[[LabelRow], str], values: Mapping[str, Value]
) -> tuple[dict[str, Value], list[Problem]]:
    said: dict[str, Value] = {}
    problems: list[Problem] = []
    for row in written.rows:
        text = cell(row)
        if not text:
            continue
        if text not in values:
            problems.append(Problem(written.where(row), f"'{text}' is no {column}"))
        elif said.setdefault(row.image, values[text]) is not values[text]:
            problems.append(Problem(written.where(row), f"the {column} of '{row.image}' is '{text}' here, and another one above"))
    return said, problems
