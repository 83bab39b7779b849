"""From scores to ranks, a chunk at a time: the best labels of each image, which is all that is stored of a model's scores."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np

from multilabelfy.errors import InvalidScores, MultilabelfyError
from multilabelfy.inference.running.batches import ScoredBatch, Spent, joined
from multilabelfy.proposals.checking import checked
from multilabelfy.proposals.columns import Columns
from multilabelfy.proposals.embeddings import Embeddings, checked_embeddings
from multilabelfy.proposals.model import Scores
from multilabelfy.proposals.ranking import Ranks, top_k

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Ranking:
    """How scores of `source` are ranked: what its columns mean, `depth` labels an image, and a hint if its numbers are not a softmax."""

    source: str
    columns: Columns
    depth: int
    hint: str


@dataclass(frozen=True, slots=True)
class RankedBatch(Generic[Item]):
    """`labels` and `scores` are (len(items), depth), best first; `unreadable` are the items in between that have no picture.

    `embeddings` are (len(items), width); None where there are none. `remark` is what a worker elsewhere says of how it scores; here the
    scorer itself is asked.
    """

    items: tuple[Item, ...]
    labels: Ranks
    scores: Scores
    unreadable: tuple[tuple[Item, MultilabelfyError], ...] = ()
    spent: Spent = field(default_factory=Spent)
    embeddings: Embeddings | None = None
    remark: str = ""


def ranked_chunk(chunk: Sequence[ScoredBatch[Item]], ranking: Ranking, name_of: Callable[[Item], str]) -> Iterator[RankedBatch[Item]]:
    """The chunk as one batch with its ranks; batch by batch if a score in it is wrong, so that those before it come before the error.

    Raises InvalidScores.
    """
    try:
        whole = _ranked(joined(chunk), ranking, name_of)
    except (InvalidScores, ValueError):
        for batch in chunk:
            yield _ranked(batch, ranking, name_of)
        raise
    yield whole


def _ranked(batch: ScoredBatch[Item], ranking: Ranking, name_of: Callable[[Item], str]) -> RankedBatch[Item]:
    if not batch.items:
        nothing = np.zeros((0, ranking.depth), dtype=np.int32), np.zeros((0, ranking.depth), dtype=np.float32)
        return RankedBatch((), *nothing, batch.unreadable, batch.spent)
    names = [name_of(item) for item in batch.items]
    n_columns = ranking.columns.n_columns
    scores = checked(batch.scores, images=names, n_columns=n_columns, source=ranking.source, way_out=ranking.hint)
    labels, best = top_k(ranking.columns.in_label_order(scores), ranking.depth)
    vectors = batch.embeddings
    embeddings = None if vectors is None else checked_embeddings(vectors, images=names, source=ranking.source)
    return RankedBatch(batch.items, labels, best, batch.unreadable, batch.spent, embeddings)
