"""A table of floats in a `.npy` file, read row by row, which somebody may change or shorten meanwhile.

A mapped file would be as fast, but where it is shortened the system ends whoever touches what is gone (SIGBUS): nobody could say why.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

import numpy as np
import numpy.typing as npt

from multilabelfy.errors import InvalidScores, ScorerUnavailable

Table = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class ScoresTable:
    """`shape` is (n_rows, n_columns); the numbers begin `offset` bytes into the file, by columns where it is `by_columns`.

    `looked` is the file's size and its time of change in nanoseconds, as it was opened.
    """

    path: Path
    shape: tuple[int, int]
    dtype: np.dtype[np.floating]
    offset: int
    by_columns: bool
    looked: tuple[int, int]

    def __len__(self) -> int:
        return self.shape[0]

    def rows(self, rows: Sequence[int]) -> Table:
        """(len(rows), n_columns), those that follow one another in one read.

        Raises InvalidScores where the file is not any more what was opened.
        """
        table = np.empty((len(rows), self.shape[1]), dtype=self.dtype)
        try:
            with self.path.open("rb", buffering=0) as file:
                if self.by_columns:
                    self._read_by_columns(file, rows, table)
                else:
                    self._read(file, _in_a_row(rows), table, self.shape[1])
                is_same = _look(os.fstat(file.fileno())) == self.looked  # only now: it may have been written meanwhile
        except OSError as error:
            raise InvalidScores(f"Cannot read on in '{self.path}': {error.strerror}. {self._way_out()}") from None
        if not is_same:
            raise InvalidScores(f"Cannot read on in '{self.path}': it was changed since this run began. {self._way_out()}")
        return table

    def _read(self, file: FileIO, series: Iterable[tuple[int, int, int]], into: Table, width: int) -> None:
        """Each series of pieces of `width` numbers to its place. What lies beyond a shortened file's end stays as it is."""
        n_bytes, every = width * self.dtype.itemsize, into.reshape(-1).view(np.uint8).data
        for place, first, n in series:
            file.seek(self.offset + first * n_bytes)
            left = every[place * n_bytes : (place + n) * n_bytes]
            while left and (n_read := file.readinto(left)):
                left = left[n_read:]

    def _read_by_columns(self, file: FileIO, rows: Sequence[int], into: Table) -> None:
        column, series = np.empty(len(rows), dtype=self.dtype), list(_in_a_row(rows))
        for number in range(self.shape[1]):
            self._read(file, ((place, number * self.shape[0] + row, n) for place, row, n in series), column, 1)
            into[:, number] = column

    def _way_out(self) -> str:
        return "What was read before is kept. Let whoever writes the file finish, or put it back, and run the same command again."


def open_table(path: Path) -> ScoresTable:
    """The table in this `.npy` file. Raises ScorerUnavailable where it cannot be read, InvalidScores where it is no table of floats."""
    try:
        looked = _look(path.stat())
        array = np.load(path, mmap_mode="r", allow_pickle=False)  # touches its first bytes alone
    except (OSError, ValueError, EOFError) as error:
        raise ScorerUnavailable(f"Cannot read the scores in '{path}': {error}. Write them with numpy.save, as plain numbers.") from None
    if not isinstance(array, np.memmap) or array.ndim != 2 or not np.issubdtype(array.dtype, np.floating):
        content = f"{array.dtype} of shape {array.shape}" if isinstance(array, np.ndarray) else "an archive of several arrays"
        raise InvalidScores(f"Cannot use the scores in '{path}': it is {content}, and floats of shape (n_images, n_labels) are wanted.")
    n_rows, n_columns = array.shape
    return ScoresTable(path, (n_rows, n_columns), array.dtype, array.offset, not array.flags.c_contiguous, looked)


def _look(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns


def _in_a_row(rows: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Each series of rows that follow one another: its place among these rows, its first row, and how many they are."""
    numbers = np.asarray(rows, dtype=np.int64)
    begins = np.flatnonzero(np.diff(numbers, prepend=-2) != 1)
    ends = np.append(begins[1:], len(numbers))[: len(begins)]
    return zip(begins.tolist(), numbers[begins].tolist(), (ends - begins).tolist(), strict=True)
