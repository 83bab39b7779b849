"""A remote root and its pictures: fetched when they are opened, each whole, or out of the middle of a shard."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from multilabelfy.errors import PicturesUnreachable, UnreadablePicture
from multilabelfy.pictures.cache_files import Cache
from multilabelfy.pictures.remote.addresses import RemoteAddress
from multilabelfy.pictures.remote.asking import AT_ONCE, asked, why_left_alone
from multilabelfy.pictures.remote.buckets import fetch_object, list_objects, object_part
from multilabelfy.pictures.remote.failures import Failure, missing, require_extra, unreachable
from multilabelfy.pictures.remote.files import RemoteFile
from multilabelfy.pictures.remote.parts import Stamp
from multilabelfy.pictures.remote.web_folders import fetch_page, page_part
from multilabelfy.pictures.shards.failures import unusable
from multilabelfy.pictures.shards.pictures import ShardPicture
from multilabelfy.pictures.shards.places import is_shard, is_table, shards_on_the_way
from multilabelfy.pictures.shards.tar_shard import place_in

MOST_BYTES = 512 << 20


class Place(NamedTuple):
    """Where a picture lies in an archive: the archive's path, the byte at which the picture begins, its size, and the archive's version.

    Whoever knows it reads the picture without having walked the archive.
    """

    shard: str
    begins: int
    size: int
    of: Stamp


@dataclass(frozen=True)
class RemotePicture:
    """One picture of a remote root. Its content is fetched once, when it is first asked for, and stays with this value."""

    root: "RemoteRoot"
    relative: str
    place: Place | None = None
    _fetched: list[bytes] = field(default_factory=list, init=False, repr=False, compare=False)

    def __str__(self) -> str:
        return f"{self.root}/{self.relative}"

    @property
    def content(self) -> bytes:
        """The file. Raises UnreadablePicture where it is not there or too large, and PicturesUnreachable."""
        if not self._fetched:  # a cached_property of Python 3.11 would let one thread fetch at a time, of all pictures
            self._fetched.append(self.root.fetched(self.relative, self.place))
        return self._fetched[0]

    def part(self, begins: int, size: int) -> bytes:
        """So many bytes of the file from this one on: one request. Raises as `content`."""
        return self.root.part(self.relative, begins, size)


@dataclass(frozen=True)
class RemoteRoot:
    """A folder of a bucket or of a web server, or a shard there, which has `seconds` to answer; `cache` is for what is found in shards."""

    address: RemoteAddress
    seconds: float
    cache: Cache | None = field(default=None, repr=False)
    n_readers: int = field(default=AT_ONCE, repr=False)

    def __str__(self) -> str:
        return str(self.address)

    def picture(self, relative: str, place: Place | None = None) -> RemotePicture:
        """The picture of this name, at its place if that is known; nothing is fetched yet. Raises ForbiddenPath where it leads out."""
        if asked_for := next((shard for shard, _ in self._shards_on_the_way(relative)), relative):
            self.address.key(asked_for)
        return RemotePicture(self, relative, place)

    def place(self, relative: str) -> Place | None:
        """Where a picture lies, if it is in an archive. Raises PicturesUnreachable."""
        for path, name in self._shards_on_the_way(relative):
            shard = self.file(path)
            if not is_table(shard.name) and shard.stamp is not None:
                with suppress(UnreadablePicture):  # said by whoever opens it
                    return Place(path, *place_in(shard, name), shard.stamp)
        return None

    def file(self, relative: str = "") -> RemoteFile:
        """The file of this path, to be read in parts; without a path, the root, which may be a shard itself."""
        return RemoteFile(self.address, relative, self.seconds, self.cache)

    def fetched(self, relative: str, place: Place | None = None) -> bytes:
        """A picture's file. Raises UnreadablePicture, PicturesUnreachable, ForbiddenPath and ExtraMissing."""
        if place is not None:
            return replace(self.file(place.shard), known=place.of).content(place.begins, place.size)
        shards = [(self.file(shard), name) for shard, name in self._shards_on_the_way(relative)]
        for shard, name in shards:
            if shard.is_there():
                with ShardPicture(shard, name).open() as part:
                    return part.read()
        content = self.whole(relative)
        if content is None:
            raise unusable(shards[0][0], "there is no such file") if shards else missing(self.address, relative, "there is no such file")
        if len(content) > MOST_BYTES:
            raise missing(self.address, relative, f"the file is larger than {MOST_BYTES >> 20} MB, as no picture is")
        if not content:
            raise missing(self.address, relative, "the file is empty (0 bytes)")
        return content

    def part(self, relative: str, begins: int, size: int) -> bytes:
        """These bytes of a picture's file. Raises UnreadablePicture, PicturesUnreachable, ForbiddenPath and ExtraMissing."""
        if (place := self.place(relative)) is not None:
            return replace(self.file(place.shard), known=place.of).content(place.begins + begins, size)
        key, fetch = self.address.key(relative), object_part if self.address.is_bucket else page_part
        part = asked(self.address, lambda: fetch(self.address, key, (begins, begins + size), self.seconds))
        if part is None:
            raise missing(self.address, relative, "there is no such file")
        return part.content

    def n_bytes(self, relative: str) -> int | None:
        """By the list of the archive that holds it; of other pictures, only the bucket's list would tell. Raises PicturesUnreachable."""
        place = self.place(relative)
        return None if place is None else place.size

    def whole(self, relative: str) -> bytes | None:
        """A file, None where there is none, more than `MOST_BYTES` of a larger one.

        Raises PicturesUnreachable, ForbiddenPath and ExtraMissing.
        """
        key, fetch = self.address.key(relative), fetch_object if self.address.is_bucket else fetch_page
        return asked(self.address, lambda: fetch(self.address, key, MOST_BYTES, self.seconds))

    def names(self) -> Iterator[str]:
        """What a bucket lists below the root. Raises PicturesUnreachable and ExtraMissing."""
        return (name for name, _ in self.listed())

    def listed(self) -> Iterator[tuple[str, int]]:
        """The same, each name with its file's size in bytes."""
        require_extra(self.address)
        try:
            yield from list_objects(self.address, self.seconds)
        except Failure as failure:
            raise unreachable(self.address, failure.why) from None

    def missing(self, paths: Sequence[str]) -> list[str]:
        """Those of the paths that have no file, by the lists of the bucket and of its shards; none of a web server, which has no list.

        Raises PicturesUnreachable.
        """
        if not self.address.is_bucket:
            return []
        names = frozenset(self.names())
        return [path for path in paths if path not in names and not self._is_in_a_shard(path, names)]

    def why_closed(self) -> str:
        """Why no picture can be read there, after asking anew; empty where nothing speaks against it. A web server lists nothing to see."""
        if not self.address.is_bucket:
            return self.why_left_alone()
        try:
            first = asked(self.address, lambda: list(list_objects(self.address, self.seconds, most=1)))
            return "" if first or (is_shard(self.address.name) and self.file().is_there()) else "it is empty"
        except PicturesUnreachable as error:
            return error.why

    def why_left_alone(self) -> str:
        """Why nothing is asked for now: what happened some seconds ago."""
        return why_left_alone(self.address)

    def _shards_on_the_way(self, relative: str) -> Iterator[tuple[str, str]]:
        """The paths of shards that may hold a picture, an empty one for the root, with the picture's name there."""
        if is_shard(self.address.name):
            yield "", relative
        yield from shards_on_the_way(relative)

    def _is_in_a_shard(self, path: str, names: frozenset[str]) -> bool:
        ways = [(self.file(shard), name) for shard, name in self._shards_on_the_way(path) if not shard or shard in names]
        return any(ShardPicture(shard, name).is_file() for shard, name in ways)
