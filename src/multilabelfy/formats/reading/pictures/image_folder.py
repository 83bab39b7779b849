"""Walk a folder of pictures: flat, or with class folders `<class>/…/<file>`. Links that lead out of it are not followed.

A folder that has no pictures of its own may have shards, whose pictures are those of the folder then.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.files.text_files import read_text
from multilabelfy.formats.inputs import SHARDS
from multilabelfy.formats.reading.pictures.file_names import SUFFIXES
from multilabelfy.formats.reading.pictures.packed import NOTHING_PACKED, Packed
from multilabelfy.formats.reading.pictures.shards import CLASS_LISTS, Progress, is_packed, listed_classes, read_shards, silent
from multilabelfy.pictures.remote.addresses import RemoteAddress
from multilabelfy.pictures.shards.files import LocalFile, ShardFile
from multilabelfy.pictures.shards.places import without_shards

SPLITS = frozenset(("train", "training", "val", "valid", "validation", "dev", "test", "testing"))
"""What the parts of a dataset are called; in them lie the class folders."""


@dataclass(frozen=True, slots=True)
class ImageFolder:
    """The pictures of a folder: POSIX paths below it, sorted; links that lead out of it; and the number of other files by suffix.

    `packed` is what shards say of their pictures' labels. `sizes` are those of the pictures' files in bytes, as far as a bucket lists them.
    """

    root: Path | RemoteAddress
    paths: tuple[str, ...]
    leading_out: tuple[Problem, ...] = ()
    others: Mapping[str, int] = field(default_factory=dict)
    n_linked_folders: int = 0
    packed: Packed = NOTHING_PACKED
    sizes: Mapping[str, int] = field(default_factory=dict)

    def class_folders(self) -> list[str]:
        """The folders that hold the pictures of a class, sorted by name: those below the root, or below the folders of splits."""
        if self.packed.has_tables:
            return []
        splits = self.splits()
        return sorted({name for path in self.paths if (name := class_folder(path, splits)) is not None})

    def splits(self) -> frozenset[str]:
        """The folders below the root that are called as a split is (`train`, `val`, `test`) and hold only folders, as no class does.

        If every folder is called so, all are splits, whatever they hold.
        """
        paths = [without_shards(path) for path in self.paths] if self.packed.n_shards else self.paths
        folders = {path.split("/", 1)[0] for path in paths if "/" in path}
        called = {folder for folder in folders if folder.casefold() in SPLITS}
        of_classes = {path.split("/", 1)[0] for path in paths if path.count("/") == 1}
        return frozenset(called if called == folders else called - of_classes)


def read_image_folder(root: Path, attempt: str = "Cannot import the pictures", progress: Progress = silent) -> ImageFolder:
    """Walk the folder, skipping hidden files and folders; or look into a single shard. `progress` is told of shards.

    Raises InvalidInput if it is not a readable folder or shard, with all that is wrong with any shard, and ExtraMissing.
    """
    if root.is_file():
        return _single(root.resolve(), attempt)
    if not root.is_dir():
        what = "it is not a folder" if root.exists() else "there is no such folder"
        raise InvalidInput(attempt, [Problem(str(root), what)])
    walk = _Walk(root.resolve(), Counter(), [], [], [])
    paths = sorted(walk.below(walk.root))
    if walk.shards and not paths:
        return _of_shards(walk, attempt, progress)
    walk.others.update(Path(shard).suffix.lower() for shard in walk.shards)
    return ImageFolder(walk.root, tuple(paths), tuple(walk.problems), dict(walk.others.most_common()), len(walk.linked_folders))


def _single(shard: Path, attempt: str) -> ImageFolder:
    if not is_packed(shard.name):
        what = "it is not a folder" if not shard.suffix else f"it is not a folder, and files of the kind '{shard.suffix}' are not read"
        raise InvalidInput(attempt, [Problem(str(shard), what)], SHARDS.forms)
    return folder_of_shards(shard, {"": LocalFile(shard)}, _classes_beside(shard.parent, attempt), attempt)


def _of_shards(walk: "_Walk", attempt: str, progress: Progress) -> ImageFolder:
    shards = {f"{path}/": LocalFile(walk.root / path) for path in sorted(walk.shards)}
    folder = folder_of_shards(walk.root, shards, _classes_beside(walk.root, attempt), attempt, walk.others, walk.problems, progress)
    return replace(folder, n_linked_folders=len(walk.linked_folders))


def folder_of_shards(
    root: Path | RemoteAddress,
    shards: Mapping[str, ShardFile],
    classes: Sequence[str],
    attempt: str,
    others: Mapping[str, int] | None = None,
    problems: Sequence[Problem] = (),
    progress: Progress = silent,
) -> ImageFolder:
    """The pictures of shards, by what stands before their names; `others` and `problems` are of the files beside the shards.

    Raises as `read_shards`.
    """
    packed = read_shards(shards, classes, attempt, progress)
    every = Counter(others or {}) + packed.others
    return ImageFolder(root, packed.paths, (*problems, *packed.skippable), dict(every.most_common()), packed=packed)


def _classes_beside(folder: Path, attempt: str) -> tuple[str, ...]:
    file = next((folder / name for name in CLASS_LISTS if (folder / name).is_file()), None)
    return () if file is None else listed_classes(read_text(file, attempt))


@dataclass(frozen=True, slots=True)
class _Walk:
    """What a walk through the folder collects."""

    root: Path
    others: Counter[str]
    problems: list[Problem]
    linked_folders: list[str]
    shards: list[str]

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
        elif is_packed(name):
            self.shards.append(prefix + name)
        elif not prefix and name in CLASS_LISTS:
            return
        else:
            self.others[suffix or "(no suffix)"] += 1


def class_folder(path: str, splits: frozenset[str]) -> str | None:
    """The class folder of a path: its first folder, after that of a split; None if it lies in no other.

    >>> class_folder("cat/old/1.jpg", frozenset()), class_folder("val/cat/1.jpg", frozenset({"val"}))
    ('cat', 'cat')
    """
    folders = without_shards(path).split("/")[:-1]
    return next(iter(folders[1:] if folders and folders[0] in splits else folders), None)


def folders_of(path: str) -> Sequence[str]:
    """The folders of a path, the nearest first.

    >>> folders_of("val/n01440764/1.jpg"), folders_of("1.jpg")
    (['n01440764', 'val'], [])
    """
    return without_shards(path).split("/")[-2::-1]
