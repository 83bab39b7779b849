"""Write files as one ZIP archive piece by piece, so that it needs no room on the disk and a browser gets its first bytes at once."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

PIECE = 1 << 20


def zipped(files: Iterable[tuple[Path, str]]) -> Iterator[bytes]:
    """The archive of these files, each with its name in it, in pieces.

    It is complete once its last piece has been read: one that was cut off has no list of contents and cannot be taken for whole.
    """
    pipe = _Pipe()
    with ZipFile(pipe, "w", ZIP_DEFLATED, compresslevel=1) as archive:  # type: ignore[call-overload]  # it writes, and asks for no more
        for file, name in files:
            about = ZipInfo.from_file(file, name)
            about.compress_type = ZIP_DEFLATED
            with file.open("rb") as content, archive.open(about, "w", force_zip64=True) as entry:
                while piece := content.read(PIECE):
                    entry.write(piece)
                    yield pipe.taken()
    yield pipe.taken()


class _Pipe:
    """What an archive writes into, and nobody can seek in."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._written.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """There is nothing behind it."""

    def taken(self) -> bytes:
        """What was written since it was last asked."""
        written, self._written = b"".join(self._written), []
        return written
