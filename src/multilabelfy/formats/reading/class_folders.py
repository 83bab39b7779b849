"""Take a picture's given label from the folder that it lies in."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from multilabelfy.dataset.model import LabelSpace
from multilabelfy.dataset.validation import label_finder, unknown_label
from multilabelfy.errors import Problem
from multilabelfy.formats.reading.image_folder import folders_of
from multilabelfy.formats.reading.label_space import CLASS_FOLDERS
from multilabelfy.plurals import counted


@dataclass(frozen=True, slots=True)
class FolderLabels:
    """Given labels by image path; a picture outside every folder has none."""

    labels: Mapping[str, int]
    problems: tuple[Problem, ...] = ()


def labels_by_folder(paths: Sequence[str], labels: LabelSpace) -> FolderLabels:
    """Label each picture by the nearest folder that names a label; in a space made from class folders, by the first folder of its path.

    A folder that names no label is one problem, however many pictures it holds.
    """
    class_of = _first_folder(labels) if labels.name == CLASS_FOLDERS else _nearest_known(labels)
    given: dict[str, int] = {}
    unknown: Counter[str] = Counter()
    for path in paths:
        label = class_of(path)
        if label is not None:
            given[path] = label
        elif "/" in path:
            unknown[path.rpartition("/")[0]] += 1
    problems = (Problem(f"{folder}/", f"{_why_unknown(folder, labels)} ({counted(n, 'picture')})") for folder, n in sorted(unknown.items()))
    return FolderLabels(given, tuple(problems))


def _first_folder(labels: LabelSpace) -> Callable[[str], int | None]:
    keys = labels.index_by_key
    return lambda path: keys.get(path.split("/", 1)[0]) if "/" in path else None


def _nearest_known(labels: LabelSpace) -> Callable[[str], int | None]:
    find = label_finder(labels)
    return lambda path: next((label for folder in folders_of(path) if (label := find(folder)) is not None), None)


def _why_unknown(folder: str, labels: LabelSpace) -> str:
    return unknown_label(folder.split("/")[0 if labels.name == CLASS_FOLDERS else -1], labels)
