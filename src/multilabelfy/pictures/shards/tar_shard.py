"""Read pictures out of a tar archive where they lie in it: nothing is unpacked, and only what is asked for is read.

An archive has no table of contents. It is walked once, from header to header, and where its members begin is kept: in memory, and of an
archive elsewhere in the cache, too. WebDataset's form of archives (https://github.com/webdataset/webdataset) is what they hold; here an
archive is names with places.
"""

import io
import tarfile
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, NamedTuple, cast

from multilabelfy.pictures.shards.failures import missing, unusable
from multilabelfy.pictures.shards.files import ShardFile
from multilabelfy.pictures.shards.kept import Kept

MOST_MEMBERS = 500_000
"""Of one archive, whose places take 100 MB then."""
MOST_KEPT = 1_000_000
"""So many places of all archives are kept in a process."""
MOST_BYTES = 512 << 20
"""No picture is larger."""
PIECE = 1 << 20
AHEAD = 8 << 20
"""So much of an archive elsewhere is fetched at once while it is walked: what lies between headers is fetched, too, unless it is larger."""
PLACES = "places-1"
"""Under this name places are kept; another form of them needs another name."""
COMPRESSED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}


class Member(NamedTuple):
    """A member that is no folder: its name, the byte at which its content begins, its size, and whether it is a file and no link.

    `content` is what it holds, at most a megabyte, if whoever walks wants it.
    """

    name: str
    begins: int
    size: int
    is_file: bool
    content: bytes = b""


Places = Mapping[str, tuple[int, int]]
"""Where the content of each file begins, and its size."""
_PLACES: Kept[Places] = Kept(MOST_KEPT, len)


def members(shard: ShardFile, wants_content: Callable[[str], bool] = lambda _: False) -> Iterator[Member]:
    """The members in their order, the content of those whose name is wanted with them. Who walks to the end keeps the places by it.

    Raises PicturesUnreachable where the archive is damaged, did not arrive whole, or is compressed.
    """
    version, places = shard.version(), dict[str, tuple[int, int]]()
    for member in _walk(shard, wants_content):
        if member.is_file:
            places[member.name] = member.begins, member.size
        yield member
    _PLACES.get(version, lambda: places)
    shard.recalled(PLACES, lambda: places)


def _walk(shard: ShardFile, wants_content: Callable[[str], bool]) -> Iterator[Member]:
    try:
        with shard.open(AHEAD) as file:
            n_bytes = file.seek(0, io.SEEK_END)
            if kind := _compression(file):
                raise unusable(shard, f"it is compressed ({kind}), and a picture in its middle could not be read: decompress it first")
            with tarfile.open(fileobj=cast(BinaryIO, _Headers(file)), mode="r:") as archive:
                for number, info in enumerate(iter(archive.next, None)):
                    archive.members.clear()  # type: ignore[attr-defined]  # it would keep all
                    _check(shard, info, number, n_bytes)
                    if not info.isdir():
                        yield _member(file, info, wants_content)
                _check_end(shard, file, archive.offset)
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise unusable(shard, f"it is no tar archive, or is damaged or did not arrive whole ({error})") from None
    except OSError as error:
        raise unusable(shard, str(error.strerror or error)) from None


def _member(file: BinaryIO, info: tarfile.TarInfo, wants_content: Callable[[str], bool]) -> Member:
    name, is_file, content = info.name.removeprefix("./"), info.isreg() and not info.issparse(), b""
    if is_file and wants_content(name):
        file.seek(info.offset_data)
        content = file.read(min(info.size, PIECE))
    return Member(name, info.offset_data, info.size, is_file, content)


def open_member(shard: ShardFile, name: str) -> BinaryIO:
    """A member's content as a file of its own, to be closed. Raises UnreadablePicture and PicturesUnreachable."""
    return shard.part(*place_in(shard, name))


def place_in(shard: ShardFile, name: str) -> tuple[int, int]:
    """Where a member's content begins, and its size, which is that of a picture. Raises UnreadablePicture and PicturesUnreachable."""
    place = _places(shard).get(name)
    if place is None:
        raise missing(shard, name, "the archive has no such file")
    if not place[1]:
        raise missing(shard, name, "the file is empty (0 bytes)")
    if place[1] > MOST_BYTES:
        raise missing(shard, name, f"the file is larger than {MOST_BYTES >> 20} MB, as no picture is")
    return place


def has_member(shard: ShardFile, name: str) -> bool:
    """Whether the archive has this file. Raises PicturesUnreachable."""
    return name in _places(shard)


def _places(shard: ShardFile) -> Places:
    return _PLACES.get(shard.version(), lambda: _recalled(shard))


def _recalled(shard: ShardFile) -> Places:
    places = shard.recalled(PLACES, lambda: _walked(shard))
    return {name: (begins, size) for name, (begins, size) in places.items()}


def _walked(shard: ShardFile) -> Places:
    return {member.name: (member.begins, member.size) for member in _walk(shard, lambda _: False) if member.is_file}


def _compression(file: BinaryIO) -> str:
    file.seek(0)
    start = file.read(6)
    file.seek(0)
    return next((kind for magic, kind in COMPRESSED.items() if start.startswith(magic)), "")


def _check(shard: ShardFile, info: tarfile.TarInfo, number: int, n_bytes: int) -> None:
    if number >= MOST_MEMBERS:
        raise unusable(shard, f"it has more than {MOST_MEMBERS:,} files: split it into shards")
    if info.size < 0:
        raise unusable(shard, f"it is damaged: '{info.name}' has a size below zero")
    if info.isreg() and info.offset_data + info.size > n_bytes:
        raise unusable(shard, f"it did not arrive whole: it ends within '{info.name}'")


def _check_end(shard: ShardFile, file: BinaryIO, end: int) -> None:
    """Behind the last member there is nothing but zeros, and there are some: `tarfile` takes any other end for one as well."""
    file.seek(end)
    if not (piece := file.read(tarfile.BLOCKSIZE)):
        raise unusable(shard, "it did not arrive whole: the mark of its end is missing")
    while piece:
        if piece.strip(b"\0"):
            raise unusable(shard, f"it is damaged at byte {end:,}, or something else was joined to its end")
        piece = file.read(PIECE)


class _Headers:
    """What `tarfile` reads of an archive, whose headers tell how much: no header, and no long name in one, is larger than a piece."""

    def __init__(self, file: BinaryIO) -> None:
        self.tell, self.seek, self._read = file.tell, file.seek, file.read

    def read(self, n: int) -> bytes:
        if n > PIECE:
            raise ValueError(f"a header of {n:,} bytes")
        return self._read(n)
