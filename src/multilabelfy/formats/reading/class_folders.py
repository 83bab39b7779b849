"""The given label of a picture from the folder that it lies in."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from multilabelfy.dataset.model import LabelSpace
from multilabelfy.dataset.validation import label_finder, unknown_label
from multilabelfy.errors import Problem
from multilabelfy.formats.reading.image_folder import folders_of
from multilabelfy.formats.reading.label_space import CLASS_FOLDERS


@dataclass(frozen=True, slots=True)
class FolderLabels:
    """The given label by an image's path; a picture in no folder at all has none."""

    labels: Mapping[str, int]
    problems: tuple[Problem, ...] = ()


def labels_by_folder(paths: Sequence[str], labels: LabelSpace) -> FolderLabels:
    """The nearest folder above each picture that is called as a label is; in a space made of class folders, the first folder of the path.

    A folder that is no label is one problem, however many pictures it holds.
    """
    class_of = _first_folder(labels) if labels.name == CLASS_FOLDERS else _nearest_known(labels)
    found: dict[str, int] = {}
    unknown: Counter[str] = Counter()
    for path in paths:
        label = class_of(path)
        if label is not None:
            found[path] = label
        elif "/" in path:
            unknown[path.rpartition("/")[0]] += 1
    problems = (Problem(f"{folder}/", f"{_what(folder, labels)} ({n} pictures)") for folder, n in sorted(unknown.items()))
    return FolderLabels(found, tuple(problems))


def _first_folder(labels: LabelSpace) -> Callable[[str], int | None]:
    keys = labels.index_by_key
    return lambda path: keys.get(path.split("/", 1)[0]) if "/" in path else None


def _nearest_known(labels: LabelSpace) -> Callable[[str], int | None]:
    find = label_finder(labels)
    return lambda path: next((label for folder in folders_of(path) if (label := find(folder)) is not None), None)


def _what(folder: str, labels: LabelSpace) -> str:
    return unknown_label(folder.split("/")[0 if labels.name == CLASS_FOLDERS else -1], labels)
