"""Where the pictures of a dataset lie: a folder or a shard of this machine, a folder of a bucket or of a web server, read through one port.

A root is what the command line named and the database keeps. Whoever wants a picture asks its root for it, and gives what comes back to
`opening` or `display`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from multilabelfy.errors import ForbiddenPath, NoPictures
from multilabelfy.pictures.cache_files import Cache
from multilabelfy.pictures.paths import inside
from multilabelfy.pictures.remote.addresses import RemoteAddress, remote_address
from multilabelfy.pictures.remote.pictures import RemotePicture, RemoteRoot
from multilabelfy.pictures.shards.files import LocalFile
from multilabelfy.pictures.shards.pictures import ShardPicture
from multilabelfy.pictures.shards.places import in_shard

SECONDS = 30.0
"""How long a remote root may take to answer, unless a setting says otherwise."""

StoredPicture = Path | RemotePicture | ShardPicture
"""A picture that can be opened."""


class PictureRoot(Protocol):
    """The folder of a dataset's pictures."""

    @property
    def n_readers(self) -> int:
        """On how many threads reading it is quick."""

    def picture(self, relative: str) -> StoredPicture:
        """The picture of a POSIX path below the root. Raises ForbiddenPath where the path leads out."""

    def n_bytes(self, relative: str) -> int | None:
        """The size of a picture's file, if it is known without reading. Raises OSError, UnreadablePicture, PicturesUnreachable."""

    def why_closed(self) -> str:
        """Why none of its pictures can be read now; empty where they can."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this machine, with or without shards in it, or a single shard."""

    path: Path
    n_readers: int = 4  # beyond a core each, they wait for the disk

    def __str__(self) -> str:
        return str(self.path)

    def picture(self, relative: str) -> Path | ShardPicture:
        """The file, with links followed, or the picture in a shard. Raises ForbiddenPath."""
        packed = in_shard(self.path, relative)
        return inside(self.path, relative) if packed is None else ShardPicture(LocalFile(packed[0]), packed[1])

    def n_bytes(self, relative: str) -> int | None:
        """By the file system, or by the list of the shard; None for a row of a table. Raises as every root does."""
        packed = in_shard(self.path, relative)
        return (self.path / relative).stat().st_size if packed is None else ShardPicture(LocalFile(packed[0]), packed[1]).n_bytes()

    def why_closed(self) -> str:
        """Whether its disk is gone."""
        if not self.path.exists():
            return "it is not there"
        return "" if self.path.is_file() or any(self.path.iterdir()) else "it is empty"


@dataclass(frozen=True, slots=True)
class Nowhere:
    """The root of a dataset that was imported without pictures: nothing lies below it."""

    n_readers: int = 1

    def __str__(self) -> str:
        return "nowhere"

    def picture(self, relative: str) -> StoredPicture:  # noqa: ARG002 – whichever it is
        """Raises NoPictures."""
        raise NoPictures

    def n_bytes(self, relative: str) -> int | None:  # noqa: ARG002 – as above
        """None."""
        return None

    def why_closed(self) -> str:
        """That there are none."""
        return "it was imported without pictures"


def root_at(written: str | Path | RemoteAddress, seconds: float = SECONDS, cache: Cache | None = None) -> PictureRoot:
    """The root of this path or address; `cache` is for what is found in remote shards.

    An empty text is the root of a dataset without pictures. Raises InvalidInput for an address that names none.
    """
    if written == "":
        return Nowhere()
    address = written if isinstance(written, RemoteAddress) else remote_address(str(written))
    return Folder(Path(str(written))) if address is None else RemoteRoot(address, seconds, cache)


def missing_among(root: PictureRoot, paths: Sequence[str]) -> list[str]:
    """Those of the paths that have no file, as far as it is told without reading each: a web server is not asked.

    Raises PicturesUnreachable.
    """
    if isinstance(root, Nowhere):
        return list(paths)
    if isinstance(root, Folder):
        return [path for path in paths if not _is_file(root, path)]
    return root.missing(paths) if isinstance(root, RemoteRoot) else []


def _is_file(root: Folder, path: str) -> bool:
    try:
        return root.picture(path).is_file()
    except ForbiddenPath:
        return False
