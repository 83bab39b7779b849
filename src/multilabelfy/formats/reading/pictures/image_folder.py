"""Walk a folder of pictures: flat, or with class folders `<class>/…/<file>`. Links that lead out of it are not followed."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.pictures.remote.addresses import RemoteAddress

SUFFIXES = frozenset(
    (
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".gif", ".bmp", ".webp", ".avif", ".tif", ".tiff"),
        *(".ppm", ".pgm", ".pbm", ".pnm", ".jp2", ".j2k", ".jpx"),
    )
)
"""These names promise pictures; only the content shows whether they are."""
SPLITS = frozenset(("train", "training", "val", "valid", "validation", "dev", "test", "testing"))
"""What the parts of a dataset are called; in them lie the class folders."""


@dataclass(frozen=True, slots=True)
class ImageFolder:
    """The pictures of a folder: POSIX paths below it, sorted; links that lead out of it; and the number of other files by suffix."""

    root: Path | RemoteAddress
    paths: tuple[str, ...]
    leading_out: tuple[Problem, ...] = ()
    others: Mapping[str, int] = field(default_factory=dict)
    n_linked_folders: int = 0

    def class_folders(self) -> list[str]:
        """The folders that hold the pictures of a class, sorted by name: those below the root, or below the folders of splits."""
        splits = self.splits()
        return sorted({name for path in self.paths if (name := class_folder(path, splits)) is not None})

    def splits(self) -> frozenset[str]:
        """The folders below the root that are called as a split is (`train`, `val`, `test`) and hold only folders, as no class does.

        If every folder is called so, all are splits, whatever they hold.
        """
        folders = {path.split("/", 1)[0] for path in self.paths if "/" in path}
        called = {folder for folder in folders if folder.casefold() in SPLITS}
        of_classes = {path.split("/", 1)[0] for path in self.paths if path.count("/") == 1}
        return frozenset(called if called == folders else called - of_classes)


def read_image_folder(root: Path, attempt: str = "Cannot import the pictures") -> ImageFolder:
    """Walk the folder, skipping hidden files and folders. Raises InvalidInput if it is not a readable folder."""
    if not root.is_dir():
        what = "it is not a folder" if root.exists() else "there is no such folder"
        raise InvalidInput(attempt, [Problem(str(root), what)])
    walk = _Walk(root.resolve(), Counter(), [], [])
    paths = sorted(walk.below(walk.root))
    return ImageFolder(walk.root, tuple(paths), tuple(walk.problems), dict(walk.others.most_common()), len(walk.linked_folders))


@dataclass(frozen=True, slots=True)
class _Walk:
    """What a walk through the folder collects."""

    root: Path
    others: Counter[str]
    problems: list[Problem]
    linked_folders: list[str]

    def below(self, folder: Path) -> Iterator[str]:
        waiting = [(str(folder), "")]
        while waiting:
            place, prefix = waiting.pop()
            for entry in self._entries(place, prefix):
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((entry.path, f"{prefix}{entry.name}/"))
                elif entry.is_symlink():
                    yield from self._linked(entry, prefix)
                else:
                    yield from self._file(entry.name, prefix)

    def _entries(self, place: str, prefix: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(place) as entries:
                return [entry for entry in entries if not entry.name.startswith(".")]
        except OSError as error:
            self.problems.append(Problem(prefix or str(self.root), f"the folder cannot be read: {error.strerror}"))
            return []

    def _linked(self, entry: os.DirEntry[str], prefix: str) -> Iterator[str]:
        target = Path(os.path.realpath(entry.path))
        if not target.is_relative_to(self.root):
            what = "it is a link that leads out of the folder; import the folder that it leads to, or move the pictures here"
            self.problems.append(Problem(f"{prefix}{entry.name}", what))
        elif target.is_dir():
            self.linked_folders.append(prefix + entry.name)
        else:
            yield from self._file(entry.name, prefix)

    def _file(self, name: str, prefix: str) -> Iterator[str]:
        suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122 – building a Path for each of a million files is slow
        if suffix in SUFFIXES:
            yield prefix + name
        else:
            self.others[suffix or "(no suffix)"] += 1


def class_folder(path: str, splits: frozenset[str]) -> str | None:
    """The class folder of a path: its first folder, after that of a split; None if it lies in no other.

    >>> class_folder("cat/old/1.jpg", frozenset()), class_folder("val/cat/1.jpg", frozenset({"val"}))
    ('cat', 'cat')
    """
    folders = path.split("/")[:-1]
    return next(iter(folders[1:] if folders and folders[0] in splits else folders), None)


def folders_of(path: str) -> Sequence[str]:
    """The folders of a path, the nearest first.

    >>> folders_of("val/n01440764/1.jpg"), folders_of("1.jpg")
    (['n01440764', 'val'], [])
    """
    return path.split("/")[-2::-1]
