"""Look through an archive of pictures before anything of it is unpacked: what leads out of the folder, or is a bomb, is a problem.

What an archive says of itself may be a lie: its sizes are held against how long it is and against what comes out of it.
"""

import re
import stat
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import PurePosixPath
from typing import IO, cast
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.reading.pictures.file_names import is_hidden, is_picture
from multilabelfy.plurals import counted

ATTEMPT = "Cannot take these pictures"
MOST_ENTRIES = 500_000
MOST_TIMES_LARGER = 100
"""How many times larger than packed pictures may be: they are compressed already, and only an empty one comes near this."""
SMALL = 10_000_000
"""Below so many bytes it does not matter how much smaller pictures were packed."""
MOST_LISTED = 50
"""How many problems of an archive are listed; the others are counted."""
PIECE = 1_000_000
MOST_OF_CONTENTS = 100_000_000
"""The longest list of an archive's contents that is read, in bytes: 200 for each of the most entries."""
ENTRY = b"PK\x01\x02"
"""What each entry in the list of contents begins with."""
METHODS = frozenset((ZIP_STORED, ZIP_DEFLATED, ZIP_BZIP2, ZIP_LZMA))
ENCRYPTED = 1
UNFIT = re.compile(r'[\x00-\x1f\x7f\ud800-\udfff\\:*?"<>|]')
"""Characters that some file system cannot have in a name."""
UNREADABLE = (
    *(BadZipFile, EOFError, IndexError, LZMAError, MemoryError, NotImplementedError, OSError, OverflowError, RuntimeError),
    *(ValueError, zlib.error, struct.error),
)
"""What reading a damaged archive raises, depending on where it is damaged and how it was packed."""


@dataclass(frozen=True, slots=True)
class ArchivedPictures:
    """The pictures of an archive in its order, their size in bytes once unpacked, and the number of other files by suffix."""

    pictures: tuple[ZipInfo, ...]
    n_bytes: int
    others: Counter[str]


def open_archive(content: IO[bytes], name: str) -> ZipFile:
    """Open an archive; it is closed by the caller. Raises InvalidInput if it is none, or has too many entries to read their list."""
    try:
        return ZipFile(cast(IO[bytes], _Listed(content, name)))
    except UNREADABLE:
        raise InvalidInput(ATTEMPT, [Problem(name, "this is not a ZIP archive, or it did not arrive whole")]) from None


def look_through(archive: ZipFile, name: str) -> ArchivedPictures:
    """What unpacking would bring; hidden files and folders are skipped. Raises InvalidInput with the problems."""
    entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/") and not is_hidden(entry.filename)]
    pictures = [entry for entry in entries if is_picture(entry.filename)]
    problems = [*_problems(pictures), *_problems_of_all(pictures, name, _length(archive))]
    if problems:
        n_more = len(problems) - MOST_LISTED
        more = [Problem(name, f"and {counted(n_more, 'more problem')}")] if n_more > 0 else []
        raise InvalidInput(ATTEMPT, [*problems[:MOST_LISTED], *more])
    others = Counter(PurePosixPath(entry.filename).suffix.lower() or "(no suffix)" for entry in entries if not is_picture(entry.filename))
    return ArchivedPictures(tuple(pictures), sum(entry.file_size for entry in pictures), others)


def pieces(archive: ZipFile, entry: ZipInfo) -> Iterator[bytes]:
    """The content of a picture, never more than the archive announced. Raises InvalidInput where it is damaged."""
    n_left = entry.file_size
    try:
        with archive.open(entry) as content:
            while piece := content.read(PIECE):
                n_left -= len(piece)
                yield piece
    except UNREADABLE:
        raise _damaged(entry) from None
    if n_left:
        raise _damaged(entry)


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


class _Listed:
    """An archive as `zipfile` reads it, which takes its whole list of contents into memory: a list that is too long is refused first."""

    def __init__(self, content: IO[bytes], name: str) -> None:
        self._content, self._name = content, name
        self.tell, self.seek, self.close = content.tell, content.seek, content.close

    def seekable(self) -> bool:
        """What a browser sent lies in a file or in memory."""
        return True

    def read(self, n_bytes: int = -1) -> bytes:
        """The next bytes. Raises InvalidInput for a list of contents that is too long."""
        if n_bytes > MOST_OF_CONTENTS:
            raise self._too_many()
        piece = self._content.read(n_bytes)
        if piece.count(ENTRY) > MOST_ENTRIES:
            raise self._too_many()
        return piece

    def _too_many(self) -> InvalidInput:
        too_many = f"it has more than {MOST_ENTRIES:,} files, the most that are taken at once: send it in parts"
        return InvalidInput(ATTEMPT, [Problem(self._name, too_many)])


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
    if entry.compress_type not in METHODS:
        return f"it is packed by a method that is not read here (number {entry.compress_type}); pack it by the usual one, deflate"
    if _is_far_larger(entry.file_size, entry.compress_size):
        return "it would be far larger unpacked than any picture"
    return ""


def _problems_of_all(pictures: Sequence[ZipInfo], name: str, n_sent: int) -> Iterator[Problem]:
    """What is wrong with the pictures as a whole, in an archive of so many bytes."""
    n_packed, n_unpacked = sum(entry.compress_size for entry in pictures), sum(entry.file_size for entry in pictures)
    if not pictures:
        yield Problem(name, "there is no picture in it")
    elif n_packed > n_sent:
        yield Problem(name, f"its files overlap: they would fill {n_packed:,} B of its {n_sent:,} B. Pack them anew")
    elif _is_far_larger(n_unpacked, n_packed):
        figures = f"its {n_packed / 1e6:.1f} MB would be {n_unpacked / 1e6:,.0f} MB unpacked, over {MOST_TIMES_LARGER} times as much"
        yield Problem(name, f"{figures}: no pictures are packed like this")


def _is_far_larger(n_unpacked: int, n_packed: int) -> bool:
    return n_unpacked > SMALL and n_unpacked > MOST_TIMES_LARGER * max(n_packed, 1)


def _length(archive: ZipFile) -> int:
    assert archive.fp is not None  # it is open
    return archive.fp.seek(0, 2)


def _damaged(entry: ZipInfo) -> InvalidInput:
    return InvalidInput(ATTEMPT, [Problem(entry.filename, "the archive is damaged here")])
