"""Read pictures out of a Parquet table: a row is a picture, and its row group is all that is read for it.

The table is what Hugging Face's datasets write (https://huggingface.co/docs/hub/datasets-image): a column of pictures, each as
`{bytes, path}`, and in the schema's metadata which columns are images and which are labels, with the labels' names. This module alone
knows pyarrow. A picture's name is its row, `00000017`, and behind it the name of its file where the table has that: `00000017/cat.jpg`.
"""

import io
import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import accumulate
from typing import Any, BinaryIO

from multilabelfy.errors import ExtraMissing
from multilabelfy.pictures.shards.failures import missing, unusable
from multilabelfy.pictures.shards.files import ShardFile
from multilabelfy.pictures.shards.kept import Kept
from multilabelfy.plurals import counted

MOST_BYTES = 512 << 20
"""No row group, of whose pictures one is wanted, may be larger."""
BYTES_KEPT = 64 << 20
"""So much of pictures is kept in a process: whoever goes through a table reads each row group once."""
GROUPS_AT_ONCE = 4
"""So many row groups are read at a time: each may be large."""
FOOTERS_KEPT = 64 << 20
"""So much of footers is kept in a process, so that a row group is read without its file's footer."""
DIGITS = 8
USUAL = ("image", "img", "jpg", "png", "picture")
"""What the column of pictures is called where there are several, or where it is plain bytes and no metadata tell."""


@dataclass(frozen=True, slots=True)
class PictureTable:
    """`begins` are the first rows of the row groups; `leaf` is the column of bytes in the file, in a column of structs or alone.

    `features` are the columns as Hugging Face's metadata describe them, none where there are none. `columns` are the types of all columns.
    `footer` is pyarrow's own form of all this.
    """

    begins: Sequence[int]
    n_rows: int
    column: str
    leaf: str
    has_paths: bool
    columns: Mapping[str, str]
    features: Mapping[str, Mapping[str, Any]]
    largest_group: int
    footer: Any

    @property
    def n_groups(self) -> int:
        """The number of row groups."""
        return len(self.begins)


_TABLES: Kept[PictureTable] = Kept(FOOTERS_KEPT, lambda table: int(table.footer.serialized_size))
_GROUPS: Kept[Any] = Kept(BYTES_KEPT, lambda column: int(column.nbytes), GROUPS_AT_ONCE)


def table_of(shard: ShardFile) -> PictureTable:
    """What the file's footer says. Raises PicturesUnreachable where it is no table of pictures, and ExtraMissing."""
    return _TABLES.get(shard.version(), lambda: _table(shard))


def rows(shard: ShardFile, column: str | None = None) -> Iterator[tuple[str, Any]]:
    """Each picture's name, and its value in another column (a label, say); no picture is read. Raises as `table_of`."""
    table = table_of(shard)
    paths = [f"{table.column}.path"] if table.has_paths else []
    with _opened(shard, table.footer) as file:
        for group, begins in enumerate(table.begins):
            part = file.read_row_group(group, columns=[*paths, *([column] if column else [])])
            named = [_path_of(value) for value in part.column(table.column).to_pylist()] if paths else [""] * _n_in(table, group)
            values = part.column(column).to_pylist() if column else [None] * len(named)
            for row, (path, value) in enumerate(zip(named, values, strict=True), start=begins):
                yield name_of(row, path), value


def name_of(row: int, path: str = "") -> str:
    """The name of a row's picture; of a path only the file's own name.

    >>> name_of(17, "train/cat.jpg"), name_of(17)
    ('00000017/cat.jpg', '00000017')
    """
    name = path.replace("\\", "/").rpartition("/")[2]
    return f"{row:0{DIGITS}}/{name}" if name.strip(".") and name.isprintable() else f"{row:0{DIGITS}}"


def row_of(name: str) -> int | None:
    """The row of a picture's name; None for a name of another form."""
    number = name.partition("/")[0]
    return int(number) if len(number) >= DIGITS and number.isascii() and number.isdigit() else None


def open_row(shard: ShardFile, name: str) -> BinaryIO:
    """A row's picture. Raises UnreadablePicture, PicturesUnreachable and ExtraMissing."""
    table, row = table_of(shard), row_of(name)
    if row is None or row >= table.n_rows:
        raise missing(shard, name, f"the table has no such row, but {counted(table.n_rows, 'row')}")
    group = bisect_right(table.begins, row) - 1
    pictures = _GROUPS.get((shard.version(), group), lambda: _group(shard, table, group))
    content = pictures[row - table.begins[group]].as_py()
    if not content:
        raise missing(shard, name, "its row holds no picture, only a path at most")
    return io.BytesIO(content)


def has_row(shard: ShardFile, name: str) -> bool:
    """Whether the table has this row. Raises as `table_of`."""
    row = row_of(name)
    return row is not None and row < table_of(shard).n_rows


def _group(shard: ShardFile, table: PictureTable, group: int) -> Any:
    """The pictures of one row group, as a column of bytes."""
    import pyarrow.compute as pc

    with _opened(shard, table.footer) as file:
        column = file.read_row_group(group, columns=[table.leaf]).column(table.column)
    return pc.struct_field(column, "bytes") if table.leaf != table.column else column


def _table(shard: ShardFile) -> PictureTable:
    with _opened(shard) as file:
        metadata, schema = file.metadata, file.schema_arrow
        features = _features(schema.metadata)
        column = _picture_column(shard, schema, features)
        is_struct = str(schema.field(column).type).startswith("struct")
        leaf = f"{column}.bytes" if is_struct else column
        groups = [metadata.row_group(group) for group in range(metadata.num_row_groups)]
        n_rows = [group.num_rows for group in groups]
        table = PictureTable(
            begins=tuple(accumulate(n_rows[:-1], initial=0)) if n_rows else (),
            n_rows=metadata.num_rows,
            column=column,
            leaf=leaf,
            has_paths=is_struct and any(field.name == "path" for field in schema.field(column).type),
            columns={field.name: str(field.type) for field in schema},
            features=features,
            largest_group=max((_bytes_of(group, leaf) for group in groups), default=0),
            footer=metadata,
        )
    if table.largest_group > MOST_BYTES:
        many = f"one of its row groups holds {table.largest_group >> 20:,} MB of pictures, and at most {MOST_BYTES >> 20} are read at once"
        raise unusable(shard, f"{many}: write it with smaller ones (row_group_size=100)")
    return table


def _bytes_of(group: Any, leaf: str) -> int:
    columns = (group.column(number) for number in range(group.num_columns))
    return next((int(column.total_uncompressed_size) for column in columns if column.path_in_schema == leaf), 0)


def _picture_column(shard: ShardFile, schema: Any, features: Mapping[str, Mapping[str, Any]]) -> str:
    """The column of pictures, by the metadata or by its form. Raises PicturesUnreachable where there is none, or no single one."""
    types = {field.name: field.type for field in schema}
    declared = [name for name, feature in features.items() if feature.get("_type") == "Image" and name in types]
    structs = [name for name, kind in types.items() if str(kind).startswith("struct") and any(part.name == "bytes" for part in kind)]
    plain = [name for name, kind in types.items() if str(kind) in ("binary", "large_binary") and name.lower() in USUAL]
    of_pictures = next((columns for columns in (declared, structs, plain) if columns), [])
    usual = [name for name in of_pictures if name.lower() in USUAL]
    if len(of_pictures) == 1 or len(usual) == 1:
        return (of_pictures if len(of_pictures) == 1 else usual)[0]
    columns = ", ".join(f"{name} ({kind})" for name, kind in types.items()) or "none"
    what = (
        f"it has {len(of_pictures)} columns of pictures"
        if of_pictures
        else "it has no column of pictures, a struct {bytes, path} for each row"
    )
    raise unusable(shard, f"{what}; its columns are: {columns[:300]}")


def _features(metadata: Mapping[bytes, bytes] | None) -> Mapping[str, Mapping[str, Any]]:
    """What `datasets` wrote into the schema of its columns; nothing where that is missing or damaged."""
    try:
        described = json.loads((metadata or {}).get(b"huggingface", b"{}"))["info"]["features"]
    except (ValueError, KeyError, TypeError):
        return {}
    return {name: feature for name, feature in described.items() if isinstance(feature, dict)} if isinstance(described, dict) else {}


def _path_of(value: Any) -> str:
    return value.get("path") or "" if isinstance(value, dict) else ""


def _n_in(table: PictureTable, group: int) -> int:
    return [*table.begins, table.n_rows][group + 1] - table.begins[group]


@contextmanager
def _opened(shard: ShardFile, footer: Any = None) -> Iterator[Any]:
    """The file, with pyarrow's errors as our own; its footer is read unless it is known. Raises PicturesUnreachable and ExtraMissing."""
    if find_spec("pyarrow") is None:
        raise ExtraMissing(
            "Cannot read pictures in Parquet: the extra 'parquet' is not installed. Install it: pip install 'multilabelfy[parquet]'."
        )
    import pyarrow
    import pyarrow.parquet

    try:
        with shard.open() as content, pyarrow.parquet.ParquetFile(content, metadata=footer) as file:
            yield file
    except (pyarrow.ArrowException, OSError) as error:
        why = str(error).partition("\n")[0][:200] or type(error).__name__
        raise unusable(shard, f"it is no Parquet file, or is damaged or did not arrive whole ({why})") from None
