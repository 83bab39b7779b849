"""On a device a batch grows as long as that pays, and shrinks where memory runs out."""

import errno
import os

import pytest

from multilabelfy.inference.running.batch_size import MOST, MOST_BYTES, BatchSize, is_out_of_memory


def after(size: BatchSize, *seconds: float, n_bytes: int = 1) -> int:
    """The size after batches of it that took so long each."""
    for each in seconds:
        size.took(size.size, each, n_bytes)
    return size.size


def test_it_doubles_while_a_doubled_batch_scores_more_a_second_and_goes_back_once_it_does_not() -> None:
    size = BatchSize(8, may_grow=True)

    assert after(size, 9.0) == 8  # the first one is no measure
    assert after(size, 1.0) == 16  # 8 a second
    assert after(size, 1.0) == 32  # 16 a second
    assert after(size, 1.9) == 16  # 16.8 a second: not worth it
    assert after(size, 0.1) == 16


def test_it_stays_where_it_may_not_grow_and_where_a_batch_was_not_full() -> None:
    assert after(BatchSize(8), 1.0, 1.0, 1.0) == 8
    size = BatchSize(8, may_grow=True)
    for _ in range(3):
        size.took(5, 1.0, 1)
    assert size.size == 8


def test_it_is_bounded_in_pictures_and_in_bytes() -> None:
    assert after(BatchSize(MOST, may_grow=True), 1.0, 1.0) == MOST
    assert after(BatchSize(8, may_grow=True), 1.0, 1.0, n_bytes=MOST_BYTES) == 8


def test_where_memory_runs_out_it_is_halved_and_grows_no_more() -> None:
    size = BatchSize(32, may_grow=True)

    assert [size.ran_out(32), size.ran_out(16), size.ran_out(1)] == [16, 8, 1]
    assert after(size, 1.0, 1.0, 1.0) == 1


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError("Failed to allocate memory for requested buffer of size 1073741824"),
        RuntimeError(
            "[enforce fail at alloc_cpu.cpp:121] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 4398046511104 "
            "bytes. Error code 12 (Cannot allocate memory)"
        ),
        OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)),
    ],
)
def test_engines_say_in_their_own_words_that_memory_ran_out(error: Exception) -> None:
    assert is_out_of_memory(error)
    assert not is_out_of_memory(RuntimeError("no kernel"))
