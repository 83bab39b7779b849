"""Two workers at one database: each has a store of its own, and of two who write at once one waits until the other has committed."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

from hypothesis import strategies as st

from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.opening.store import Store

First = TypeVar("First")
Second = TypeVar("Second")
Stores = tuple[Store, Store]
workers = st.integers(0, 1)
GOES_AHEAD = 0.02
"""So many seconds a writer that does not wait for its turn has to show it; one that waits would wait for ever."""


@contextmanager
def two_stores(store: Store) -> Iterator[Stores]:
    """The store, and another worker's at the same database."""
    with Store.connect(store._engine.url.render_as_string(hide_password=False), create=False) as other:
        yield store, other


def beside_a_waiting_writer(store: Store, first: Callable[[Connection], First], second: Callable[[], Second]) -> tuple[First, Second]:
    """What both give: while `first` writes, `second`, another worker's writing transaction, begins on a thread and waits for its turn."""
    with ThreadPoolExecutor(1) as thread:
        with store.writing() as c:
            written = first(c)
            waiting = thread.submit(second)
            wait([waiting], GOES_AHEAD)
        return written, waiting.result()
