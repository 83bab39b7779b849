"""What simulated studies of known truth came to, as a table: one row for each study, way to ask and image."""

from collections.abc import Iterable
from pathlib import Path

from multilabelfy.evaluation.labels.ways_to_ask import ImageAsked
from multilabelfy.formats.files.write_tables import ColumnType, TableRow, write_table

COLUMNS = {
    "study": ColumnType.INTEGER,  # its seed
    "way": ColumnType.TEXT,
    "image": ColumnType.TEXT,
    "answers": ColumnType.INTEGER,
    "annotator_ms": ColumnType.INTEGER,
    "expert_ms": ColumnType.INTEGER,
    "probability": ColumnType.NUMBER,  # of the panel's draw; empty outside it
    "settled": ColumnType.TRUTH,  # whether a release would hold it
    "labels": ColumnType.TEXTS,  # indices, as in truth.json
    "valid": ColumnType.TEXTS,
}


def write_ways_to_ask(path: Path, rows: Iterable[ImageAsked], *, overwrite: bool = False) -> int:
    """Write the rows, in the format of the file's suffix; returns their number. Raises InvalidInput."""
    return write_table(path, COLUMNS, map(_row, rows), overwrite=overwrite)


def _row(asked: ImageAsked) -> TableRow:
    seen = (asked.n_answers, asked.annotator_ms, asked.expert_ms, asked.probability, asked.is_settled)
    return (asked.study, asked.way.value, asked.image, *seen, _indices(asked.labels), _indices(asked.valid))


def _indices(labels: Iterable[int]) -> list[str]:
    return [str(label) for label in sorted(labels)]
