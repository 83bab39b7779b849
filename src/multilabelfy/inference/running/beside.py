"""Let one part of the work go on beside the next, each on a thread of its own, with few results waiting in between."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Generic, TypeVar

Result = TypeVar("Result")


@contextmanager
def beside(make: Callable[[], Result | None], name: str, n_ahead: int) -> Iterator[Iterator[Result]]:
    """What `make` gives, call by call on a thread of this name until it gives None: at most `n_ahead` results are under way or wait.

    An error is raised in its result's place, and ends the thread. So does the end of the block, once what is under way is made.
    """
    line = _Line[Result](n_ahead)
    thread = threading.Thread(target=line.fill, args=(make,), name=name)
    thread.start()
    try:
        yield line
    finally:
        line.end()
        thread.join()


class _Line(Iterator[Result], Generic[Result]):
    """What waits between two threads. It is no generator, which would hold on to what it gave last."""

    def __init__(self, n_ahead: int) -> None:
        self._waiting: SimpleQueue[Future[Result | None]] = SimpleQueue()
        self._places = threading.Semaphore(n_ahead)
        self._has_ended = False

    def fill(self, make: Callable[[], Result | None]) -> None:
        """Make one result after the other, each once there is a place for it."""
        while self._has_place() and self._add(make):
            pass

    def __next__(self) -> Result:
        """The next result, once it is there; its place is free then."""
        result = self._waiting.get().result()
        self._places.release()
        if result is None:
            raise StopIteration
        return result

    def end(self) -> None:
        """Let nothing more begin."""
        self._has_ended = True
        self._places.release()

    def _has_place(self) -> bool:
        self._places.acquire()
        return not self._has_ended

    def _add(self, make: Callable[[], Result | None]) -> bool:
        """Make one, or put the error in its place. Returns whether there may be more."""
        made: Future[Result | None] = Future()
        self._waiting.put(made)
        try:
            result = make()
        except BaseException as error:  # Ctrl+C in a person's scorer, too: it is raised where results are taken
            made.set_exception(error)
            return False
        made.set_result(result)
        return result is not None
