"""Copy a database while people work into one SQLite file, as of one moment: the form in which every backup is kept, whatever it came from.

A copy of SQLite's file alone is not a backup: the newest commits lie in the file's `-wal` until a checkpoint moves them. From PostgreSQL
the rows are read in one repeatable-read transaction, so that they show one moment too, and nobody waits.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from multilabelfy.errors import StoreUnavailable
from multilabelfy.store.copies.transfer import copy_all, tables_of_database
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.migrations import migrate, revision_of
from multilabelfy.store.database.opening.store import Store


def copy_to(store: Store, file: Path) -> None:
    """Write everything committed so far into a new file that is complete by itself; nobody has to wait for it.

    Of SQLite it is SQLite's online backup in one step, of PostgreSQL its rows in the same tables. Raises StoreUnavailable if the copy
    cannot be written or is damaged.
    """
    try:
        with store.reading() as c:
            if store.file is None:
                _copy_rows(c, file)
            else:
                _copy_pages(c, file)
        with closing(sqlite3.connect(file)) as copy:
            damage = [row[0] for row in copy.execute("PRAGMA quick_check")]
    except sqlite3.Error as error:
        file.unlink(missing_ok=True)
        raise StoreUnavailable(f"Cannot write the backup '{file}': {error}. Make room, or name another place.") from None
    if damage != ["ok"]:
        file.unlink(missing_ok=True)
        raise StoreUnavailable(f"The copy of {store.url} is damaged ({'; '.join(damage)}): run `multilabelfy doctor`.")


def _copy_pages(c: Connection, file: Path) -> None:
    source: Any = c.connection.driver_connection
    with closing(sqlite3.connect(file)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # the copy keeps its pages in this file alone


def _copy_rows(c: Connection, file: Path) -> None:
    """The tables are made as the version of the database made them, which may be an older one than this."""
    with _new_file(file) as copy:
        migrate(copy, revision_of(c))
        copy_all(c, copy, tables_of_database(copy))


@contextmanager
def _new_file(file: Path) -> Iterator[Connection]:
    """A SQLite file that nobody else opens: it has no log beside it, so that it may lie on any disk."""
    engine = create_engine(URL.create("sqlite", database=str(file)), poolclass=NullPool)
    event.listen(engine, "connect", _begin_by_hand)
    event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with Connection(engine) as c, c.begin():
            yield c
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise error.orig from error
        raise


def _begin_by_hand(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
