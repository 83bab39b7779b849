"""Memory that was freed is used again without the system."""

import platform
import resource

import numpy as np
import pytest

from multilabelfy.inference.processor import freed_memory_reused

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
