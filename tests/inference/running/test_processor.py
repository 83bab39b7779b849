"""The machine's cores are counted and shared as they are given, and freed memory is used again without the system."""

import os
import platform
import resource
from pathlib import Path

import numpy as np
import pytest
import torch

from multilabelfy.inference.running.processor import freed_memory_reused, n_cores, one_core_a_thread

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


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="only Linux says on which cores a process runs")
@pytest.mark.parametrize(("quota", "n"), [("100000 100000", 1), ("50000 100000", 1), ("max 100000", None), ("6400000 100000", None)])
def test_a_containers_quota_bounds_the_cores(quota: str, n: int | None, tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text(quota)
    all_of_them = len(os.sched_getaffinity(0))

    assert n_cores(tmp_path / "cpu.max") == min(n or all_of_them, all_of_them)
    assert n_cores(tmp_path / "none") == all_of_them


def test_torch_has_one_core_a_thread_and_its_own_number_again_afterwards() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        with one_core_a_thread() as begin:
            begin()
            assert torch.get_num_threads() == 1
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)
