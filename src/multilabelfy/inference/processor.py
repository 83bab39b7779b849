"""Use freed memory again while a network scores on the processor.

glibc gives every freed array of more than 32 MiB back to the system at once. A batch's activations are as large, so each layer's output
would be paged in anew, at about the price of the network itself.
"""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# Parameters of glibc's mallopt(3).
TRIM_THRESHOLD = -1
MMAP_THRESHOLD = -3
MIB = 2**20
KEPT = 1024 * MIB
USUAL_MMAP, USUAL_TRIM = 32 * MIB, 64 * MIB
"""The most that glibc's own adjusting reaches."""


@contextmanager
def freed_memory_reused() -> Iterator[None]:
    """Meanwhile freed memory stays with the process, and is given back at the end; nothing is done where the allocator is not glibc's."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    if libc is None or not hasattr(libc, "mallopt") or not hasattr(libc, "malloc_trim"):
        yield
        return
    _set_thresholds(libc, KEPT, KEPT)
    try:
        yield
    finally:
        _set_thresholds(libc, USUAL_MMAP, USUAL_TRIM)
        libc.malloc_trim(0)


def _set_thresholds(libc: ctypes.CDLL, mmap: int, trim: int) -> None:
    libc.mallopt(MMAP_THRESHOLD, mmap)
    libc.mallopt(TRIM_THRESHOLD, trim)
