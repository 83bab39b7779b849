"""Read from a table of final labels how the labels of each image relate and how they were decided."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from multilabelfy.annotation.model import Relation
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.reading.label_rows import LabelRows, WrittenRow, read_label_rows
from multilabelfy.refinement.model import LabelSource

ATTEMPT = "Cannot read how the labels came about"
SHOWN = 5
Value = TypeVar("Value", Relation, LabelSource)


def read_relations(path: Path, images: Sequence[str]) -> tuple[Relation | None, ...]:
    """How each image's labels relate, from the column `relation`; None where the cell is empty. Raises InvalidInput."""
    return _read(path, images, "relation", lambda row: row.relation, {relation.value: relation for relation in Relation})


def read_sources(path: Path, images: Sequence[str]) -> tuple[LabelSource | None, ...]:
    """How each image's labels were decided, from the column `source`; None where the cell is empty. Raises InvalidInput."""
    return _read(path, images, "source", lambda row: row.source, {source.value: source for source in LabelSource})


def _read(
    path: Path, images: Sequence[str], column: str, cell: Callable[[WrittenRow], str], values: Mapping[str, Value]
) -> tuple[Value | None, ...]:
    written = read_label_rows(path, ATTEMPT)
    by_image, problems = _by_image(written, column, cell, values)
    if not by_image and not problems:
        problems = [Problem(str(path), f"no row has a value in the column '{column}'")]
    if problems:
        known = ", ".join(values)
        way_out = f"Give a table of final labels with the column '{column}' ({known}), as `multilabelfy export` writes it."
        raise InvalidInput(ATTEMPT, problems[:SHOWN], way_out)
    return tuple(by_image.get(image) for image in images)


def _by_image(
    written: LabelRows, column: str, cell: Callable[[WrittenRow], str], values: Mapping[str, Value]
) -> tuple[dict[str, Value], list[Problem]]:
    by_image: dict[str, Value] = {}
    problems: list[Problem] = []
    for row in written.rows:
        text = cell(row)
        if not text:
            continue
        if text not in values:
            problems.append(Problem(written.where(row), f"'{text}' is not a {column}"))
        elif by_image.setdefault(row.image, values[text]) is not values[text]:
            problems.append(Problem(written.where(row), f"the {column} of '{row.image}' is '{text}' here, but different in a row above"))
    return by_image, problems
