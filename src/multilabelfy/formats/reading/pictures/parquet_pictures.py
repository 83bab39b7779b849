"""The pictures of a Parquet table with their labels, in the form of Hugging Face's datasets.

Labels are a column of numbers whose names stand in the schema's metadata (`ClassLabel`), or a column of names or of bare numbers. A number
below 0 means that there is none, as in published test splits.
"""

from collections.abc import Sequence
from typing import Any

from multilabelfy.errors import Problem
from multilabelfy.formats.reading.pictures.packed import Packed
from multilabelfy.formats.reading.pictures.tar_pictures import named
from multilabelfy.pictures.shards.files import ShardFile
from multilabelfy.pictures.shards.parquet_shard import PictureTable, rows, table_of

USUAL = ("label", "labels", "cls", "class")
ROWS = "rows-1"
"""Under this name the rows' names and labels are kept; another form of them needs another name."""
KINDS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "string", "large_string")


def read_parquet(shard: ShardFile, classes: Sequence[str] = ()) -> Packed:
    """The table's pictures, one a row. `classes` are the labels' names where the file itself has none.

    Raises PicturesUnreachable where it is no table of pictures, and ExtraMissing.
    """
    table = table_of(shard)
    column, problems = _label_column(shard, table)
    names = tuple(map(str, table.features.get(column or "", {}).get("names") or classes))
    paths: list[str] = []
    given: dict[str, str] = {}
    for path, written in shard.recalled(ROWS, lambda: [(name, _written(value)) for name, value in rows(shard, column)]):
        paths.append(path)
        try:
            if written:
                given[path] = named(written, names)
        except ValueError as error:
            problems.append(Problem(f"{shard}/{path}", str(error)))
    return Packed(tuple(paths), given, names, tuple(problems), has_tables=True)


def _label_column(shard: ShardFile, table: PictureTable) -> tuple[str | None, list[Problem]]:
    """The column of labels, None where there is none; several of which none is simply called `label` are a problem."""
    described = [name for name, feature in table.features.items() if feature.get("_type") == "ClassLabel" and name in table.columns]
    of_labels = described or [name for name, kind in table.columns.items() if name.lower() in USUAL and kind.startswith(KINDS)]
    if len(of_labels) > 1 and USUAL[0] in of_labels:
        of_labels = [USUAL[0]]
    if len(of_labels) <= 1:
        return next(iter(of_labels), None), []
    what = f"several columns hold labels ({', '.join(of_labels)}): name each picture's label by `--given FILE`, or take none, `--no-given`"
    return None, [Problem(str(shard), what)]


def _written(value: Any) -> str:
    if isinstance(value, int) and value < 0:
        return ""
    return "" if value is None else str(value).strip()
