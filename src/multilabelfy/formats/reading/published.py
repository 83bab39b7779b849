"""Read published accuracies, one row per model, as in timm's `results-*.csv`: `model,img_size,top1[,…]` with top-1 as a percentage."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.files.read_tables import TableFile, read_table
from multilabelfy.formats.inputs import ACCURACIES

ATTEMPT = "Cannot read the published accuracies"
SHOWN = 5


@dataclass(frozen=True, slots=True)
class PublishedAccuracies:
    """Top-1 as a fraction by (model, image size), under the file's name without `results-`."""

    name: str
    top1: Mapping[tuple[str, str], float]


def read_published(path: Path) -> PublishedAccuracies:
    """Read one table. Raises InvalidInput with the lines that do not fit."""
    table = read_table(path, ("model", "top1"), ATTEMPT)
    top1: dict[tuple[str, str], float] = {}
    problems = list(table.problems)
    for line, key, percentage in _rows(table):
        value = _fraction(percentage)
        if value is None:
            problems.append(Problem(f"{path}:{line}", f"top1 is '{percentage}', but must be a percentage from 0 to 100"))
        elif key in top1:
            problems.append(Problem(f"{path}:{line}", f"the model '{key[0]}' occurs twice (image size {key[1] or 'not given'})"))
        else:
            top1[key] = value
    if problems:
        raise InvalidInput(ATTEMPT, problems[:SHOWN], ACCURACIES.forms)
    return PublishedAccuracies(path.stem.removeprefix("results-"), top1)


def in_both(first: PublishedAccuracies, second: PublishedAccuracies) -> tuple[tuple[str, float, float], ...]:
    """The models of both tables, joined on model and image size, with both accuracies; the name has the size if a model has several."""
    keys = [key for key in first.top1 if key in second.top1]
    names = [model for model, _ in keys]
    return tuple(
        (f"{model} ({size})" if names.count(model) > 1 else model, first.top1[model, size], second.top1[model, size])
        for model, size in keys
    )


def _rows(table: TableFile) -> list[tuple[int, tuple[str, str], str]]:
    cells = zip(table.rows, table.cells("model"), table.cells("img_size"), table.cells("top1"), strict=True)
    return [(row.line, (str(model or ""), str(size or "")), str(top1 or "")) for row, model, size, top1 in cells]


def _fraction(text: str) -> float | None:
    try:
        value = float(text) / 100
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None
