"""Let one part of the work go on beside the next, each on a thread of its own, with a bounded number of results waiting in between."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Generic, TypeVar

Result = TypeVar("Result")


def one_each(_: object) -> float:
    """All results count the same."""
    return 1.0


@contextmanager
def beside(
    make: Callable[[], Result | None], name: str, room: float, weight: Callable[[Result], float] = one_each
) -> Iterator[Iterator[Result]]:
    """What `make` gives, call by call on a thread of this name until it gives None; none is begun while those that wait fill the `room`.

    An error is raised in its result's place, and ends the thread. So does the end of the block, once what is under way is made.
    """
    line = _Line[Result](room, weight)
    thread = threading.Thread(target=line.fill, args=(make,), name=name)
    thread.start()
    try:
        yield line
    finally:
        line.end()
        thread.join()


class _Line(Iterator[Result], Generic[Result]):
    """What waits between two threads. It is no generator, which would hold on to what it gave last."""

    def __init__(self, room: float, weight: Callable[[Result], float]) -> None:
        self._room, self._weight = room, weight
        self._waiting: deque[tuple[Future[Result | None], float]] = deque()
        self._changed = threading.Condition()
        self._has_ended = False

    def fill(self, make: Callable[[], Result | None]) -> None:
        """Make one result after the other, each once there is room for it."""
        while self._has_room() and self._add(make):
            pass

    def __next__(self) -> Result:
        """The next result, once it is there; its room is free then."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting)
            made, _ = self._waiting.popleft()
            self._changed.notify_all()
        result = made.result()
        if result is None:
            raise StopIteration
        return result

    def end(self) -> None:
        """Let nothing more begin."""
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()

    def _has_room(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._has_ended or sum(weight for _, weight in self._waiting) < self._room)
            return not self._has_ended

    def _add(self, make: Callable[[], Result | None]) -> bool:
        """Make one, or put the error in its place. Returns whether there may be more."""
        made: Future[Result | None] = Future()
        try:
            result = make()
            made.set_result(result)
        except BaseException as error:  # Ctrl+C in a person's scorer, too: it is raised where results are taken
            result = None
            made.set_exception(error)
        with self._changed:
            self._waiting.append((made, 0.0 if result is None else self._weight(result)))
            self._changed.notify_all()
        return result is not None
