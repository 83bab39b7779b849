"""Tables of any length, as Parquet and as CSV."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from multilabelfy.errors import InvalidInput
from multilabelfy.formats.files.write_tables import CHUNK, ColumnType, write_table

NOON = datetime(2030, 5, 6, 12, tzinfo=UTC)


def test_more_rows_than_one_piece_stream_through(tmp_path: Path) -> None:
    n = 2 * CHUNK + 1
    assert write_table(tmp_path / "t.parquet", {"i": ColumnType.INTEGER}, ((i,) for i in range(n))) == n
    read = pl.read_parquet(tmp_path / "t.parquet")
    assert (read.height, read["i"].is_sorted(), read["i"].sum()) == (n, True, n * (n - 1) // 2)


def test_a_table_without_rows_has_its_columns(tmp_path: Path) -> None:
    assert write_table(tmp_path / "t.parquet", {"a": ColumnType.TEXT, "b": ColumnType.NUMBER}, []) == 0
    assert pl.read_parquet(tmp_path / "t.parquet").schema == {"a": pl.String, "b": pl.Float32}


def test_csv_writes_nothing_truth_lists_and_times_plainly(tmp_path: Path) -> None:
    columns = {"a": ColumnType.TEXT, "b": ColumnType.TRUTH, "c": ColumnType.TEXTS, "d": ColumnType.TIME}
    write_table(tmp_path / "t.csv", columns, [('say "hi", you', True, ["x", "y"], NOON), (None, False, [], None)])
    assert (tmp_path / "t.csv").read_text() == ('a,b,c,d\n"say ""hi"", you",true,x|y,2030-05-06T12:00:00+00:00\n,false,,\n')


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "'"])
def test_a_table_for_programs_keeps_what_a_spreadsheet_takes_for_a_formula(tmp_path: Path, begins: str) -> None:
    row = (f"{begins}1+1", f"{begins}|a")
    write_table(tmp_path / "t.csv", {"a": ColumnType.TEXT, "b": ColumnType.TEXT}, [row])
    with (tmp_path / "t.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [["a", "b"], list(row)]


@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
def test_rows_that_break_off_leave_no_file_and_their_own_error(tmp_path: Path, name: str) -> None:
    def rows() -> Iterator[tuple[int]]:
        yield (1,)
        raise InvalidInput("Cannot go on", [])

    with pytest.raises(InvalidInput, match="Cannot go on"):
        write_table(tmp_path / name, {"i": ColumnType.INTEGER}, rows())
    assert list(tmp_path.iterdir()) == []


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"\.parquet or \.csv"):
        write_table(tmp_path / "t.xlsx", {"i": ColumnType.INTEGER}, [])
