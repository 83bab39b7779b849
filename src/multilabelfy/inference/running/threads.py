"""Work on several threads, its results in order and a bounded number of them ahead."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


@contextmanager
def threads(n_threads: int, begin: Callable[[], object] | None = None) -> Iterator[ThreadPoolExecutor]:
    """A pool that, whatever ends the work, drops what has not begun: an interrupted run ends at once. Each thread begins with `begin`."""
    pool = ThreadPoolExecutor(n_threads, thread_name_prefix="decode", initializer=begin)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def in_order(pool: ThreadPoolExecutor, work: Callable[[Job], Result], jobs: Iterable[Job], n_ahead: Callable[[], int]) -> Iterator[Result]:
    """The work's results in the jobs' order, at most `n_ahead()` begun and not yet taken. An error is raised in its job's place."""
    waiting: deque[Future[Result]] = deque()
    coming = iter(jobs)
    while True:
        waiting.extend(pool.submit(work, job) for job in islice(coming, max(n_ahead() - len(waiting), 0)))
        if not waiting:
            return
        yield waiting.popleft().result()
