"""Who answers next, and when: several people at work at once, each at their own pace, as one ordered sequence of turns."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Response = TypeVar("Response")


@dataclass(frozen=True, slots=True)
class Turn(Generic[Response]):
    """One person's answer (or decision), and when they began it and were done."""

    person: int
    answered: Response
    began: datetime
    done: datetime


def campaign(
    n_turns: Sequence[int],
    ask: Callable[[int, datetime], Response | None],
    seconds: Callable[[Response], float],
    start: datetime,
    stagger: timedelta = timedelta(minutes=3),
) -> Iterator[Turn[Response]]:
    """The turns of everyone, in the order in which they begin.

    Person i takes at most `n_turns[i]`, begins `i × stagger` after the start, and is free again once the last turn is done (two who are
    free at once: the lower number first). `ask(person, now)` gives their answer, None where there is nothing for them, which ends their
    day; `seconds` says how long it took. A turn should be applied before the next is asked for: it may change what there is to do.
    """
    free = [(start + stagger * person, person) for person, turns in enumerate(n_turns) if turns > 0]
    heapq.heapify(free)
    left = list(n_turns)
    while free:
        now, person = heapq.heappop(free)
        answered = ask(person, now)
        if answered is None:
            continue
        done = now + timedelta(seconds=seconds(answered))
        yield Turn(person, answered, now, done)
        left[person] -= 1
        if left[person] > 0:
            heapq.heappush(free, (done, person))
