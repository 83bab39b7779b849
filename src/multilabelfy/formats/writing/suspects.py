"""The ranking of given labels as a table: a row an image, the most suspicious first."""

from collections.abc import Iterable
from pathlib import Path

from multilabelfy.formats.files.write_tables import Kind, TableRow, write_table

COLUMNS = {
    "rank": Kind.INTEGER,
    "image": Kind.TEXT,
    "given_label": Kind.TEXT,
    "suggested_label": Kind.TEXT,  # the model's best label besides the given one
    "suspicion": Kind.NUMBER,
    "given_score": Kind.NUMBER,
    "suggested_score": Kind.NUMBER,
    "flagged": Kind.TRUTH,  # cleanlab takes it for wrong; empty by the loss
}


def write_suspects(path: Path, rows: Iterable[TableRow], *, overwrite: bool = False) -> int:
    """Write the rows, as the file's suffix says; returns their number. Raises InvalidInput."""
    return write_table(path, COLUMNS, rows, overwrite=overwrite)
