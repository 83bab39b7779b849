"""Turn images into batches of scores, in the manner that suits the scorer, with a bounded number of pictures in memory.

On a processor, threads that each open, prepare and score their own pictures keep every core busy: decoders, ONNX Runtime and torch let
other threads run meanwhile, and one thread a core has nobody to wait for. Where a scorer's `score` may not be called on several threads,
decoding and scoring take turns instead, each on all cores: side by side they would fight for these. Beside an accelerator, threads decode
ahead, one brings the next batch to the device and one scores, while whoever asked ranks and stores what was scored before.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from itertools import islice
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
from PIL.Image import Image as Picture

from multilabelfy.errors import CommandOption, ForbiddenPath, MultilabelfyError, ScorerFailed, UnreadablePicture, WayOut
from multilabelfy.inference.running.batch_size import BatchSize, is_out_of_memory
from multilabelfy.inference.running.batches import ScoredBatch, Spent, batches, share_of_a_chunk
from multilabelfy.inference.running.beside import beside
from multilabelfy.inference.running.blaming import blamed
from multilabelfy.inference.running.processor import freed_memory_reused, has_accelerator, n_cores, one_core_a_thread
from multilabelfy.inference.running.threads import in_order, threads
from multilabelfy.inference.running.trying import Prepared, tried
from multilabelfy.pictures.likeness import CLEAR
from multilabelfy.plurals import counted
from multilabelfy.proposals.model import Scorer, embedder_of

Item = TypeVar("Item")

JOBS_AHEAD = 16
BATCHES_AHEAD = 2
"""Beside a device, so many batches of pictures are prepared before their turn."""
CHUNKS_AHEAD = 2
"""So many chunks may wait, scored, while one is stored: of small batches hundreds are scored meanwhile."""
PICTURES_IN_TURN = 4
DECODERS = 4
SMALLER = (
    WayOut("use a smaller model"),
    WayOut("a device with more memory"),
    WayOut("{} where several threads score on a processor", CommandOption("decode_threads", "1")),
)
NO_ROOM = (
    "There is not enough memory to decode the picture '{}', not even by itself. Let fewer threads decode (`--decode-threads 1`) or free "
    "memory; with a lower max_megapixels, pictures as large as this one are put aside. What was done so far is kept, and the same command "
    "goes on."
)


class Manner(Enum):
    """How decoding and scoring share the machine."""

    TOGETHER = auto()  # each thread decodes and scores
    IN_TURNS = auto()  # all threads decode, then one scores
    AHEAD = auto()  # threads decode while one scores on a device


USUAL_BATCH = {Manner.TOGETHER: 1, Manner.IN_TURNS: 4, Manner.AHEAD: 8}
"""On a processor the activations of few pictures stay in its cache: bigger batches are slower."""


_Scored = tuple[npt.NDArray[Any], npt.NDArray[Any] | None]


@dataclass(frozen=True, slots=True)
class _Placed(Generic[Item]):
    """A batch where the scorer wants it, with the seconds that this took from opening on; `pictures` is None if none is readable."""

    items: tuple[Item, ...]
    pictures: Any
    unreadable: tuple[tuple[Item, MultilabelfyError], ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class _Work(Generic[Item]):
    """What is done with items: open their pictures, prepare and score them."""

    scorer: Scorer
    open_item: Callable[[Item], Picture]
    name_of: Callable[[Item], str]
    size: BatchSize
    embeddings: bool = False
    by_itself: threading.Lock = field(default_factory=threading.Lock)

    def prepared(self, item: Item | Prepared[Item]) -> Prepared[Item]:
        """The item's picture as the scorer wants it. Raises ScorerFailed where the scorer's `prepare` breaks."""
        if isinstance(item, Prepared):
            return item
        began = time.perf_counter()
        outcome = self._outcome(item)
        return Prepared(item, outcome, time.perf_counter() - began)

    def placed(self, batch: Sequence[Prepared[Item]]) -> _Placed[Item]:
        """One batch, where the scorer wants it. Raises ScorerFailed where its `place` breaks, or memory has no room for one picture."""
        batch = [self._once_more(each) if isinstance(each.outcome, MemoryError) else each for each in batch]
        unreadable = tuple((each.item, each.outcome) for each in batch if isinstance(each.outcome, MultilabelfyError))
        readable = [(each.item, each.outcome) for each in batch if isinstance(each.outcome, np.ndarray)]
        items, began = tuple(item for item, _ in readable), time.perf_counter()
        pictures = self._pictures(items, [array for _, array in readable]) if readable else None
        return _Placed(items, pictures, unreadable, sum(each.seconds for each in batch) + time.perf_counter() - began)

    def scored(self, batch: _Placed[Item]) -> ScoredBatch[Item]:
        """The scores of one batch. Raises ScorerFailed where the scorer's `score` breaks."""
        if batch.pictures is None:
            return ScoredBatch((), np.zeros((0, 0), dtype=np.float32), batch.unreadable, Spent(batch.seconds))
        began = time.perf_counter()
        with blamed(self._attempt("score", batch.items)):
            scores, embeddings = self._scores(batch.pictures)
        seconds = time.perf_counter() - began
        self.size.took(len(batch.items), seconds, batch.pictures.nbytes)
        return ScoredBatch(batch.items, scores, batch.unreadable, Spent(batch.seconds, seconds), embeddings)

    def done(self, batch: Sequence[Item | Prepared[Item]]) -> ScoredBatch[Item]:
        """A batch from beginning to end on this thread."""
        return self.scored(self.placed([self.prepared(item) for item in batch]))

    def _pictures(self, items: Sequence[Item], arrays: Sequence[npt.NDArray[Any]]) -> Any:
        """(n, …), on the device if the scorer can place it there and there is room for it beside the batch that is scored meanwhile."""
        with blamed(self._attempt("score", items)):
            pictures, place = _stacked(arrays), getattr(self.scorer, "place", None)
        if place is None:
            return pictures
        with blamed(self._attempt("place", items)):
            try:
                return place(pictures)
            except Exception as error:  # as below
                if is_out_of_memory(error):
                    return pictures
                raise

    def _attempt(self, verb: str, items: Sequence[Item]) -> str:
        return f"{verb} {counted(len(items), 'image')} from '{self.name_of(items[0])}' on"

    def _scores(self, pictures: Any) -> _Scored:
        """The scores of all, in as many parts as memory asks for. Raises ScorerFailed where it has no room for one picture."""
        n = self.size.size
        if len(pictures) <= n:  # else it was put together before memory ran out
            try:
                return _scored(self.scorer, pictures, embeddings=self.embeddings)
            except Exception as error:  # a scorer may be a person's own code
                if not is_out_of_memory(error):
                    raise
                if len(pictures) == 1:
                    raise ScorerFailed(f"The scorer has not enough memory for one picture: {error}.", remedy=SMALLER) from error
            n = self.size.ran_out(len(pictures))  # only now: the error held on to what did not fit
        parts = [self._scores(pictures[start : start + n]) for start in range(0, len(pictures), n)]
        embeddings = [part for _, part in parts if part is not None]
        return np.concatenate([scores for scores, _ in parts]), np.concatenate(embeddings) if embeddings else None

    def _once_more(self, prepared: Prepared[Item]) -> Prepared[Item]:
        """A picture for which there was no memory among others, after them and no second such one beside it.

        It says nothing of the picture that the machine was short of memory, so it is not put aside. Raises ScorerFailed.
        """
        with self.by_itself:
            again = self.prepared(prepared.item)
        if isinstance(again.outcome, MemoryError):
            raise ScorerFailed(NO_ROOM.format(self.name_of(again.item)))
        return replace(again, seconds=prepared.seconds + again.seconds)

    def _outcome(self, item: Item) -> npt.NDArray[Any] | MultilabelfyError | MemoryError:
        try:
            picture = self.open_item(item)
        except (UnreadablePicture, ForbiddenPath) as error:
            return error
        except MemoryError:
            return MemoryError()  # a new one: that one's traceback holds on to what was decoded
        with blamed(f"prepare '{self.name_of(item)}'"):
            return np.asarray(self.scorer.prepare(picture))


def manner_of(scorer: Scorer) -> Manner:
    """TOGETHER where the scorer says that it is thread-safe, IN_TURNS where it does not, and AHEAD where a device scores."""
    if getattr(scorer, "on_device", None) or (not hasattr(scorer, "on_device") and has_accelerator()):
        return Manner.AHEAD
    return Manner.TOGETHER if getattr(scorer, "thread_safe", False) else Manner.IN_TURNS


def usual_batch(scorer: Scorer) -> int:
    """How many pictures this scorer gets at once where nobody says otherwise; beside a device only at first."""
    return getattr(scorer, "batch_size", None) or USUAL_BATCH[manner_of(scorer)]


def smallest(scorer: Scorer) -> int | None:
    """Pixels of a picture's shorter side that both this scorer and a fingerprint can do with; None: as many as there are."""
    edge = getattr(scorer, "shorter_side", None)
    return None if edge is None else max(edge, CLEAR)


def score_pictures(
    scorer: Scorer,
    items: Iterable[Item],
    *,
    open_item: Callable[[Item], Picture],
    name_of: Callable[[Item], str],
    batch_size: int | None,
    n_threads: int | None,
    embeddings: bool = False,
) -> Iterator[ScoredBatch[Item]]:
    """Score the items' pictures in their order, `batch_size` at once on `n_threads` threads (None: what suits scorer and machine).

    `open_item` and the scorer's `prepare` run on these threads; a few pictures for each thread, or a few batches, are in memory at a
    time, however many items there are. Batches do not depend on the number of threads, and so neither do scores. An item whose picture is
    unreadable is passed on as such. With `embeddings`, they come in the same batches, from a scorer that embeds. Raises ScorerFailed where
    the scorer itself breaks.
    """
    manner, wished = manner_of(scorer), batch_size or getattr(scorer, "batch_size", None)
    size = BatchSize(wished or USUAL_BATCH[manner], may_grow=manner is Manner.AHEAD and not wished)
    work = _Work(scorer, open_item, name_of, size, embeddings)
    stream = {Manner.TOGETHER: _together, Manner.IN_TURNS: _in_turns, Manner.AHEAD: _ahead}[manner]
    with freed_memory_reused():
        yield from stream(
            work, tried(scorer, items, work.prepared, _stacked), n_threads or max(n_cores(), DECODERS if manner is Manner.AHEAD else 1)
        )


def _together(work: _Work[Item], items: Iterable[Item | Prepared[Item]], n_threads: int) -> Iterator[ScoredBatch[Item]]:
    with one_core_a_thread() as begin, threads(n_threads, begin) as pool:
        yield from in_order(pool, work.done, batches(items, work.size.size), lambda: JOBS_AHEAD * n_threads)


def _in_turns(work: _Work[Item], items: Iterable[Item | Prepared[Item]], n_threads: int) -> Iterator[ScoredBatch[Item]]:
    size = work.size.size
    with threads(n_threads) as pool:
        for some in batches(items, size * -(-PICTURES_IN_TURN * n_threads // size)):
            prepared = deque(pool.map(work.prepared, some))
            while prepared:
                yield work.scored(work.placed([prepared.popleft() for _ in range(min(work.size.size, len(prepared)))]))


def _ahead(work: _Work[Item], items: Iterable[Item | Prepared[Item]], n_threads: int) -> Iterator[ScoredBatch[Item]]:
    def place() -> _Placed[Item] | None:
        batch = list(islice(prepared, work.size.size))
        return work.placed(batch) if batch else None

    def score() -> ScoredBatch[Item] | None:
        batch = next(placed, None)
        return None if batch is None else work.scored(batch)

    with threads(n_threads) as pool:
        prepared = in_order(pool, work.prepared, items, lambda: BATCHES_AHEAD * work.size.size)
        with beside(place, "place", 1) as placed, beside(score, "score", CHUNKS_AHEAD, share_of_a_chunk) as scored:
            try:
                yield from scored
            finally:
                pool.shutdown(wait=False, cancel_futures=True)  # first, so that neither thread waits for pictures that nobody wants


def _scored(scorer: Scorer, pictures: Any, *, embeddings: bool) -> _Scored:
    embedder = embedder_of(scorer) if embeddings else None
    if embedder is None:
        return np.asarray(scorer.score(pictures)), None
    scores, vectors = embedder(pictures)
    return np.asarray(scores), np.asarray(vectors)


def _stacked(arrays: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    shapes = {array.shape for array in arrays}
    if len(shapes) > 1:
        raise ScorerFailed(f"`prepare` gives arrays of several shapes, {' and '.join(map(str, sorted(shapes)))}: a batch needs one.")
    return np.stack(arrays)
