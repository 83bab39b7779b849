"""Read a table (CSV, TSV, Parquet, JSON records or JSON lines) as rows that know their line, with everything that is wrong."""

import csv
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.files.json_files import Pairs, read_json, read_json_lines
from multilabelfy.formats.files.text_files import read_bytes, read_text
from multilabelfy.plurals import counted

SUFFIXES = (".csv", ".tsv", ".parquet", ".json", ".jsonl", ".ndjson")
DELIMITERS = ",;\t"

Cell = str | tuple[str, ...] | None
"""A value as text, several values, or nothing."""


class Row(NamedTuple):
    """One row: its line (in Parquet its number, from 1) and its cells in the order of the columns."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class TableFile:
    """The rows of a file, and what is wrong with the rows that were left out."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()

    def cells(self, column: str) -> Iterator[Cell]:
        """The cells of one column; all None if the table has no such column."""
        if column not in self.columns:
            return iter([None] * len(self.rows))
        place = self.columns.index(column)
        return (row.cells[place] for row in self.rows)


def read_table(path: Path, required: Sequence[str], attempt: str) -> TableFile:
    """Read a table from a file with one of SUFFIXES. Column names are matched regardless of case.

    Raises InvalidInput if it cannot be read or lacks a required column. Rows that do not fit are left out and listed in `problems`.
    """
    table = _read(path, required, attempt)
    require_columns(table, required, attempt)
    return table


def require_columns(table: TableFile, required: Sequence[str], attempt: str) -> None:
    """Raises InvalidInput, which lists the table's columns, if one of these is missing."""
    path, missing = table.path, [column for column in required if column not in table.columns]
    if missing:
        columns = ", ".join(table.columns) or "none"
        problems = [Problem(f"{path}:1", f"there is no column '{column}'; its columns are: {columns}") for column in missing]
        raise InvalidInput(attempt, problems, "The first line of a table names its columns.")


def _read(path: Path, required: Sequence[str], attempt: str) -> TableFile:
    suffix = path.suffix.lower()
    if suffix in (".csv", ".tsv"):
        return _from_csv(path, required, attempt)
    if suffix == ".parquet":
        return _from_parquet(path, attempt)
    if suffix == ".json":
        return from_records(path, enumerate(_records(path, attempt), start=1), "entry ")
    if suffix in (".jsonl", ".ndjson"):
        return from_records(path, read_json_lines(path, attempt))
    raise InvalidInput(
        attempt, [Problem(str(path), f"files of the kind '{path.suffix}' are not read")], f"Tables are {', '.join(SUFFIXES)}."
    )


def _from_csv(path: Path, required: Sequence[str], attempt: str) -> TableFile:
    text = read_text(path, attempt)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, required), strict=True)
    columns: tuple[str, ...] | None = None
    rows: list[Row] = []
    problems: list[Problem] = []
    for line, cells in _numbered(reader, path, problems):
        if columns is None:
            columns = tuple(cell.strip().lower() for cell in cells)
        elif len(cells) != len(columns):
            problems.append(Problem(f"{path}:{line}", _wrong_width(len(cells), len(columns))))
        else:
            rows.append(Row(line, tuple(sys.intern(cell.strip()) or None for cell in cells)))
    return TableFile(path, columns or (), tuple(rows), tuple(problems))


def _numbered(reader: Any, path: Path, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with its first line; an unclosed quote ends the reading."""
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.append(Problem(f"{path}:{begins}", f"the row is not CSV ({error}); a quote in it may never be closed"))
            return
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = reader.line_num + 1


def _delimiter(text: str, required: Sequence[str]) -> str:
    """The delimiter under which the first line has the required columns; if none does, the one that occurs in it most often."""
    header = text.lstrip("\r\n").splitlines()[0].lower()
    fits = [mark for mark in DELIMITERS if {cell.strip().strip('"') for cell in header.split(mark)} >= set(required)]
    return fits[0] if fits else max(DELIMITERS, key=header.count)


def _wrong_width(n_cells: int, n_columns: int) -> str:
    if n_cells > n_columns:
        columns = counted(n_columns, "column")
        return f"the row has {counted(n_cells, 'cell')}, but the table has only {columns}: a value that contains a comma needs quotes"
    return f"the row has {n_cells} of {counted(n_columns, 'cell')}"


def _from_parquet(path: Path, attempt: str) -> TableFile:
    import polars as pl

    try:
        frame = pl.read_parquet(io.BytesIO(read_bytes(path, attempt)))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InvalidInput(attempt, [Problem(str(path), f"it is not a readable Parquet file ({error})")]) from None
    columns = [_cells(series.to_list()) for series in frame.iter_columns()]
    rows = tuple(Row(number, cells) for number, cells in enumerate(zip(*columns, strict=True), start=1))
    return TableFile(path, tuple(name.strip().lower() for name in frame.columns), rows)


def _cells(values: Iterable[Any]) -> list[Cell]:
    return [_cell(value) for value in values]


def _cell(value: Any) -> Cell:
    """
    >>> _cell(3), _cell(["a", 2]), _cell(None)
    ('3', ('a', '2'), None)
    """
    if value is None or value == "":
        return None
    if isinstance(value, list | tuple):
        return tuple(sys.intern(str(part)) for part in value)
    return sys.intern(str(value).strip())


def _records(path: Path, attempt: str) -> list[Any]:
    value = read_json(path, attempt)
    if isinstance(value, Pairs) or not isinstance(value, list):
        raise InvalidInput(attempt, [Problem(str(path), "a table in JSON is a list of objects, one per row")])
    return value


def from_records(path: Path, records: Iterable[tuple[int, Any]], unit: str = "") -> TableFile:
    """A table of JSON objects; its columns are all their keys, in the order in which they first appear."""
    numbered = list(records)
    wrong = [number for number, record in numbered if not isinstance(record, Pairs)]
    good = [(number, {key.strip().lower(): value for key, value in record}) for number, record in numbered if isinstance(record, Pairs)]
    columns = tuple(dict.fromkeys(column for _, record in good for column in record))
    rows = tuple(Row(number, tuple(_cell(record.get(column)) for column in columns)) for number, record in good)
    problems = tuple(Problem(f"{path}:{unit}{number}", "this is not an object whose keys are the columns") for number in wrong)
    return TableFile(path, columns, rows, problems)
