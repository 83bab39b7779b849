"""Store pictures that a browser sent, single ones or archives, in a folder of the workspace, from which they can be imported.

All of them or none: everything is looked at before a byte is written, then written beside the folder, then moved into it. A new folder
appears by one rename. What is added to a folder moves picture by picture, and what a killed process had not moved yet the next one does.
"""

import errno
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.files.whole_files import remove_part
from multilabelfy.formats.reading.pictures.file_names import is_hidden, is_picture
from multilabelfy.formats.reading.pictures.picture_archive import ATTEMPT, PIECE, look_through, open_archive, path_problem, pieces
from multilabelfy.plurals import counted
from multilabelfy.workflows.free_room import LOW_DISK, free_bytes
from multilabelfy.workflows.importing.rules import name_problems
from multilabelfy.workflows.workspace import Workspace

FOLDER = "uploads"
READY = ".ready"
"""What the name of a folder ends with from which pictures are being moved to where they belong."""
MOST_TIMES_SENT = 5
"""How many times as much as may be sent at once pictures may need once they are unpacked."""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


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


@dataclass(frozen=True, slots=True)
class _Picture:
    """A picture before it is written: its path below the folder, its size in bytes, and what reads it."""

    path: str
    n_bytes: int
    read: Callable[[], Iterable[bytes]]


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
    _refuse(problems)
    with ExitStack() as opened:
        pictures, n_others = _looked_through(files, opened)
        parent = uploads_of(workspace)
        with _on_disk(workspace.folder, name):
            parent.mkdir(exist_ok=True)
        complete_uploads(workspace)
        _refuse([*_path_problems(pictures, parent / name), *_size_problems(workspace, pictures)])
        with _on_disk(parent, name), tempfile.TemporaryDirectory(prefix=".", dir=parent, ignore_cleanup_errors=True) as unfinished:
            _write(pictures, Path(unfinished) / name)
            _put(Path(unfinished) / name, parent / name)
    return Uploaded(name, len(pictures), n_others)


def complete_uploads(workspace: Workspace) -> None:
    """Move the pictures that a killed process was about to move to their folder."""
    with suppress(FileNotFoundError):
        for ready in list(filter(is_ready, uploads_of(workspace).iterdir())):
            with suppress(OSError):
                _bring_in(ready, ready.with_name(ready.name[1:].removesuffix(READY).rpartition(".")[0]))


def is_ready(place: Path) -> bool:
    """Whether a folder holds pictures that only have to be moved: they are not left over."""
    return place.name.startswith(".") and place.name.endswith(READY)


@contextmanager
def _on_disk(folder: Path, name: str) -> Iterator[None]:
    """What the disk refuses is a problem of what was sent. Raises InvalidInput."""
    try:
        yield
    except OSError as error:
        why = f"it cannot be stored on the workspace's disk ({error.strerror or error}). Nothing was stored"
        if error.errno in NO_ROOM:
            left = f"{free_bytes(folder) / 1e9:.1f} GB left"
            why = f"the workspace's disk is full ({left}). Nothing was stored: make room there, or send fewer pictures"
        raise InvalidInput(ATTEMPT, [Problem(name, why)]) from error


def _looked_through(files: Sequence[SentFile], opened: ExitStack) -> tuple[list[_Picture], int]:
    """The pictures of all files, and the number of other files. Raises InvalidInput."""
    pictures: list[_Picture] = []
    problems: list[Problem] = []
    n_others = 0
    for file in files:
        try:
            of_file, others = _pictures_of(file, opened)
        except InvalidInput as refused:
            problems += refused.problems
        else:
            pictures, n_others = pictures + of_file, n_others + others
    if not pictures and not problems:
        problems.append(Problem("files", f"there is no picture in {counted(n_others, 'file')}"))
    _refuse(problems)
    return pictures, n_others


def _pictures_of(file: SentFile, opened: ExitStack) -> tuple[list[_Picture], int]:
    if file.name.lower().endswith(".zip"):
        archive = opened.enter_context(open_archive(file.content, file.name))
        within = look_through(archive, file.name)
        pictures = [_Picture(entry.filename, entry.file_size, partial(pieces, archive, entry)) for entry in within.pictures]
        return pictures, sum(within.others.values())
    if is_hidden(file.name) or not is_picture(file.name):
        return [], 1
    if problem := path_problem(file.name):
        raise InvalidInput(ATTEMPT, [Problem(file.name, problem)])
    return [_Picture(file.name, file.content.seek(0, 2), partial(_pieces, file.content))], 0


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    content.seek(0)
    while piece := content.read(PIECE):
        yield piece


def _path_problems(pictures: Sequence[_Picture], folder: Path) -> Iterator[Problem]:
    """What is wrong with the paths among each other, and beside what the folder holds."""
    n_sent = Counter(picture.path for picture in pictures)
    folders = {str(above) for path in n_sent for above in PurePosixPath(path).parents}
    for path, n in n_sent.items():
        if n > 1:
            yield Problem(path, "it was sent twice")
        elif path in folders:
            yield Problem(path, "this is the name of a picture and of a folder")
        elif (folder / path).exists() or any(above.is_file() for above in (folder / path).parents):
            yield Problem(path, "a picture of this name is there already")


def _size_problems(workspace: Workspace, pictures: Sequence[_Picture]) -> Iterator[Problem]:
    """Whether the pictures are more than may come at once, or than there is room for, of which some is left for answers."""
    needs, free = sum(picture.n_bytes for picture in pictures), free_bytes(workspace.folder)
    most = MOST_TIMES_SENT * workspace.settings.max_upload_megabytes * 1e6
    what = f"unpacked they need {needs / 1e9:.1f} GB"
    if needs > most:
        yield Problem(
            "files", f"{what}, and at most {most / 1e9:.1f} GB are taken at once: send them in parts, or set max_upload_megabytes"
        )
    if needs > free - LOW_DISK:
        kept = f"{LOW_DISK / 1e9:.1f} GB stay free for answers"
        yield Problem("files", f"{what}, and the workspace's disk has {free / 1e9:.1f} GB left, of which {kept}: make room there")


def _write(pictures: Iterable[_Picture], folder: Path) -> None:
    for picture in pictures:
        place = folder / picture.path
        with _on_disk(folder.parent, picture.path):
            place.parent.mkdir(parents=True, exist_ok=True)
            if place.exists():  # on a disk that does not tell capital letters from small ones
                raise InvalidInput(ATTEMPT, [Problem(picture.path, "it was sent twice")])
            with place.open("xb") as out:
                out.writelines(picture.read())


def _put(unfinished: Path, folder: Path) -> None:
    """Move what came to where it belongs."""
    if not folder.exists():
        unfinished.rename(folder)
        return
    ready = folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}{READY}")
    unfinished.rename(ready)
    _bring_in(ready, folder)


def _bring_in(ready: Path, folder: Path) -> None:
    """Move every picture, or none; another process may be moving the same ones. Raises OSError."""
    moved: list[Path] = []
    try:
        for path in sorted(place.relative_to(ready) for place in ready.rglob("*") if place.is_file()):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                (ready / path).replace(folder / path)
                moved.append(folder / path)
    except OSError:
        for picture in moved:
            picture.unlink()
        remove_part(ready)
        raise
    remove_part(ready)


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise InvalidInput(ATTEMPT, problems)
