"""Small helpers for many rows: cut long lists into pieces that fit a statement, and refresh the planner's statistics."""

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
    """Tell PostgreSQL about many new rows, which it would otherwise look up by the wrong index for a while. SQLite does not need it."""
    if c.dialect.name == "postgresql":
        c.execute(text(f"ANALYZE {table.name}"))
