"""Shards as tests want them: tar archives with any members, Parquet tables as Hugging Face's datasets write them."""

import io
import json
import tarfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image


def drawn(shade: tuple[int, int, int] = (200, 30, 30), size: tuple[int, int] = (8, 8)) -> bytes:
    """A picture of one colour, as PNG."""
    file = io.BytesIO()
    Image.new("RGB", size, shade).save(file, "PNG")
    return file.getvalue()


def put_tar(path: Path, *members: tuple[str, bytes], mode: str = "w") -> Path:
    """An archive with these members in this order."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]  # of any mode
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def put_parquet(
    path: Path,
    pictures: Iterable[tuple[str | None, bytes | None]],
    *,
    label: Sequence[Any] | None = None,
    names: Sequence[str] | None = None,
    rows_at_once: int = 2,
    **more: Sequence[Any],
) -> Path:
    """A table of pictures {bytes, path}, with a column `label` whose names stand in the schema's metadata, and more columns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns: dict[str, Any] = {"image": [{"bytes": content, "path": name} for name, content in pictures]}
    table = pa.table({**columns, **({} if label is None else {"label": label}), **more})
    if names is not None:
        features = {"image": {"_type": "Image"}, "label": {"_type": "ClassLabel", "names": list(names)}}
        table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    pq.write_table(table, path, row_group_size=rows_at_once)
    return path
