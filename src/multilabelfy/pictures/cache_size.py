"""Keep the cache of display sizes within its bound: what was asked for longest ago goes first.

A file's access time says when it was last asked for. It is set here, because many disks do not keep it.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

KEPT = 0.9
"""So much of the bound is left when files are removed, so that it is seldom."""
LOOKED_AFTER = 0.02
"""The folder is looked through again once so much of the bound was written."""
IN_USE_SECONDS = 60.0
"""What was asked for so recently may be on its way to a browser, and stays whatever the bound."""
ASKED_ANEW_SECONDS = 20.0


class CachedFile(NamedTuple):
    """A file with its bytes, and when it was last asked for."""

    asked: float
    n_bytes: int
    path: str


@dataclass
class Bound:
    """What this process wrote into each cache since it last looked it through; a cache that it does not know is looked through at once."""

    written: dict[Path, int] = field(default_factory=dict)
    looking: threading.Lock = field(default_factory=threading.Lock)

    def grew(self, cache: Path, n_bytes: int, most_bytes: int) -> None:
        """After a file was written: remove old ones where the cache may have outgrown its bound. One thread does, the others go on."""
        self.written[cache] = self.written.get(cache, most_bytes) + n_bytes
        if self.written[cache] < most_bytes * LOOKED_AFTER or not self.looking.acquire(blocking=False):
            return
        try:
            self.written[cache] = 0
            trim(cache, most_bytes)
        finally:
            self.looking.release()


BOUND = Bound()


def trim(cache: Path, most_bytes: int) -> int:
    """Remove the files that were asked for longest ago until `KEPT` of the bound is left, if it is exceeded; returns their number."""
    files = sorted(_files(cache))
    n_bytes, n_removed, in_use = sum(file.n_bytes for file in files), 0, time.time() - IN_USE_SECONDS
    if n_bytes <= most_bytes:
        return 0
    for file in files:
        if n_bytes <= most_bytes * KEPT or file.asked > in_use:
            break
        with suppress(OSError):
            os.unlink(file.path)  # noqa: PTH108 – a Path for each of a million files is slow
            n_removed += 1
        n_bytes -= file.n_bytes
    return n_removed


def asked_for(path: Path) -> None:
    """Note that a file was asked for just now; on a disk that cannot be written nothing is noted, and nothing removed either."""
    with suppress(OSError):
        status, now = path.stat(), time.time()
        if status.st_atime < now - ASKED_ANEW_SECONDS:
            os.utime(path, (now, status.st_mtime))


def _files(cache: Path) -> Iterator[CachedFile]:
    """Those in the folders of two hex digits, in which whole files lie."""
    for folder in cache.glob("[0-9a-f][0-9a-f]"):
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                with suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    yield CachedFile(status.st_atime, status.st_size, entry.path)
