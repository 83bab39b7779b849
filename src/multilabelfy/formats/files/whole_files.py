"""Write a file completely or not at all, and never over an existing file unless asked to.

Whoever writes removes their own temporary file. What a killed process left is removed by the next one that writes the same file, if
nothing has changed in it for LEFT: a file that somebody else is writing changes all the time.
"""

import os
import re
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from multilabelfy.errors import InvalidInput, Problem

ATTEMPT = "Cannot write"
LEFT = 24 * 3600
"""Seconds without a change after which nobody is writing a temporary file any more."""


@contextmanager
def whole_file(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """A temporary path beside `path`: it is renamed to `path` at the end, or removed if writing fails. Raises InvalidInput."""
    check_writable(path, overwrite=overwrite)
    part = part_beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_left_parts(path)
        yield part
        _sync(part)
        part.replace(path)
    except OSError as error:
        raise InvalidInput(ATTEMPT, [Problem(str(path), f"{error.strerror or error}")]) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def check_writable(path: Path, *, overwrite: bool) -> None:
    """Say before any work what would prevent the file from being written. Raises InvalidInput."""
    if path.is_dir():
        raise InvalidInput(ATTEMPT, [Problem(str(path), "it is a folder; name a file inside it")])
    if path.exists() and not overwrite:
        raise InvalidInput(ATTEMPT, [Problem(str(path), "a file of this name exists already")], "Choose another name, or add --overwrite.")


def part_beside(path: Path) -> Path:
    """A temporary name beside `path` that nobody else has."""
    return path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")


def remove_left_parts(path: Path) -> None:
    """Remove the temporary files (or folders) of `path` that killed processes left beside it."""
    remove_left(parts_of(path))


def parts_of(path: Path) -> Iterator[Path]:
    """The temporary files (or folders) beside `path` that are to become it."""
    form = re.compile(rf"\.{re.escape(path.name)}\.[0-9a-f]{{8}}\.part")
    return (place for place in path.parent.iterdir() if form.fullmatch(place.name))


def remove_left(places: Iterable[Path], longest: float = LEFT) -> int:
    """Remove those of these temporary files and folders in which nothing has changed for `longest` seconds; returns their number."""
    left = left_among(places, longest)
    for place in left:
        remove_part(place)
    return len(left)


def left_among(places: Iterable[Path], longest: float = LEFT) -> list[Path]:
    """Those of these temporary files and folders in which nothing has changed for `longest` seconds."""
    return [place for place in places if _unchanged_seconds(place) > longest]


def is_part(place: Path) -> bool:
    """Whether a file or folder is called as `part_beside` calls them."""
    return re.fullmatch(r"\..+\.[0-9a-f]{8}\.part", place.name) is not None


def remove_part(place: Path) -> None:
    """Remove a temporary file or folder, if it can be removed."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place, ignore_errors=True)
    else:
        with suppress(OSError):
            place.unlink(missing_ok=True)


def _unchanged_seconds(place: Path) -> float:
    """How long nothing has changed in it; 0 if it is gone meanwhile."""
    try:
        changed = [place.lstat().st_mtime, *(inner.lstat().st_mtime for inner in place.rglob("*"))]
    except OSError:
        return 0
    return time.time() - max(changed)


def _sync(part: Path) -> None:
    """Bring the content to the disk before the name."""
    descriptor = os.open(part, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
