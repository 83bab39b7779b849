"""SQLite's side of `driver`: it answers when it is asked."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Dialect

from multilabelfy.store.database.driver import Arrived, Values, explained


@dataclass(frozen=True, slots=True)
class SqliteAnswer:
    """What a statement gave."""

    fetched: Sequence[Sequence[Any]]
    changed: int
    n_columns: int

    def rows(self) -> Sequence[Sequence[Any]]:
        """All rows."""
        return self.fetched

    def types(self) -> Sequence[Any]:
        """SQLite's driver knows no types."""
        return [None] * self.n_columns

    def n_changed(self) -> int:
        """How many rows were changed."""
        return self.changed


class SqliteDriver:
    """A connection to a file."""

    def __init__(self, connection: sqlite3.Connection, dialect: Dialect) -> None:
        self.dialect = dialect
        self._connection = connection

    def ask(self, statement: str, values: Values = (), arrived: Arrived | None = None) -> SqliteAnswer:
        """Run a statement."""
        try:
            cursor = self._connection.execute(statement, values)
            answer = SqliteAnswer(cursor.fetchall(), cursor.rowcount, len(cursor.description or ()))
        except sqlite3.Error as error:
            raise explained(error, statement, sqlite3.Error, self.dialect) from error
        if arrived is not None:
            arrived()
        return answer

    def send(self) -> None:
        """Everything has run."""

    def n_changes(self) -> int:
        """How many rows this connection has changed since it was opened."""
        return self._connection.total_changes

    def is_dropped(self) -> bool:
        """Nobody else has this connection."""
        return False
