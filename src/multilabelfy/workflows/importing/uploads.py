"""Store pictures that a browser sent, single ones or archives, in a folder of the workspace, from which they can be imported.

A folder appears once all of its pictures are there: they are unpacked beside it first.
"""

import shutil
import tempfile
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.reading.pictures.file_names import is_hidden, is_picture
from multilabelfy.formats.reading.pictures.picture_archive import ATTEMPT, look_through, open_archive, path_problem
from multilabelfy.plurals import counted
from multilabelfy.workflows.importing.rules import name_problems
from multilabelfy.workflows.workspace import Workspace

FOLDER = "uploads"
AT_ONCE = 1_000_000


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as a browser sends it: its name, with folders where it sends them, and its content."""

    name: str
    content: IO[bytes]


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What came: the folder's name, the number of pictures, and the number of other files, which were left out."""

    name: str
    n_pictures: int
    n_others: int


def uploads_of(workspace: Workspace) -> Path:
    """The folder that holds the uploaded folders."""
    return workspace.folder / FOLDER


def store_upload(workspace: Workspace, name: str, files: Sequence[SentFile]) -> Uploaded:
    """Store the pictures in the folder of this name; pictures may be added to one that is there.

    Raises InvalidInput with every problem, and then stores nothing.
    """
    problems = list(name_problems(name))
    if not files:
        problems.append(Problem("files", "choose at least one"))
    if problems:
        raise InvalidInput(ATTEMPT, problems)
    parent = uploads_of(workspace)
    parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", dir=parent) as unfinished:
        others = sum((_take(Path(unfinished), file) for file in files), Counter[str]())
        return _put(Path(unfinished), parent / name, others)


def _take(folder: Path, file: SentFile) -> Counter[str]:
    """Write a file's pictures into the folder; returns the number of other files by suffix."""
    if file.name.lower().endswith(".zip"):
        with open_archive(file.content, file.name) as archive:
            return _unpack(archive, folder, file.name)
    if is_hidden(file.name) or not is_picture(file.name):
        return Counter([Path(file.name).suffix.lower() or "(no suffix)"])
    problem = path_problem(file.name) or ("it was sent twice" if (folder / file.name).exists() else "")
    if problem:
        raise InvalidInput(ATTEMPT, [Problem(file.name, problem)])
    _write(file.content, folder / file.name)
    return Counter()


def _unpack(archive: ZipFile, folder: Path, name: str) -> Counter[str]:
    pictures = look_through(archive, name)
    free = shutil.disk_usage(folder).free
    if pictures.n_bytes > free:
        needs = f"unpacked it needs {pictures.n_bytes / 1e9:.1f} GB, and the workspace's disk has {free / 1e9:.1f} GB left"
        raise InvalidInput(ATTEMPT, [Problem(name, needs)])
    for entry in pictures.pictures:
        if (folder / entry.filename).exists():
            raise InvalidInput(ATTEMPT, [Problem(entry.filename, "it was sent twice")])
        try:
            with archive.open(entry) as content:
                _write(content, folder / entry.filename, most=entry.file_size)
        except (BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error):
            raise InvalidInput(ATTEMPT, [Problem(entry.filename, "the archive is damaged here")]) from None
    return pictures.others


def _write(content: IO[bytes], place: Path, most: int | None = None) -> None:
    """Write a file, and no more of it than was announced."""
    place.parent.mkdir(parents=True, exist_ok=True)
    n_left = most
    with place.open("xb") as out:
        while piece := content.read(AT_ONCE if n_left is None else min(AT_ONCE, n_left)):
            out.write(piece)
            n_left = None if n_left is None else n_left - len(piece)


def _put(unfinished: Path, folder: Path, others: Counter[str]) -> Uploaded:
    """Move what came into its place."""
    paths = sorted(path.relative_to(unfinished) for path in unfinished.rglob("*") if path.is_file())
    if not paths:
        raise InvalidInput(ATTEMPT, [Problem("files", f"there is no picture in {counted(sum(others.values()), 'file')}")])
    problems = [Problem(str(path), "a picture of this name is there already") for path in paths if (folder / path).exists()]
    if problems:
        raise InvalidInput(ATTEMPT, problems)
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (unfinished / path).rename(folder / path)
    return Uploaded(folder.name, len(paths), sum(others.values()))
