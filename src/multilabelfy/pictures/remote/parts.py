"""A part of a remote file, as it arrives, and of which version of the file it is."""

from typing import NamedTuple

from multilabelfy.pictures.remote.failures import Failure


class Stamp(NamedTuple):
    """A file's size in bytes, and what the bucket or the server calls this version of it (an ETag, or else a date; empty where neither)."""

    n_bytes: int
    tag: str


class FilePart(NamedTuple):
    """The content, and the version of the whole file that it is of."""

    content: bytes
    of: Stamp


BEYOND = FilePart(b"", Stamp(0, ""))
"""What is told of a file that has no such part: it is empty, or has become shorter."""


def stamp_of(content_range: str, tag: str) -> Stamp:
    """The version of a file by an answer's headers (RFC 9110, 14.4: `bytes 0-99/1234`). Raises Failure where they tell no size."""
    n_bytes = content_range.rpartition("/")[2]
    if not (n_bytes.isascii() and n_bytes.isdigit()):
        raise Failure("it gives no parts of files, and does not say how large they are: copy the shards to a folder of this machine")
    return Stamp(int(n_bytes), tag)


def whole_part(part: FilePart, begins: int, ends: int) -> FilePart:
    """The part, if it has all bytes of the file from `begins` to `ends`. Raises Failure."""
    if len(part.content) != max(min(ends, part.of.n_bytes) - begins, 0):
        raise Failure("an answer did not arrive whole", may_pass=True)
    return part
