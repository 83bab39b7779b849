"""Small helpers over many rows: cutting long lists into the pieces that a statement takes, and telling the planner of them."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from sqlalchemy import Table, text

from multilabelfy.store.database.connection import Connection

T = TypeVar("T")

CHUNK = 1000  # well below the number of values that either database takes in one statement


def chunked(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The items in lists of at most `size`, in their order."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def refresh_statistics(c: Connection, table: Table) -> None:
    """After many rows were added: PostgreSQL would look for them by the wrong index until it notices by itself. SQLite plans without."""
    if c.dialect.name == "postgresql":
        c.execute(text(f"ANALYZE {table.name}"))
