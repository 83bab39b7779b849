"""Look through an archive of pictures before anything of it is unpacked: what leads out of the folder, or is a bomb, is a problem."""

import re
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.reading.pictures.file_names import is_hidden, is_picture

ATTEMPT = "Cannot take these pictures"
MOST_ENTRIES = 500_000
MOST_TIMES_LARGER = 100
"""How many times larger than packed a picture may be: they are compressed already, and only an empty one comes near this."""
SMALL = 10_000_000
"""Below so many bytes it does not matter how much smaller a picture was packed."""
ENCRYPTED = 1
UNFIT = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]')
"""Characters that some file system cannot have in a name."""


@dataclass(frozen=True, slots=True)
class ArchivedPictures:
    """The pictures of an archive in its order, their size in bytes once unpacked, and the number of other files by suffix."""

    pictures: tuple[ZipInfo, ...]
    n_bytes: int
    others: Counter[str]


def open_archive(content: IO[bytes], name: str) -> ZipFile:
    """Open an archive; it is closed by the caller. Raises InvalidInput if it is none."""
    try:
        return ZipFile(content)
    except (BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError):
        raise InvalidInput(ATTEMPT, [Problem(name, "this is not a ZIP archive, or it did not arrive whole")]) from None


def look_through(archive: ZipFile, name: str) -> ArchivedPictures:
    """What unpacking would bring; hidden files and folders are skipped. Raises InvalidInput with every problem."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and not is_hidden(entry.filename)]
    pictures = [entry for entry in entries if is_picture(entry.filename)]
    problems = list(_problems(pictures))
    if len(entries) > MOST_ENTRIES:
        problems.append(Problem(name, f"it has {len(entries):,} files, and at most {MOST_ENTRIES:,} are taken at once"))
    if not pictures:
        problems.append(Problem(name, "there is no picture in it"))
    if problems:
        raise InvalidInput(ATTEMPT, problems)
    others = Counter(PurePosixPath(entry.filename).suffix.lower() or "(no suffix)" for entry in entries if not is_picture(entry.filename))
    return ArchivedPictures(tuple(pictures), sum(entry.file_size for entry in pictures), others)


def path_problem(path: str) -> str:
    """What is wrong with a picture's path below its folder; empty if nothing is.

    >>> path_problem("cat/1.jpg"), path_problem("../1.jpg")
    ('', 'its path leads out of the folder')
    """
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or "." in parts or "" in parts:
        return "its path leads out of the folder"
    if UNFIT.search(path):
        return "its name has characters that not every disk can store"
    if any(len(part.encode()) > 200 for part in parts) or len(path.encode()) > 1000:
        return "its name is too long"
    return ""


def _problems(pictures: Sequence[ZipInfo]) -> Iterator[Problem]:
    n_named = Counter(entry.filename for entry in pictures)
    for entry in pictures:
        problem = path_problem(entry.filename) or _problem_of(entry)
        if problem:
            yield Problem(entry.filename, problem)
    for path, n in n_named.items():
        if n > 1:
            yield Problem(path, "it is in the archive more than once")


def _problem_of(entry: ZipInfo) -> str:
    if entry.flag_bits & ENCRYPTED:
        return "it is encrypted"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "it is a link"
    if entry.file_size > SMALL and entry.file_size > MOST_TIMES_LARGER * max(entry.compress_size, 1):
        return "it would be far larger unpacked than any picture"
    return ""
