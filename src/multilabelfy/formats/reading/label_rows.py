"""Read which labels images have, from a file of any form, as rows just as they were written.

The forms: the paper's JSON `{image: [index, …]}` (also `{image: index}`), ReaL's list of lists and a plain list of indices (both in the
order of the numbers in the file names), a table `image,label[,…]` (or `image,labels[,…]` with one list per image), and NumPy files (`.npz`
with `images` and `given`, `.npy` of indices).
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.files import joined_lists
from multilabelfy.formats.files.json_files import Pairs, line_of_key, read_json
from multilabelfy.formats.files.read_tables import Cell, TableFile, from_records, read_table, require_columns
from multilabelfy.formats.inputs import LABEL_SETS


class WrittenRow(NamedTuple):
    """One row as it was written. In a list `image` is empty: its rows follow the numbers in the file names."""

    image: str
    labels: tuple[str, ...]
    line: int = 0  # 0: unknown, see `LabelRows.where`
    reason: str = ""
    relation: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class LabelRows:
    """The rows of one file. `holds_indices`: numbers in it are label indices, even if some key is a number too."""

    path: Path
    rows: tuple[WrittenRow, ...]
    is_list: bool
    holds_indices: bool
    problems: tuple[Problem, ...] = ()

    def where(self, row: WrittenRow) -> str:
        """A row's file and line."""
        if row.line:
            return f"{self.path}:{row.line}"
        if row.image and self.path.suffix.lower() == ".json":
            return f"{self.path}:{line_of_key(self.path, row.image, 'find a line')}"
        return str(self.path)


def read_label_rows(path: Path, attempt: str) -> LabelRows:
    """Read a file of any form. Raises InvalidInput if it cannot be read at all; rows that do not fit are listed in `problems`."""
    suffix = path.suffix.lower()
    if suffix == ".json":
        return _from_json(path, read_json(path, attempt), attempt)
    if suffix in (".npz", ".npy"):
        return _from_numpy(path, attempt)
    table = read_table(path, ("image",), attempt)
    require_columns(table, (_label_column(table),), attempt)
    return _from_table(table)


def _from_json(path: Path, value: Any, attempt: str) -> LabelRows:
    if isinstance(value, Pairs):
        return _from_pairs(path, value)
    if isinstance(value, list) and any(isinstance(entry, Pairs) for entry in value):
        return _from_table(_with_columns(from_records(path, enumerate(value, start=1), "entry "), attempt))
    if isinstance(value, list):
        return _from_list(path, value)
    raise InvalidInput(attempt, [Problem(str(path), f"it holds neither an object nor a list, but {value!r:.40}")], LABEL_SETS.forms)


def _with_columns(table: TableFile, attempt: str) -> TableFile:
    missing = [column for column in ("image", _label_column(table)) if column not in table.columns]
    if missing:
        raise InvalidInput(attempt, [Problem(str(table.path), f"no entry has the key '{column}'") for column in missing], LABEL_SETS.forms)
    return table


def _label_column(table: TableFile) -> str:
    """Our own tables of lists, one per image, call it `labels`."""
    return "labels" if "labels" in table.columns and "label" not in table.columns else "label"


def _from_pairs(path: Path, pairs: Pairs) -> LabelRows:
    rows: list[WrittenRow] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for image, value in pairs:
        row = WrittenRow(image, _written(value) or ())
        if image in seen:
            problems.append(Problem(_line(path, row), f"the image '{image}' occurs more than once"))
        elif _written(value) is None:
            problems.append(Problem(_line(path, row), f"the labels of '{image}' are {value!r:.60}, not a list of indices"))
        else:
            rows.append(row)
        seen.add(image)
    return LabelRows(path, tuple(rows), False, True, tuple(problems))


def _line(path: Path, row: WrittenRow) -> str:
    return LabelRows(path, (), False, True).where(row)


def _from_list(path: Path, values: Sequence[Any]) -> LabelRows:
    written = [_written(value) for value in values]
    problems = tuple(
        Problem(str(path), f"entry {number} is {value!r:.60}, not a list of indices")
        for number, (value, labels) in enumerate(zip(values, written, strict=True), start=1)
        if labels is None
    )
    return LabelRows(path, tuple(WrittenRow("", labels or ()) for labels in written), True, True, problems)


def _written(value: Any) -> tuple[str, ...] | None:
    """Labels as text, from a single label or a list of labels; None for anything else.

    >>> _written(["3", 4]), _written(5), _written([True]), _written(2.0)
    (('3', '4'), ('5',), None, None)
    """
    values = value if isinstance(value, list) and not isinstance(value, Pairs) else [value]
    if not all(isinstance(part, str | int) and not isinstance(part, bool) for part in values):
        return None
    return tuple(sys.intern(str(part).strip()) for part in values)


def _from_numpy(path: Path, attempt: str) -> LabelRows:
    try:
        with path.open("rb") as file:
            loaded = np.load(file, allow_pickle=False)
            arrays = {name: loaded[name] for name in loaded.files} if isinstance(loaded, np.lib.npyio.NpzFile) else {"": loaded}
    except FileNotFoundError:
        raise InvalidInput(attempt, [Problem(str(path), "there is no such file")]) from None
    except Exception as error:  # NumPy raises many things over a damaged file; nothing is ever unpickled
        raise InvalidInput(attempt, [Problem(str(path), f"it is not a NumPy file of plain values ({error})")]) from None
    return LabelRows(path, tuple(_rows_of(path, arrays, attempt)), "" in arrays, True)


def _rows_of(path: Path, arrays: dict[str, Any], attempt: str) -> Iterator[WrittenRow]:
    name = "" if "" in arrays else "given"
    labels = arrays.get(name)
    images = arrays.get("images")
    if labels is None or (name and images is None):
        raise InvalidInput(attempt, [Problem(str(path), f"it holds {', '.join(arrays)}, but needs 'images' and 'given'")])
    if labels.dtype.kind not in "iu" or labels.ndim != 1 or (images is not None and images.shape != labels.shape):
        raise InvalidInput(
            attempt, [Problem(str(path), f"its labels are {labels.dtype} of shape {labels.shape}, but must be one index per image")]
        )
    names = [""] * len(labels) if images is None else [str(image) for image in images.tolist()]
    return (WrittenRow(image, (sys.intern(str(label)),)) for image, label in zip(names, labels.tolist(), strict=True))


def _from_table(table: TableFile) -> LabelRows:
    rows: list[WrittenRow] = []
    problems = list(table.problems)
    further = (table.cells("reason"), table.cells("relation"), table.cells("source"))
    labels = map(_labels if _label_column(table) == "label" else _joined_labels, table.cells(_label_column(table)))
    for row, image, label, *provenance in zip(table.rows, table.cells("image"), labels, *further, strict=True):
        if isinstance(image, str):
            reason, relation, source = (cell if isinstance(cell, str) else "" for cell in provenance)
            rows.append(WrittenRow(image, label, row.line, reason, relation, source))
        else:
            problems.append(Problem(f"{table.path}:{row.line}", "the row names no image"))
    return LabelRows(table.path, tuple(rows), False, False, tuple(problems))


def _labels(cell: Cell) -> tuple[str, ...]:
    if cell is None:
        return ()
    return cell if isinstance(cell, tuple) else (cell,)


def _joined_labels(cell: Cell) -> tuple[str, ...]:
    """The labels of a list, or of the text that stands for one in CSV."""
    return tuple(map(sys.intern, joined_lists.split(cell))) if isinstance(cell, str) else cell or ()
