"""The ranking of given labels as a table: one row per image, the most suspicious first."""

from collections.abc import Iterable
from pathlib import Path

from multilabelfy.formats.files.write_tables import ColumnType, TableRow, write_table

COLUMNS = {
    "rank": ColumnType.INTEGER,
    "image": ColumnType.TEXT,
    "given_label": ColumnType.TEXT,
    "suggested_label": ColumnType.TEXT,  # the model's best label besides the given one
    "suspicion": ColumnType.NUMBER,
    "given_score": ColumnType.NUMBER,
    "suggested_score": ColumnType.NUMBER,
    "flagged": ColumnType.TRUTH,  # cleanlab considers it wrong; empty for the loss
}


def write_suspects(path: Path, rows: Iterable[TableRow], *, overwrite: bool = False) -> int:
    """Write the rows, in the format of the file's suffix; returns their number. Raises InvalidInput."""
    return write_table(path, COLUMNS, rows, overwrite=overwrite)
