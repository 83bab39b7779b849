"""Write tables of any length as Parquet or CSV: rows stream through, and the file appears complete.

They are for programs: every text stays as it is, and reads back the same. (Those of a report are for people: `report/rendering.py`.)
"""

import csv
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.files import joined_lists
from multilabelfy.formats.files.whole_files import whole_file

if TYPE_CHECKING:
    import polars as pl

CHUNK = 50_000
SUFFIXES = (".parquet", ".csv")
QUOTED_END = "\r\n"

NO_METADATA: Mapping[str, str] = {}

Value = str | int | float | bool | datetime | Sequence[str] | Sequence[float] | None
TableRow = tuple[Value, ...]


class ColumnType(Enum):
    """What a column holds."""

    TEXT = "text"
    TEXTS = "texts"
    INTEGER = "integer"
    NUMBER = "number"
    NUMBERS = "numbers"
    TRUTH = "truth"
    TIME = "time"  # aware, UTC


Columns = Mapping[str, ColumnType]


def write_table(
    path: Path, columns: Columns, rows: Iterable[TableRow], *, metadata: Mapping[str, str] = NO_METADATA, overwrite: bool = False
) -> int:
    """Write the rows under these columns, in the format of the file's suffix; returns their number. Raises InvalidInput.

    `metadata` goes into the metadata of a Parquet file; a CSV file has no place for it.
    """
    check_suffix(path)
    counted = _Counted(rows)
    with whole_file(path, overwrite=overwrite) as part:
        if path.suffix.lower() == ".csv":
            _write_csv(part, columns, counted)
        else:
            _write_parquet(part, columns, counted, metadata)
    return counted.n_rows


def check_suffix(path: Path) -> None:
    """Refuse a file name before any work. Raises InvalidInput if its suffix is not one of SUFFIXES."""
    if path.suffix.lower() not in SUFFIXES:
        raise InvalidInput("Cannot write", [Problem(str(path), f"tables are written as {' or '.join(SUFFIXES)}, not as '{path.suffix}'")])


class _Counted:
    """Rows that count how many have been read."""

    def __init__(self, rows: Iterable[TableRow]) -> None:
        self._rows = rows
        self.n_rows = 0

    def __iter__(self) -> Iterator[TableRow]:
        for row in self._rows:
            self.n_rows += 1
            yield row


def _write_csv(path: Path, columns: Columns, rows: Iterable[TableRow]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(_Lines(file), lineterminator=QUOTED_END)
        writer.writerow(columns)
        writer.writerows([_as_text(value) for value in row] for row in rows)


class _Lines:
    """Rows that end in `\\n` alone. A writer quotes its line end inside values: with QUOTED_END it quotes both characters."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, row: str) -> int:
        return self._file.write(row.removesuffix(QUOTED_END) + "\n")


def _as_text(value: Value) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | float) else joined_lists.join([str(each) for each in value])


def _write_parquet(path: Path, columns: Columns, rows: Iterable[TableRow], metadata: Mapping[str, str]) -> None:
    import polars as pl
    from polars.io.plugins import register_io_source

    schema = pl.Schema(_schema(columns))

    def chunks(*_wishes: Any) -> "Iterator[pl.DataFrame]":
        iterator = iter(rows)
        while chunk := list(islice(iterator, CHUNK)):
            yield pl.DataFrame(chunk, schema=schema, orient="row")

    with faults_of_the_disk():
        register_io_source(chunks, schema=schema).sink_parquet(path, metadata=dict(metadata) or None)
        if not path.exists():  # no row at all
            pl.DataFrame(schema=schema).write_parquet(path, metadata=dict(metadata) or None)


@contextmanager
def faults_of_the_disk() -> Iterator[None]:
    """Raise OSError where Polars says in words of its own that the system refused to write, as on a full disk."""
    from polars.exceptions import PolarsError

    try:
        yield
    except PolarsError as error:
        number = re.search(r"\(os error (\d+)\)", str(error))
        if number is None:
            raise
        raise OSError(int(number[1]), os.strerror(int(number[1]))) from error


def _schema(columns: Columns) -> "dict[str, Any]":
    import polars as pl

    types = {
        ColumnType.TEXT: pl.String,
        ColumnType.TEXTS: pl.List(pl.String),
        ColumnType.INTEGER: pl.Int64,
        ColumnType.NUMBER: pl.Float32,
        ColumnType.NUMBERS: pl.List(pl.Float32),
        ColumnType.TRUTH: pl.Boolean,
        ColumnType.TIME: pl.Datetime("us", "UTC"),
    }
    return {name: types[kind] for name, kind in columns.items()}
