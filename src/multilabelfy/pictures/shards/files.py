"""The file of a shard, wherever it lies: read in parts, and known by its version.

This is the port between what a shard is (here) and where it lies: on this machine (here as well), or in a bucket (`pictures/remote`).
"""

import io
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from multilabelfy.pictures.shards.failures import unusable

Facts = Any
"""What was found in a shard, as JSON can hold it."""


class ShardFile(Protocol):
    """One file with many pictures in it; as text, where it lies."""

    @property
    def name(self) -> str:
        """The file's own name, whose suffix says what it is."""

    def is_there(self) -> bool:
        """Whether there is such a file. Raises PicturesUnreachable."""

    def version(self) -> Hashable:
        """A key for what is read of the file: it changes with the file. Raises PicturesUnreachable where there is none."""

    def open(self, ahead: int = 0) -> BinaryIO:
        """The file from its beginning, to be closed; whoever reads it in order lets `ahead` bytes be fetched at once.

        It raises OSError or PicturesUnreachable, also while it is read.
        """

    def part(self, begins: int, size: int) -> BinaryIO:
        """A part as a file of its own, to be closed. Raises as `open`."""

    def recalled(self, what: str, find: Callable[[], Facts]) -> Facts:
        """What was found in this version of the file, by this name; it is looked for where no process has kept it."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file of this machine. Looking into it is quick, and nothing is kept."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    @property
    def name(self) -> str:
        """As of every shard."""
        return self.path.name

    def is_there(self) -> bool:
        """As of every shard."""
        return self.path.is_file()

    def version(self) -> Hashable:
        """Its path, size and time."""
        try:
            status = self.path.stat()
        except OSError as error:
            raise unusable(self, "there is no such file" if isinstance(error, FileNotFoundError) else str(error.strerror)) from None
        return str(self.path), status.st_size, status.st_mtime_ns

    def open(self, ahead: int = 0) -> BinaryIO:  # noqa: ARG002 – the system reads ahead
        """As of every shard."""
        return self.path.open("rb")

    def part(self, begins: int, size: int) -> BinaryIO:
        """As of every shard; only what is asked for is read."""
        return io.BufferedReader(_Part(self.path, begins, size))

    def recalled(self, what: str, find: Callable[[], Facts]) -> Facts:  # noqa: ARG002 – nothing is kept
        """Looked for now."""
        return find()


class _Part(io.RawIOBase):
    """A part of a file as a file."""

    def __init__(self, path: Path, begins: int, size: int) -> None:
        self._file, self._begins, self._size, self._at = path.open("rb", buffering=0), begins, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max({io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence] + offset, 0)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        n = max(min(len(buffer), self._size - self._at), 0)
        self._file.seek(self._begins + self._at)
        read = self._file.readinto(memoryview(buffer)[:n]) or 0
        self._at += read
        return read

    def close(self) -> None:
        self._file.close()
        super().close()
