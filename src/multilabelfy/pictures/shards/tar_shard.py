"""Read pictures out of a tar archive where they lie in it: nothing is unpacked, and only what is asked for is read.

An archive has no table of contents. It is walked once, from header to header, and where its members begin is kept in memory. WebDataset's
form of archives (https://github.com/webdataset/webdataset) is what they hold; here an archive is names with places.
"""

import io
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

from multilabelfy.pictures.shards.failures import missing, unusable
from multilabelfy.pictures.shards.kept import Kept, version_of

MOST_MEMBERS = 500_000
"""Of one archive, whose places take 100 MB then."""
MOST_KEPT = 1_000_000
"""So many places of all archives are kept in a process."""
MOST_BYTES = 512 << 20
"""No picture is larger."""
PIECE = 1 << 20
COMPRESSED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}


class Member(NamedTuple):
    """A member that is no folder: its name, the byte at which its content begins, its size, and whether it is a file and no link."""

    name: str
    begins: int
    size: int
    is_file: bool


_PLACES: Kept[Mapping[str, tuple[int, int]]] = Kept(MOST_KEPT, len)


def members(shard: Path) -> Iterator[Member]:
    """The members in their order. Raises PicturesUnreachable where the archive is damaged, did not arrive whole, or is compressed."""
    try:
        with shard.open("rb") as file:
            if kind := _compression(file):
                raise unusable(shard, f"it is compressed ({kind}), and a picture in its middle could not be read: decompress it first")
            with tarfile.open(fileobj=file, mode="r:") as archive:
                n_bytes = shard.stat().st_size
                for number, info in enumerate(iter(archive.next, None)):
                    archive.members.clear()  # type: ignore[attr-defined]  # it would keep all
                    _check(shard, info, number, n_bytes)
                    if not info.isdir():
                        yield Member(info.name.removeprefix("./"), info.offset_data, info.size, info.isreg() and not info.issparse())
                _check_end(shard, file, archive.offset)
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise unusable(shard, f"it is no tar archive, or is damaged or did not arrive whole ({error})") from None
    except OSError as error:
        raise unusable(shard, str(error.strerror or error)) from None


def open_member(shard: Path, name: str) -> BinaryIO:
    """A member's content as a file of its own, to be closed. Raises UnreadablePicture and PicturesUnreachable."""
    place = _places(shard).get(name)
    if place is None:
        raise missing(shard, name, "the archive has no such file")
    begins, size = place
    if not size:
        raise missing(shard, name, "the file is empty (0 bytes)")
    if size > MOST_BYTES:
        raise missing(shard, name, f"the file is larger than {MOST_BYTES >> 20} MB, as no picture is")
    return io.BufferedReader(_Part(shard, begins, size))


def has_member(shard: Path, name: str) -> bool:
    """Whether the archive has this file. Raises PicturesUnreachable."""
    return name in _places(shard)


def _places(shard: Path) -> Mapping[str, tuple[int, int]]:
    return _PLACES.get(version_of(shard), lambda: _walked(shard))


def _walked(shard: Path) -> Mapping[str, tuple[int, int]]:
    return {member.name: (member.begins, member.size) for member in members(shard) if member.is_file}


def _compression(file: BinaryIO) -> str:
    start = file.read(6)
    file.seek(0)
    return next((kind for magic, kind in COMPRESSED.items() if start.startswith(magic)), "")


def _check(shard: Path, info: tarfile.TarInfo, number: int, n_bytes: int) -> None:
    if number >= MOST_MEMBERS:
        raise unusable(shard, f"it has more than {MOST_MEMBERS:,} files: split it into shards")
    if info.isreg() and info.offset_data + info.size > n_bytes:
        raise unusable(shard, f"it did not arrive whole: it ends within '{info.name}'")


def _check_end(shard: Path, file: BinaryIO, end: int) -> None:
    """Behind the last member there is nothing but zeros, and there are some: `tarfile` takes any other end for one as well."""
    file.seek(end)
    if not (piece := file.read(tarfile.BLOCKSIZE)):
        raise unusable(shard, "it did not arrive whole: the mark of its end is missing")
    while piece:
        if piece.strip(b"\0"):
            raise unusable(shard, f"it is damaged at byte {end:,}, or something else was joined to its end")
        piece = file.read(PIECE)


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
