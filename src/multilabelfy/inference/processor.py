"""Leave the processor to the network: decoding threads start no threads of their own, and memory that was freed is used again.

Both matter most where there are few cores. A `prepare` written with torch would let every decoding thread have torch's whole team of
threads, all of them spinning against the one that scores. And glibc gives every freed array of more than 32 MiB back to the system at
once: a batch's activations are as large, so each layer's output would be paged in anew, at about the price of the network itself.
"""

import ctypes
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

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


def give_each_one_torch_thread(pool: ThreadPoolExecutor, n_threads: int) -> None:
    """Start the pool's threads, for each of which torch computes on that thread alone; the calling thread keeps its number.

    Nothing is done where torch is not loaded. torch keeps the number by thread, but hands the last one set to MKL for all: hence the order.
    """
    torch = sys.modules.get("torch")
    if torch is None:
        return
    n_before = torch.get_num_threads()
    all_set = Barrier(n_threads + 1)

    def begin() -> None:
        torch.get_num_threads()  # a thread's first call takes over the number of all, also one after `set_num_threads`
        torch.set_num_threads(1)
        all_set.wait()  # so that no thread begins twice

    try:
        for _ in range(n_threads):
            pool.submit(begin)
        all_set.wait()
    except BaseException:
        all_set.abort()
        raise
    finally:
        torch.set_num_threads(n_before)


def decoding_and_torch_each_fill_the_processor(n_threads: int) -> bool:
    """Whether torch computes on the processor, there being nothing else, with no more threads than decode: then they take turns."""
    torch = sys.modules.get("torch")
    if torch is None or torch.cuda.is_available() or torch.backends.mps.is_available():
        return False
    return bool(n_threads >= torch.get_num_threads())


def _set_thresholds(libc: ctypes.CDLL, mmap: int, trim: int) -> None:
    libc.mallopt(MMAP_THRESHOLD, mmap)
    libc.mallopt(TRIM_THRESHOLD, trim)
