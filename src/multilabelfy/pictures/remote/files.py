"""One file of a bucket or of a web server in whose middle pictures lie: a part of it is one request.

Each answer says of which version of the file it is. What was found in a version is kept in the cache, so that other processes need not look
for it again; a file that changes while it is read is named, and read anew when it is next asked for.
"""

import io
import json
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import BinaryIO, cast

from multilabelfy.pictures.cache_files import Cache, is_whole, place_of, write_whole
from multilabelfy.pictures.cache_size import BOUND, asked_for
from multilabelfy.pictures.remote.addresses import RemoteAddress
from multilabelfy.pictures.remote.asking import asked
from multilabelfy.pictures.remote.buckets import object_part
from multilabelfy.pictures.remote.parts import BEYOND, FilePart, Stamp
from multilabelfy.pictures.remote.web_folders import page_part
from multilabelfy.pictures.shards.failures import unusable
from multilabelfy.pictures.shards.files import Facts
from multilabelfy.pictures.shards.kept import Kept

STAMPS_KEPT = 100_000
AT_ONCE_BYTES = 16 << 20
"""What is larger is fetched in several requests, each of which has its time."""
CHANGED = "it was changed while it was read, or answers differ; when it is next read, all of it is read anew"
_STAMPS: Kept[Stamp] = Kept(STAMPS_KEPT, lambda _: 1)


class _Missing(Exception):
    """There is no such file."""


@dataclass(frozen=True)
class RemoteFile:
    """The file of this path below a root, or the root itself where the path is empty. It is of one version: the one that is `known`, or
    else the one that the first answer tells.
    """

    root: RemoteAddress
    relative: str
    seconds: float
    cache: Cache | None = None
    known: Stamp | None = None
    _told: list[Stamp | None] = field(default_factory=list, init=False, repr=False, compare=False)

    def __str__(self) -> str:
        return f"{self.root}/{self.relative}" if self.relative else str(self.root)

    @property
    def name(self) -> str:
        """As of every shard."""
        return (self.relative or self.root.name).rpartition("/")[2]

    @property
    def stamp(self) -> Stamp | None:
        """Which version of the file is there, None where there is none. A process asks once. Raises PicturesUnreachable."""
        if self.known is not None:
            return self.known
        if not self._told:
            try:
                self._told.append(_STAMPS.get((self.root, self.relative), self._first_stamp))
            except _Missing:
                self._told.append(None)
        return self._told[0]

    def is_there(self) -> bool:
        """As of every shard."""
        return self.stamp is not None

    def version(self) -> Hashable:
        """Its address as it is asked for, its size and its tag."""
        return self.root.scheme, self.root.place, self._key(), *self._stamped()

    def open(self, ahead: int = 0) -> BinaryIO:
        """As of every shard; without `ahead`, what is read at once is one request."""
        reader = _Reader(self, self._stamped().n_bytes)
        return cast(BinaryIO, io.BufferedReader(reader, ahead) if ahead else reader)

    def part(self, begins: int, size: int) -> BinaryIO:
        """As of every shard: one request."""
        return io.BytesIO(self.content(begins, size))

    def content(self, begins: int, size: int) -> bytes:
        """These bytes, as many of them as the file has. Raises PicturesUnreachable, also where it is another file by now."""
        stamp = self._stamped()
        part = self._fetched(begins, size)
        if part is None or part.of != stamp:
            _STAMPS.forget((self.root, self.relative))
            raise unusable(self, CHANGED if part is not None else "there is no such file any more")
        return part.content

    def recalled(self, what: str, find: Callable[[], Facts]) -> Facts:
        """As of every shard: kept in the cache, as far as that can be written."""
        if self.cache is None:
            return find()
        token = sha256(json.dumps([what, self.version()]).encode()).hexdigest()[:32]
        place = place_of(self.cache.folder, token, ".json")
        with suppress(OSError, ValueError):  # it was removed meanwhile, or the disk lost it
            if is_whole(place):
                asked_for(place)
                return json.loads(place.read_bytes())
        facts = find()
        with suppress(OSError):  # a full disk, or one that cannot be written
            write_whole(place, lambda part: part.write_text(json.dumps(facts), encoding="ascii"))
            BOUND.grew(self.cache.folder, place.stat().st_size, self.cache.most_bytes)
        return facts

    def _stamped(self) -> Stamp:
        if self.stamp is None:
            raise unusable(self, "there is no such file")
        return self.stamp

    def _first_stamp(self) -> Stamp:
        part = self._fetched(0, 1)
        if part is None:
            raise _Missing
        return part.of

    def _fetched(self, begins: int, size: int) -> FilePart | None:
        fetch = object_part if self.root.is_bucket else page_part
        key = self._key()
        return asked(self.root, lambda: fetch(self.root, key, (begins, begins + size), self.seconds)) if size else BEYOND

    def _key(self) -> str:
        return self.root.key(self.relative) if self.relative else self.root.path


class _Reader(io.RawIOBase):
    """The file from its beginning: each read is a request, or several for much."""

    def __init__(self, file: RemoteFile, n_bytes: int) -> None:
        self._file, self._n_bytes, self._at = file, n_bytes, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max({io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._n_bytes}[whence] + offset, 0)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        n = max(min(len(buffer), self._n_bytes - self._at), 0)
        for begins in range(0, n, AT_ONCE_BYTES):
            ends = min(begins + AT_ONCE_BYTES, n)
            buffer[begins:ends] = self._file.content(self._at + begins, ends - begins)
        self._at += n
        return n
