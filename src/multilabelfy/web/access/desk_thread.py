"""One thread of a process takes what people answer, one answer after another.

Answers wait for each other anyway, since one of them is written at a time (decision 3). On several threads they also take the interpreter
from each other at every statement: whoever writes, and lets all others wait, waits for whoever renders.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from multilabelfy.errors import DISK_BUSY, StoreUnavailable

PATIENCE = 30.0
"""Seconds after which somebody whose turn has not come is told so, as the store does."""
T = TypeVar("T")


class DeskThread:
    """The thread, which begins with the first answer."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="desk")
        self._patience = patience

    async def run(self, work: Callable[[], T]) -> T:
        """What the work returns or raises, in its turn. Raises StoreUnavailable if its turn does not come in time; then it is not done."""
        turn = self._pool.submit(copy_context().run, work)
        timer = asyncio.get_running_loop().call_later(self._patience, turn.cancel)
        try:
            return await asyncio.wrap_future(turn)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            raise StoreUnavailable("Cannot take an answer: earlier ones keep the store busy. Try again in a moment.", DISK_BUSY) from None
        finally:
            timer.cancel()
