"""Copies as a table: one row per image, group after group, those with contradicting given labels first."""

from collections.abc import Iterable
from pathlib import Path

from multilabelfy.formats.files.write_tables import ColumnType, TableRow, write_table

COLUMNS = {
    "group": ColumnType.INTEGER,  # from 1
    "image": ColumnType.TEXT,
    "given_label": ColumnType.TEXT,  # empty where the image has none
    "contradicts": ColumnType.TRUTH,  # whether the group has different given labels
}


def write_copies(path: Path, rows: Iterable[TableRow], *, overwrite: bool = False) -> int:
    """Write the rows, in the format of the file's suffix; returns their number. Raises InvalidInput."""
    return write_table(path, COLUMNS, rows, overwrite=overwrite)
