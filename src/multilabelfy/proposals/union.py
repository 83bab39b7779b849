"""Join several models' lists into one: people's candidates and a report's figures come from the same function.

Every label once, by the sum of its points over the models. Three ways to give points, of which the product uses the second
(docs/decisions/0053-several-models-by-reciprocal-ranks.md):

- none at all: models take turns, best rank first;
- `reciprocal_ranks` (Cormack, Clarke & Büttcher 2009): a label that several models have is before those of one;
- the chances that labels are valid, where some are known to be (`evaluation.proposals.calibration`).
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from multilabelfy.proposals.model import Proposal

Lists = npt.NDArray[np.integer]
"""(n_models, n_images, depth) label indices, best first; a negative one ends a shorter list."""
Points = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

DAMPING = 60
"""Of reciprocal rank fusion: a rank gives 1 / (60 + rank)."""
UNITS = 10**12
"""Points are added up as whole numbers of 1 / UNITS: equal ones stay equal, in whatever order they are added."""
ROWS_AT_ONCE = 2_000


class Way(StrEnum):
    """How several models' lists are joined."""

    TURNS = "taking turns"
    RECIPROCAL = "reciprocal ranks"
    CALIBRATED = "calibrated scores"


OF_PEOPLES_CANDIDATES = Way.RECIPROCAL
"""What `union` does."""


def joined(lists: Lists, points: Points, k: int) -> Lists:
    """The k labels with the most points, (n_images, k); fewer where all the models together have fewer ranks.

    `points` are of the ranks, in any shape that broadcasts to that of `lists`, from 0 to 1. Labels with equal points stay in the order
    of their best rank, then of the models. A negative label ends a shorter list.

    >>> lists = np.array([[[1, 2, 3]], [[2, 4, 5]]])
    >>> joined(lists, np.zeros(3), 3).tolist(), joined(lists, reciprocal_ranks(3, 3), 3).tolist()
    ([[1, 2, 4]], [[2, 1, 4]])
    """
    points = np.broadcast_to(points, lists.shape)
    starts = range(0, lists.shape[1], ROWS_AT_ONCE)
    chunks = [_joined(lists[:, at : at + ROWS_AT_ONCE], points[:, at : at + ROWS_AT_ONCE], k) for at in starts]
    return np.concatenate(chunks) if chunks else np.zeros((0, k), dtype=lists.dtype)


def reciprocal_ranks(depth: int, k: int) -> Points:
    """The points of each rank, (depth,): 1 / (60 + rank) for the first k, 0 for the deeper ones.

    The k labels are then those of the lists cut at k. In whole lists a label at the 50th place of two would stand before the first of one.
    """
    ranks = np.arange(1, depth + 1)
    return np.where(ranks <= k, 1 / (DAMPING + ranks), 0.0)


def union(proposals: Iterable[Proposal], k: int) -> tuple[Proposal, ...]:
    """Every label of one image once: by reciprocal ranks among the first k of each proposer, then the deeper ones, proposers taking turns.

    Of equal points, the best rank comes first; of equal ranks, the proposer that comes first in `proposals`. A label that several proposers
    bring keeps the rank, score and source of the one that ranks it best. One proposer's list comes back as it is.
    """
    given = list(proposals)
    sources = list(dict.fromkeys(proposal.source for proposal in given))
    given.sort(key=lambda proposal: proposal.rank)  # stable: equal ranks stay in the proposers' order
    best: dict[int, Proposal] = {}
    for proposal in given:
        best.setdefault(proposal.label, proposal)
    if len(sources) < 2:
        return tuple(best.values())
    lists = _lists(given, sources)
    [order] = joined(lists, reciprocal_ranks(lists.shape[2], k), len(best)).tolist()
    return tuple(best[label] for label in order)


def _lists(proposals: Sequence[Proposal], sources: Sequence[str]) -> Lists:
    """One image's proposals, sorted by rank, as lists of (n_sources, 1, depth)."""
    place = {source: at for at, source in enumerate(sources)}
    lists = np.full((len(sources), 1, proposals[-1].rank), -1, dtype=np.int64)
    for proposal in proposals:
        lists[place[proposal.source], 0, proposal.rank - 1] = proposal.label
    return lists


def _joined(lists: Lists, points: Points, k: int) -> Lists:
    labels = _by_rank(lists).astype(np.int64)
    totals = _totals(labels, np.rint(_by_rank(points) * UNITS).astype(np.int64))
    order = _in_order(-totals)[:, :k]
    return np.where(np.take_along_axis(totals, order, axis=1) < 0, -1, np.take_along_axis(labels, order, axis=1))


def _totals(labels: Whole, points: Whole) -> Whole:
    """Each label's points where it comes first in its image's row, (n_images, n_entries); -1 elsewhere."""
    n_entries = labels.shape[1]
    order = _in_order(labels)
    ordered = np.take_along_axis(labels, order, axis=1)
    is_first = np.ones(ordered.shape, dtype=bool)
    is_first[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    firsts = np.flatnonzero(is_first)
    totals = np.full(labels.shape, -1)
    totals[firsts // n_entries, order.ravel()[firsts]] = np.add.reduceat(np.take_along_axis(points, order, axis=1).ravel(), firsts)
    totals[labels < 0] = -1
    return totals


def _in_order(values: Whole) -> Whole:
    """The places of each row's values, the least first, equals as they stand: `argsort`, several times faster for short rows."""
    n = values.shape[1]
    places: Whole = np.sort(values * n + np.arange(n), axis=1) % n
    return places


def _by_rank(of_lists: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """(n_models, n_images, depth) → (n_images, depth · n_models), by rank, then by model."""
    n_models, n_images, depth = of_lists.shape
    return of_lists.transpose(1, 2, 0).reshape(n_images, depth * n_models)
