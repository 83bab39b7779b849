"""Statements that are built once: what a step of annotating runs stands as a constant in capitals at the head of its module.

SQLAlchemy needs 150 µs to build a statement and find its text again, and 30 to run one that is there already. A constant therefore has bind
parameters (`bindparam("image")`) where a function would have had values, and its function gives these by name. The name of a bind
parameter is never that of a column which the same statement sets: SQLAlchemy keeps those for itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnCollection, ColumnElement, CursorResult, Insert, Select, Table, bindparam, literal_column
from sqlalchemy.dialects import postgresql, sqlite

from multilabelfy.store.database.connection import Connection

Excluded = ColumnCollection[str, ColumnElement[Any]]


def one_of(column: ColumnElement[str], words: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column has one of these words of ours. They are written into the statement: SQLAlchemy puts a list in anew at each run."""
    return column.in_([literal_column(f"'{word}'") for word in words])


class Listed:
    """A query over the rows of some ids. A list of one, as a step has it, is compared instead of put in."""

    def __init__(self, query: Select[Any], column: ColumnElement[int]) -> None:
        self._one, self._many = query.where(column == bindparam("only_id")), query.where(column.in_(bindparam("ids", expanding=True)))

    def of(self, c: Connection, ids: Sequence[int]) -> CursorResult[Any]:
        """The rows of these ids; there is at least one."""
        return c.execute(self._one, {"only_id": ids[0]}) if len(ids) == 1 else c.execute(self._many, {"ids": ids})


class Upsert:
    """Add a row, or change the one that has its keys: one statement, written once for both databases.

    `change` says what becomes of the columns of a row that is there, from the new row that it excludes.
    """

    def __init__(
        self,
        table: Table,
        keys: Sequence[str],
        change: Callable[[Excluded], Mapping[str, ColumnElement[Any]]],
        *,
        values: Mapping[str, ColumnElement[Any]] | None = None,
        returning: bool = False,
    ) -> None:
        self._by_dialect: dict[str, Any] = {}
        for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert)):
            new = insert(table).values(**values) if values else insert(table)
            changing = new.on_conflict_do_update(index_elements=list(keys), set_=dict(change(new.excluded)))
            self._by_dialect[name] = changing.returning(*table.c) if returning else changing

    def on(self, c: Connection) -> Insert:
        """The statement for this connection's database."""
        statement: Insert = self._by_dialect[c.dialect.name]
        return statement
