"""Count the rows of each table and sum them up in a number that is the same on SQLite and PostgreSQL, in whatever order the rows come.

A row is written as JSON, its values in the order of the table's columns; the SHA-256 of that text is read as a number, and a table's sum is
theirs modulo 2**256 (an additive multiset hash: Bellare and Micciancio 1997). A row that is lost, doubled or changed in any bit changes it.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, inspect, select

from multilabelfy.store.database.connection import Connection
from multilabelfy.store.schema import metadata

ROWS_AT_ONCE = 2000
"""How many rows are held in memory at a time."""
_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class TableSum:
    """What a table holds: `checksum` is 64 hex digits."""

    table: str
    n_rows: int
    checksum: str


def table_sums(c: Connection) -> tuple[TableSum, ...]:
    """All tables of this version that the database has, with the columns that it has; parents come before those that refer to them."""
    return tuple(sum_of(c, table, columns) for table, columns in present_tables(c))


def present_tables(c: Connection) -> Iterator[tuple[Table, list[Column[Any]]]]:
    """Each table of this version that is there, with its columns that are there: an older database lacks some."""
    inspector = inspect(c)
    names = set(inspector.get_table_names())
    for table in metadata.sorted_tables:
        if table.name in names:
            columns = {column["name"] for column in inspector.get_columns(table.name)}
            yield table, [column for column in table.columns if column.name in columns]


def sum_of(c: Connection, table: Table, columns: Sequence[Column[Any]] = ()) -> TableSum:
    """The sum of one table, over all columns unless some are named."""
    n_rows = total = 0
    for row in c.execute(select(*(columns or table.columns)), execution_options={"yield_per": ROWS_AT_ONCE}):
        n_rows += 1
        total += int.from_bytes(hashlib.sha256(_canonical(row)).digest())
    return TableSum(table.name, n_rows, f"{total % _MODULUS:064x}")


def _canonical(row: Sequence[Any]) -> bytes:
    return json.dumps(list(row), separators=(",", ":"), default=_named).encode()


def _named(value: Any) -> dict[str, str]:
    """What JSON has no form for. The keys keep it apart from a text that looks the same."""
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    if isinstance(value, bytes | memoryview):
        return {"bytes": bytes(value).hex()}
    raise TypeError(f"No form for {type(value).__name__}.")
