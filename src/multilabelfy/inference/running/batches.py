"""Batches of scores, and the chunks in which they are written.

A `Scorer` gets pictures; a `ScoresFile` already holds what a scorer would give. Both give the same `ScoredBatch`, and whoever takes those
needs no third kind.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from multilabelfy.errors import InvalidScores, MultilabelfyError
from multilabelfy.inference.scorers.scores_file import ScoresFile

Item = TypeVar("Item")

SECONDS_A_CHUNK = 1.0
"""A crash loses at most so much work, and a transaction every second costs next to nothing."""
MOST_ROWS = 1000
MOST_BYTES = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of work, summed over threads: opening and preparing pictures, and scoring them."""

    opening: float = 0.0
    scoring: float = 0.0

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.opening + other.opening, self.scoring + other.scoring)


@dataclass(frozen=True, slots=True)
class ScoredBatch(Generic[Item]):
    """`scores` (len(items), n_columns) as the scorer gave them, unchecked; `unreadable` are the items in between that have no picture.

    `embeddings` (len(items), width) likewise, where they were asked for.
    """

    items: tuple[Item, ...]
    scores: npt.NDArray[Any]
    unreadable: tuple[tuple[Item, MultilabelfyError], ...] = ()
    spent: Spent = Spent()
    embeddings: npt.NDArray[Any] | None = None

    @property
    def n_bytes(self) -> int:
        """The memory of its numbers."""
        return self.scores.nbytes + (0 if self.embeddings is None else self.embeddings.nbytes)


def read_rows(file: ScoresFile, items: Iterable[Item], *, row_of: Callable[[Item], int], batch_size: int) -> Iterator[ScoredBatch[Item]]:
    """Batches from a file of scores; `row_of` says which of its rows is an item's. No picture is opened."""
    for batch in batches(items, batch_size):
        yield ScoredBatch(tuple(batch), file.rows([row_of(item) for item in batch]))


def in_chunks(
    scored: Iterable[ScoredBatch[Item]], seconds: float = SECONDS_A_CHUNK, clock: Callable[[], float] = time.monotonic
) -> Iterator[tuple[ScoredBatch[Item], ...]]:
    """Batches of about a second, to be written together: no more of them once they have `MOST_ROWS` rows or `MOST_BYTES` bytes.

    If scoring breaks off, what was scored before is given first, and the error is raised after that.
    """
    chunk: list[ScoredBatch[Item]] = []
    n_rows, n_bytes, began = 0, 0, clock()
    try:
        for batch in scored:
            chunk.append(batch)
            n_rows, n_bytes = n_rows + len(batch.items) + len(batch.unreadable), n_bytes + batch.n_bytes
            if clock() - began >= seconds or n_rows >= MOST_ROWS or n_bytes >= MOST_BYTES:
                yield tuple(chunk)
                chunk, n_rows, n_bytes, began = [], 0, 0, clock()
    except GeneratorExit:
        raise
    except BaseException:  # Ctrl+C, too
        if chunk:
            yield tuple(chunk)
        raise
    if chunk:
        yield tuple(chunk)


def share_of_a_chunk(batch: ScoredBatch[Item]) -> float:
    """How much of a chunk a batch fills, by its rows or its bytes."""
    return max((len(batch.items) + len(batch.unreadable)) / MOST_ROWS, batch.n_bytes / MOST_BYTES)


def joined(chunk: Sequence[ScoredBatch[Item]]) -> ScoredBatch[Item]:
    """One batch of several. Raises ValueError if their scores have several widths, and InvalidScores if their embeddings have."""
    with_scores = [batch for batch in chunk if batch.items]
    return ScoredBatch(
        items=tuple(item for batch in chunk for item in batch.items),
        scores=np.concatenate([batch.scores for batch in with_scores]) if with_scores else np.zeros((0, 0), dtype=np.float32),
        unreadable=tuple(each for batch in chunk for each in batch.unreadable),
        spent=sum((batch.spent for batch in chunk), Spent()),
        embeddings=_joined([batch.embeddings for batch in with_scores if batch.embeddings is not None]),
    )


def _joined(embeddings: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any] | None:
    if len({each.shape[1:] for each in embeddings}) > 1:
        shapes = " and ".join(sorted({str(each.shape) for each in embeddings}))
        raise InvalidScores(f"Cannot use the scorer's embeddings: they have several widths, {shapes}.")
    return np.concatenate(embeddings) if embeddings else None


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in their order, `size` at once."""
    coming = iter(items)
    while batch := list(islice(coming, size)):
        yield batch
