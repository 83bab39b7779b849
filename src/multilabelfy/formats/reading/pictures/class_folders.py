"""Take a picture's given label from the folder that it lies in."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from multilabelfy.dataset.model import LabelSpace
from multilabelfy.dataset.validation import label_finder, unknown_label
from multilabelfy.errors import Problem
from multilabelfy.formats.reading.label_space import CLASS_FOLDERS
from multilabelfy.formats.reading.pictures.image_folder import class_folder, folders_of
from multilabelfy.plurals import counted


@dataclass(frozen=True, slots=True)
class FolderLabels:
    """Given labels by image path; a picture outside every folder has none."""

    labels: Mapping[str, int]
    problems: tuple[Problem, ...] = ()


def labels_by_folder(paths: Sequence[str], labels: LabelSpace, splits: frozenset[str] = frozenset()) -> FolderLabels:
    """Label each picture by the nearest folder that names a label; in a space made from class folders, by its class folder.

    The folders of `splits` name no label. A folder that names none is one problem, however many pictures it holds.
    """
    class_of = _by_class_folder(labels, splits) if labels.name == CLASS_FOLDERS else _nearest_known(labels, splits)
    given: dict[str, int] = {}
    unknown: Counter[str] = Counter()
    for path in paths:
        label = class_of(path)
        if label is not None:
            given[path] = label
        elif class_folder(path, splits) is not None:
            unknown[path.rpartition("/")[0]] += 1
    problems = (
        Problem(f"{folder}/", f"{_why_unknown(folder, labels, splits)} ({counted(n, 'picture')})") for folder, n in sorted(unknown.items())
    )
    return FolderLabels(given, tuple(problems))


def _by_class_folder(labels: LabelSpace, splits: frozenset[str]) -> Callable[[str], int | None]:
    keys = labels.index_by_key
    return lambda path: keys.get(class_folder(path, splits) or "")


def _nearest_known(labels: LabelSpace, splits: frozenset[str]) -> Callable[[str], int | None]:
    find = label_finder(labels)

    def nearest(path: str) -> int | None:
        folders = folders_of(path)
        below = folders[:-1] if folders and folders[-1] in splits else folders
        return next((label for folder in below if (label := find(folder)) is not None), None)

    return nearest


def _why_unknown(folder: str, labels: LabelSpace, splits: frozenset[str]) -> str:
    name = class_folder(f"{folder}/", splits) or folder
    return unknown_label(name if labels.name == CLASS_FOLDERS else folder.split("/")[-1], labels)
