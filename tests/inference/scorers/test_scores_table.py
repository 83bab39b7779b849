"""A table of floats is read by rows, and whoever shortens or changes its file meanwhile is told so instead of killing the process."""

import os
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from multilabelfy.errors import InvalidScores
from multilabelfy.inference.scorers.scores_table import open_table

RANDOM = np.random.default_rng(0)
N_ROWS = 5000


def saved(folder: Path, table: npt.NDArray[np.generic]) -> Path:
    np.save(folder / "scores.npy", table)
    return folder / "scores.npy"


@pytest.mark.parametrize("kind", ["<f4", ">f4", "<f8", "<f2"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_rows_come_in_the_order_asked_for_however_numbers_are_written(tmp_path: Path, kind: str, order: str) -> None:
    table = np.array(RANDOM.random((50, 7)), dtype=kind, order="C" if order == "C" else "F")
    file = open_table(saved(tmp_path, table))

    for rows in (range(50), [3], [4, 5, 6, 2, 1, 0, 49, 49], RANDOM.permutation(50).tolist(), []):
        assert np.array_equal(file.rows(rows), table[list(rows)])


def test_rows_that_follow_one_another_are_one_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = open_table(saved(tmp_path, RANDOM.random((N_ROWS, 10))))
    reads: list[int] = []

    class Counted(FileIO):
        def readinto(self, into: Any) -> int:
            reads.append(len(into) // (10 * 8))
            return super().readinto(into)

    monkeypatch.setattr(Path, "open", lambda path, *_, **__: Counted(path))
    file.rows([*range(1000, 2000), *range(500)])

    assert reads == [1000, 500]


def shortened(file: Path) -> None:
    os.truncate(file, 4096)


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def written_anew(file: Path) -> None:
    np.save(file, np.zeros((N_ROWS, 10)))
    later(file)


def put_in_its_place(file: Path) -> None:
    np.save(file.with_name("new.npy"), np.zeros((N_ROWS, 10)))
    file.with_name("new.npy").replace(file)
    later(file)


def later(file: Path) -> None:
    """Where clocks are coarse, a file written at once after another has its time."""
    times = file.stat()
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns + 1_000_000_000))


@pytest.mark.parametrize("change", [shortened, emptied, written_anew, put_in_its_place])
def test_a_file_that_changes_while_it_is_read_is_named_with_what_to_do(tmp_path: Path, change: Callable[[Path], None]) -> None:
    path = saved(tmp_path, RANDOM.random((N_ROWS, 10)))
    file = open_table(path)
    file.rows(range(1000))

    change(path)

    with pytest.raises(
        InvalidScores, match=r"scores\.npy': it was changed since this run began\. What was read before is kept\. Let whoever"
    ):
        file.rows(range(4000, N_ROWS))


def test_a_file_that_vanishes_is_named(tmp_path: Path) -> None:
    file = open_table(saved(tmp_path, RANDOM.random((3, 2))))
    file.path.unlink()

    with pytest.raises(InvalidScores, match=r"scores\.npy': No such file or directory\. What was read before is kept"):
        file.rows([0])
