"""Read label files for an evaluation without a dataset: label sets by image name, given labels, and the label space that they use."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from multilabelfy.dataset.model import Label, LabelSets, LabelSpace
from multilabelfy.dataset.validation import LabelFinder, label_finder, natural_order, unknown_label
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.evaluation.measures.joining import positions_of
from multilabelfy.formats.image_names import imagenet_validation_names, in_number_order
from multilabelfy.formats.imagenet1k import imagenet1k
from multilabelfy.formats.inputs import LABEL_SETS
from multilabelfy.formats.reading.label_rows import LabelRows, WrittenRow, read_label_rows

ATTEMPT = "Cannot read the labels"
ATTEMPT_GIVEN = "Cannot read the given labels"
SHOWN = 5
ENOUGH_CLASSES = 500
OWN = "labels of the file"


def read_label_sets(path: Path, images: Sequence[str] | None = None, labels: LabelSpace | None = None) -> LabelSets:
    """The label sets of a file in any form of `label_rows`, as label indices, in the file's own order. Raises InvalidInput.

    A list with as many entries as `images` follows the numbers in their names; any other list follows ImageNet's validation set. Keys in a
    table become indices of `labels`, or of the space that `space_of` finds.
    """
    written = read_label_rows(path, ATTEMPT)
    return _as_sets(written, labels or space_of(path, written), images, ATTEMPT)


def space_of(path: Path, written: LabelRows | None = None) -> LabelSpace | None:
    """The label space of a file: ImageNet-1k if its labels are WordNet ids, or at least 500 different indices below 1,000.

    Other keys that are not numbers form a space of their own, in the order of their names. None if the labels are plain indices that could
    mean anything.
    """
    written = written or read_label_rows(path, ATTEMPT)
    texts = {text for row in written.rows for text in row.labels}
    if all(text.isascii() and text.isdigit() for text in texts):
        known = len(texts) >= ENOUGH_CLASSES and max(map(int, texts)) < len(imagenet1k())
        return imagenet1k() if known else None
    if texts <= imagenet1k().index_by_key.keys():
        return imagenet1k()
    return LabelSpace(OWN, tuple(Label(index, key, (key,)) for index, key in enumerate(natural_order(list(texts)))))


def read_given(path: Path, images: Sequence[str], labels: LabelSpace | None = None) -> npt.NDArray[np.int64]:
    """The given label of each image, (n_images,) label indices, joined by image name (see `positions_of`).

    A list follows the numbers in the names of `images` if they are numbered, else the order of `images`. Raises InvalidInput, also if an
    image has no given label or several.
    """
    written = read_label_rows(path, ATTEMPT_GIVEN)
    sets = _as_sets(written, labels or space_of(path, written), images, ATTEMPT_GIVEN)
    rows = positions_of(images, sets.images, attempt=ATTEMPT_GIVEN, where=str(path))
    wrong = np.flatnonzero(sets.counts != 1).tolist()
    _raise_any([Problem(str(path), _no_single_label(sets, row)) for row in wrong[:SHOWN]], ATTEMPT_GIVEN)
    return sets.labels[rows]


def _no_single_label(sets: LabelSets, row: int) -> str:
    labels = " ".join(map(str, sets.row(row))) or "none"
    return f"'{sets.images[row]}' has the given label {labels}: it needs exactly one"


def _named(written: LabelRows, images: Sequence[str] | None) -> Sequence[WrittenRow]:
    if not written.is_list:
        return written.rows
    names = _names_of_list(written, images)
    return [row._replace(image=name) for row, name in zip(written.rows, names, strict=True)]


def _names_of_list(written: LabelRows, images: Sequence[str] | None) -> Sequence[str]:
    if images is not None and len(images) == len(written.rows):
        return in_number_order(images) or images
    return imagenet_validation_names(len(written.rows))


def _as_sets(written: LabelRows, space: LabelSpace | None, images: Sequence[str] | None, attempt: str) -> LabelSets:
    """Rows about the same image form one set; all problems are raised together."""
    find = _finder(written, space)
    problems = list(written.problems)
    sets: dict[str, list[int]] = {}
    for row in _named(written, images):
        indices = sets.setdefault(row.image, [])
        for text in row.labels:
            index = find(text)
            if index is None:
                problems.append(Problem(written.where(row), _unknown(text, space)))
            else:
                indices.append(index)
    _raise_any(problems, attempt)
    return LabelSets.from_rows(tuple(sets), sets.values())


def _finder(written: LabelRows, space: LabelSpace | None) -> LabelFinder:
    return label_finder(space, indices_first=written.holds_indices) if space else _plain_index


def _plain_index(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _unknown(text: str, space: LabelSpace | None) -> str:
    return unknown_label(text, space) if space else f"the label '{text}' is neither an index nor a known key"


def _raise_any(problems: Sequence[Problem], attempt: str) -> None:
    if problems:
        raise InvalidInput(attempt, problems, LABEL_SETS.forms)
