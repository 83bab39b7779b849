"""Read what simulated studies of known truth came to, as `formats/tables_of_results.py` writes it."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.evaluation.labels.ways_to_ask import ImageAsked, WayOfAsking
from multilabelfy.formats.files.joined_lists import split
from multilabelfy.formats.files.read_tables import Cell, read_table
from multilabelfy.formats.tables_of_results import WAYS_TO_ASK_COLUMNS

ATTEMPT = "Cannot read how simulated studies asked"
WAY_OUT = "Delete this file: the report then leaves out what it tells. `multilabelfy demo --fresh` makes it anew."
SHOWN = 5


def read_ways_to_ask(path: Path) -> list[ImageAsked]:
    """The rows of a table, in its order, some of each way. Raises InvalidInput with the lines that do not fit."""
    table = read_table(path, tuple(WAYS_TO_ASK_COLUMNS), ATTEMPT)
    rows, problems = [], list(table.problems)
    for line, cells in table.rows:
        try:
            rows.append(_asked(dict(zip(table.columns, cells, strict=True))))
        except ValueError as error:
            problems.append(Problem(f"{path}:{line}", str(error)))
    if {row.way for row in rows} != set(WayOfAsking) and not problems:
        problems.append(Problem(str(path), "it lacks the rows of a way to ask"))
    if problems:
        raise InvalidInput(ATTEMPT, problems[:SHOWN], WAY_OUT)
    return rows


def _asked(cells: Mapping[str, Cell]) -> ImageAsked:
    """Raises ValueError for a cell that is none of its column's values."""
    text = {name: "" if cell is None else str(cell) for name, cell in cells.items()}
    return ImageAsked(
        study=int(text["study"]),
        way=WayOfAsking(text["way"]),
        image=text["image"],
        n_answers=int(text["answers"]),
        annotator_ms=int(text["annotator_ms"]),
        expert_ms=int(text["expert_ms"]),
        probability=float(text["probability"]) if text["probability"] else None,
        is_settled=text["settled"] == "true",
        labels=_indices(split(text["labels"])),
        valid=_indices(split(text["valid"])),
    )


def _indices(parts: Iterable[str]) -> frozenset[int]:
    return frozenset(map(int, parts))
