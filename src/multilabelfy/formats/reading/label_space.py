"""Read the labels that a dataset's images may have: from a file, from `imagenet1k`, or from the names of its class folders."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from multilabelfy.dataset.model import Concept, Label, LabelSpace
from multilabelfy.dataset.validation import natural_order
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats import imagenet1k
from multilabelfy.formats.files.read_tables import Cell, TableFile, read_table
from multilabelfy.formats.files.text_files import read_text
from multilabelfy.formats.inputs import LABEL_SPACE

ATTEMPT = "Cannot read the labels"
CLASS_FOLDERS = "class folders"
GIVEN = "given labels"
FOLDERS = "folders"
"""What `--labels` says for labels that are the class folders, whatever these are called."""


def read_label_space(spec: str) -> LabelSpace:
    """The label space that `--labels` names. Raises InvalidInput with everything that is wrong with the file."""
    if spec == imagenet1k.NAME:
        return imagenet1k.imagenet1k()
    path = Path(spec)
    if not path.exists() and not path.suffix:
        raise InvalidInput(ATTEMPT, [Problem(spec, "no label space or file has this name")], LABEL_SPACE.forms)
    return _from_text(path) if path.suffix.lower() == ".txt" else _from_table(read_table(path, ("key",), ATTEMPT))


def labels_from_names(names: Iterable[str], space: str = CLASS_FOLDERS) -> LabelSpace:
    """One label per class folder, or per label of a table, in the order of their names (by value if all are numbers)."""
    return labels_in_order(natural_order(sorted(set(names))), space)


def labels_in_order(keys: Iterable[str], space: str) -> LabelSpace:
    """One label per key, in this order: the order is what numbers in other files mean."""
    return LabelSpace(space, tuple(Label(index, key, (key.replace("_", " "),)) for index, key in enumerate(keys)))


def _from_text(path: Path) -> LabelSpace:
    lines = [(number, line.strip()) for number, line in enumerate(read_text(path, ATTEMPT).splitlines(), start=1) if line.strip()]
    _raise_any(list(_repeated(path, [key for _, key in lines], [number for number, _ in lines])))
    return LabelSpace(path.stem, tuple(Label(index, key, (key.replace("_", " "),)) for index, (_, key) in enumerate(lines)))


def _from_table(table: TableFile) -> LabelSpace:
    keys = [cell if isinstance(cell, str) else "" for cell in table.cells("key")]
    lines = [row.line for row in table.rows]
    unnamed = [Problem(f"{table.path}:{line}", "the label has no key") for line, key in zip(lines, keys, strict=True) if not key]
    _raise_any([*table.problems, *unnamed, *_repeated(table.path, [key for key in keys if key], lines), *_index_problems(table)])
    texts = zip(keys, table.cells("names"), table.cells("definition"), table.cells("parents"), table.cells("index"), strict=True)
    rows = [(_index(index), key, _parts(names), _text(definition), _parts(parents)) for key, names, definition, parents, index in texts]
    with_index = "index" in table.columns
    of_labels = sorted((row for row in rows if row[0] is not None), key=lambda row: row[0] or 0) if with_index else rows
    labels = [Label(place, key, names or (key,), text, parents) for place, (_, key, names, text, parents) in enumerate(of_labels)]
    concepts = [Concept(key, names or (key,), parents) for index, key, names, _, parents in rows if with_index and index is None]
    return LabelSpace(table.path.stem, tuple(labels), tuple(concepts))


def _index_problems(table: TableFile) -> Iterator[Problem]:
    """In a table with the column `index`, rows with an index are labels (0, 1, … without a gap), and the others are concepts above them."""
    indexed = [(row.line, cell) for row, cell in zip(table.rows, table.cells("index"), strict=True) if cell is not None]
    for line, cell in indexed:
        if _index(cell) is None:
            yield Problem(f"{table.path}:{line}", f"the index '{cell}' is not a whole number from 0")
    indices = sorted(index for _, cell in indexed if (index := _index(cell)) is not None)
    if indices != list(range(len(indices))):
        yield Problem(str(table.path), f"its indices must run from 0 to {len(indices) - 1}, each once, as there are {len(indices)}")


def _repeated(path: Path, keys: Sequence[str], lines: Sequence[int]) -> Iterator[Problem]:
    times = Counter(keys)
    seen: set[str] = set()
    for key, line in zip(keys, lines, strict=False):
        if times[key] > 1 and key in seen:
            yield Problem(f"{path}:{line}", f"the key '{key}' occurs twice")
        seen.add(key)


def _raise_any(problems: Sequence[Problem]) -> None:
    if problems:
        raise InvalidInput(ATTEMPT, problems, LABEL_SPACE.forms)


def _index(cell: Cell) -> int | None:
    return int(cell) if isinstance(cell, str) and cell.isascii() and cell.isdigit() else None


def _parts(cell: Cell) -> tuple[str, ...]:
    values = cell if isinstance(cell, tuple) else (cell or "").split("|")
    return tuple(dict.fromkeys(part.strip() for part in values if part.strip()))


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else " ".join(cell or ())
