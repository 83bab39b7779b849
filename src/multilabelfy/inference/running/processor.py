"""The machine that scores: how many cores it gives, how engines share them, and what becomes of freed memory."""

import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

QUOTA = Path("/sys/fs/cgroup/cpu.max")
# Parameters of glibc's mallopt(3).
TRIM_THRESHOLD = -1
MMAP_THRESHOLD = -3
MIB = 2**20
KEPT = 1024 * MIB
USUAL_MMAP, USUAL_TRIM = 32 * MIB, 64 * MIB
"""The most that glibc's own adjusting reaches."""


def n_cores(quota_file: Path = QUOTA) -> int:
    """How many cores this process may use: those that the system runs it on, or fewer where its container has a quota of time."""
    n = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with suppress(OSError, ValueError):
        quota, period = map(int, quota_file.read_text().split())  # "max 100000" where there is none: a ValueError
        n = min(n, max(1, round(quota / period)))
    return n


def has_accelerator() -> bool:
    """Whether torch is in use here and sees a device beside the processor, which a person's own scorer may use."""
    torch = _torch()
    return torch is not None and bool(torch.cuda.is_available() or torch.backends.mps.is_available())


@contextmanager
def one_core_a_thread() -> Iterator[Callable[[], None]]:
    """What every thread that scores calls first, so that torch begins no threads of its own in it; afterwards torch is as before."""
    torch = _torch()
    if torch is None:
        yield lambda: None
        return
    before = torch.get_num_threads()
    try:
        yield lambda: torch.set_num_threads(1)
    finally:
        torch.set_num_threads(before)


@contextmanager
def freed_memory_reused() -> Iterator[None]:
    """Meanwhile freed memory stays with the process, and is given back at the end; nothing is done where the allocator is not glibc's.

    glibc gives every freed array of more than 32 MiB back to the system at once. A batch's activations are as large, so each layer's output
    would be paged in anew, at about the price of the network itself.
    """
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


def _torch() -> Any:
    """The module where somebody has imported it, else None: nobody waits seconds for an engine that is not asked for."""
    return sys.modules.get("torch")
