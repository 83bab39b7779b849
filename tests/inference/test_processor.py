"""Decoding threads leave the cores to the network, and memory that was freed is used again without the system."""

import platform
import resource
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from multilabelfy.inference.processor import freed_memory_reused, give_each_one_torch_thread

PAGE = resource.getpagesize()
N_BYTES = 64 * 2**20


def pages_for_an_array() -> int:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    np.ones(N_BYTES, dtype=np.uint8)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc's allocator is told to keep what was freed")
def test_an_array_made_again_takes_the_memory_of_the_one_before() -> None:
    with freed_memory_reused():
        pages_for_an_array()
        again = pages_for_an_array()

    assert again < N_BYTES // PAGE // 10


def test_every_decoding_thread_has_one_torch_thread_and_the_caller_keeps_its_own() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        with ThreadPoolExecutor(2) as pool:
            give_each_one_torch_thread(pool, 2)
            both_busy = threading.Barrier(2)

            def n_threads() -> int:
                both_busy.wait()
                return int(torch.get_num_threads())

            found = [asked.result() for asked in [pool.submit(n_threads), pool.submit(n_threads)]]

        assert (found, torch.get_num_threads()) == ([1, 1], 3)
    finally:
        torch.set_num_threads(before)
