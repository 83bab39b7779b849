"""Try a scorer out with the first pictures, before any of its scores are passed on: whoever asked for speed should learn what it costs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from multilabelfy.errors import MultilabelfyError, ScorerFailed
from multilabelfy.inference.running.blaming import blamed
from multilabelfy.plurals import counted
from multilabelfy.proposals.model import Scorer

Item = TypeVar("Item")

N_TRIED = 8
"""So many pictures a scorer is tried out with."""
MOST_OPENED = 64
"""So many are opened for it at most, where some cannot be read."""


@dataclass(frozen=True, slots=True)
class Prepared(Generic[Item]):
    """An item with its prepared picture, or with the error that says why there is none yet or at all, and the seconds that it took."""

    item: Item
    outcome: npt.NDArray[Any] | MultilabelfyError | MemoryError
    seconds: float


def tried(
    scorer: Scorer, items: Iterable[Item], prepared: Callable[[Item], Prepared[Item]], stacked: Callable[[list[npt.NDArray[Any]]], Any]
) -> Iterable[Item | Prepared[Item]]:
    """The items, once a scorer that has a `try_out` (see the port) has seen the first readable pictures: these items come prepared.

    Raises ScorerFailed where it should not score, or where none of many pictures can be read.
    """
    try_out = getattr(scorer, "try_out", None)
    if try_out is None:
        return items
    coming, first, pictures = iter(items), list[Prepared[Item]](), list[npt.NDArray[Any]]()
    for item in islice(coming, MOST_OPENED):
        first.append(prepared(item))
        if isinstance(outcome := first[-1].outcome, np.ndarray):
            pictures.append(outcome)
        if len(pictures) == N_TRIED:
            break
    if not pictures and len(first) == MOST_OPENED:
        raise ScorerFailed(f"The scorer cannot be tried out: none of the first {MOST_OPENED} pictures can be read.")
    if pictures:
        with blamed(f"be tried out with {counted(len(pictures), 'picture')}"):
            try_out(stacked(pictures))
    return chain(first, coming)
