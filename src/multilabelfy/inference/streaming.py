"""Turn images into batches of scores: decoding threads prepare ahead while the batch before is scored, with a bounded number in memory.

A `Scorer` gets pictures; a `ScoresFile` already holds what a scorer would give, so it skips the pictures and joins here. Both give the
same `ScoredBatch`, and whoever takes those needs no third kind.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
from PIL.Image import Image as Picture

from multilabelfy.errors import ForbiddenPath, MultilabelfyError, ScorerFailed, UnreadablePicture
from multilabelfy.inference.processor import freed_memory_reused
from multilabelfy.inference.scores_file import ScoresFile
from multilabelfy.proposals.model import Scorer

Item = TypeVar("Item")

BATCHES_AHEAD = 2


@dataclass(frozen=True, slots=True)
class ScoredBatch(Generic[Item]):
    """`scores` (len(items), n_columns) as the scorer gave them, unchecked; `unreadable` are the items in between that have no picture."""

    items: tuple[Item, ...]
    scores: npt.NDArray[Any]
    unreadable: tuple[tuple[Item, MultilabelfyError], ...] = ()


@dataclass(frozen=True, slots=True)
class _Prepared(Generic[Item]):
    """An item with its prepared picture, or with the error that says why there is none."""

    item: Item
    outcome: npt.NDArray[Any] | MultilabelfyError


def score_pictures(
    scorer: Scorer,
    items: Iterable[Item],
    *,
    open_item: Callable[[Item], Picture],
    name_of: Callable[[Item], str],
    batch_size: int,
    n_threads: int,
) -> Iterator[ScoredBatch[Item]]:
    """Score the items' pictures in their order, `batch_size` at once.

    `open_item` and the scorer's `prepare` run on `n_threads` threads; at most three batches of prepared pictures exist at a time, however
    many items there are. An item whose picture is unreadable is handed on as such. Raises ScorerFailed where the scorer itself breaks.
    """

    def prepared(item: Item) -> _Prepared[Item]:
        try:
            picture = open_item(item)
        except (UnreadablePicture, ForbiddenPath) as error:
            return _Prepared(item, error)
        except MemoryError:
            why = "there is not enough memory to decode it"
            return _Prepared(item, UnreadablePicture(f"Cannot open the picture '{name_of(item)}': {why}.", why))
        with _blamed(f"prepare '{name_of(item)}'"):
            return _Prepared(item, np.asarray(scorer.prepare(picture)))

    with freed_memory_reused(), _threads(n_threads) as pool:
        for batch in _batches(_ahead(pool, prepared, items, BATCHES_AHEAD * batch_size), batch_size):
            scored = _scored(scorer, batch, name_of)
            batch.clear()  # what was scored is let go before more is prepared
            yield scored


def read_rows(file: ScoresFile, items: Iterable[Item], *, row_of: Callable[[Item], int], batch_size: int) -> Iterator[ScoredBatch[Item]]:
    """The same batches from a file of scores; `row_of` says which of its rows is an item's. No picture is opened."""
    for batch in _batches(items, batch_size):
        yield ScoredBatch(tuple(batch), file.rows([row_of(item) for item in batch]))


def _scored(scorer: Scorer, batch: Sequence[_Prepared[Item]], name_of: Callable[[Item], str]) -> ScoredBatch[Item]:
    unreadable = tuple((each.item, each.outcome) for each in batch if isinstance(each.outcome, MultilabelfyError))
    readable = [(each.item, each.outcome) for each in batch if not isinstance(each.outcome, MultilabelfyError)]
    if not readable:
        return ScoredBatch((), np.zeros((0, 0), dtype=np.float32), unreadable)
    items = tuple(item for item, _ in readable)
    with _blamed(f"score {len(items)} images from '{name_of(items[0])}' on"):
        scores = np.asarray(scorer.score(_stacked([array for _, array in readable])))
    return ScoredBatch(items, scores, unreadable)


def _stacked(arrays: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    shapes = {array.shape for array in arrays}
    if len(shapes) > 1:
        raise ScorerFailed(f"`prepare` gives arrays of several shapes, {' and '.join(map(str, sorted(shapes)))}: a batch needs one.")
    return np.stack(arrays)


def _ahead(
    pool: ThreadPoolExecutor, work: Callable[[Item], _Prepared[Item]], items: Iterable[Item], n_ahead: int
) -> Iterator[_Prepared[Item]]:
    """The work's results in the items' order, at most `n_ahead` begun and not yet taken."""
    waiting: deque[Future[_Prepared[Item]]] = deque()
    coming = iter(items)
    waiting.extend(pool.submit(work, item) for item in islice(coming, n_ahead))
    while waiting:
        done = waiting.popleft().result()
        waiting.extend(pool.submit(work, item) for item in islice(coming, 1))
        yield done


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    coming = iter(items)
    while batch := list(islice(coming, size)):
        yield batch


@contextmanager
def _threads(n_threads: int) -> Iterator[ThreadPoolExecutor]:
    """A pool that, whatever ends the work, drops what has not begun: an interrupted run ends at once."""
    pool = ThreadPoolExecutor(n_threads, thread_name_prefix="decode")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _blamed(attempt: str) -> Iterator[None]:
    """Whatever a scorer raises becomes a ScorerFailed that says what was tried; our own errors stay what they are."""
    try:
        yield
    except MultilabelfyError:
        raise
    except Exception as error:  # a scorer may be a person's own code
        raise ScorerFailed(f"The scorer failed to {attempt}: {type(error).__name__}: {error}") from error
