"""An opened database and its transactions: SQLite by default, PostgreSQL by its address.

On both, one writing transaction runs at a time, from its beginning: SQLite's BEGIN IMMEDIATE, an advisory lock on PostgreSQL. What it
reads cannot change before it ends, so counters, cursors and overlap are safe from races (decision 3 in docs/decisions). A file that cannot
be written is opened for reading.
"""

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError

from multilabelfy.errors import DISK_BUSY, StoreReadOnly, StoreUnavailable
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.faults import explained, read_only
from multilabelfy.store.database.migrations import check_current, migrate, older_revision, revision_of
from multilabelfy.store.database.odd_parts import check_untouched
from multilabelfy.store.database.opening.addresses import check_file, make_private, parsed, shown
from multilabelfy.store.database.opening.engine import engine_of, run_plainly, transaction
from multilabelfy.store.database.opening.reading_only import reading_engine
from multilabelfy.store.database.opening.watching import Kind, Watcher

BUSY_SECONDS = 30.0
MOST_CONNECTIONS = 40  # as many as the threads that FastAPI runs sync handlers on
KEPT_CONNECTIONS = 4
LOG_SECONDS = 2
"""So long SQLite's log waits at the end for somebody's read."""


class Store:
    """An opened database. The functions on it live beside it, one module for each noun; they take the connection of a transaction."""

    def __init__(self, engine: Engine, busy_seconds: float) -> None:
        self._engine = engine
        self._busy_seconds = busy_seconds
        self.watcher: Watcher | None = None
        self.is_read_only = False  # so it was when something was last to be written
        self._is_to_read = False
        self._kept: deque[Connection] = deque()
        self._gate = threading.Lock()  # of SQLite: writers of one process queue here in turn, instead of polling the file's lock

    @classmethod
    def open(
        cls,
        url: str,
        *,
        create: bool = True,
        busy_seconds: float = BUSY_SECONDS,
        most_connections: int = MOST_CONNECTIONS,
        before_upgrade: "BeforeUpgrade | None" = None,
        before_first: Callable[[], object] | None = None,
    ) -> "Store":
        """Connect and bring the tables up to date; `busy_seconds` is how long to wait for another writer. What cannot be written is opened
        for reading, if its tables are up to date. `before_upgrade` is called while nobody writes, unless they are up to date or new;
        `before_first` before tables are made where there are none.

        Raises StoreUnavailable for an unsuitable place, a missing driver, a database of a newer version, a fault of the database, or
        something in it that another program made and that acts on our tables.
        """
        store = cls.connect(url, create=create, busy_seconds=busy_seconds, most_connections=most_connections)
        try:
            with store.writing() as c:
                check_untouched(c)
                older = older_revision(c)
                if older is not None and before_upgrade is not None:
                    before_upgrade(store, older)
                if before_first is not None and revision_of(c) is None:
                    before_first()
                migrate(c)
        except StoreReadOnly:
            store.close()
            if store.file is None:
                raise
            return cls._open_to_read(parsed(url), busy_seconds)
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def connect(
        cls, url: str, *, create: bool = True, busy_seconds: float = BUSY_SECONDS, most_connections: int = MOST_CONNECTIONS
    ) -> "Store":
        """Only connect, whatever tables the database has: for whoever moves it. Raises StoreUnavailable as `open` does."""
        address = parsed(url)
        if address.get_backend_name() == "sqlite":
            check_file(address, create=create)
            make_private(Path(address.database or ""))
        return cls(engine_of(address, busy_seconds, most_connections), busy_seconds)

    @classmethod
    def _open_to_read(cls, address: URL, busy_seconds: float) -> "Store":
        """A SQLite file that this process cannot write."""
        engine = reading_engine(Path(address.database or ""), busy_seconds)
        store = cls(engine, busy_seconds)
        store.is_read_only = store._is_to_read = True
        with store.reading() as c:
            check_untouched(c)
            check_current(c)
        return store

    @cached_property
    def url(self) -> str:
        """The address, without a password."""
        return shown(self._engine.url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One read transaction: everything read in it shows one moment."""
        with explained("read from", self.url), self._watched("reading"), self._connected() as c, transaction(c, "reading"):
            yield c

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """For a single statement that reads: it sees one moment by itself, and no transaction is begun for it."""
        with explained("read from", self.url), self._connected() as c:
            yield c

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One write transaction: alone from its beginning, committed at its end, rolled back if anything raises."""
        try:
            if self._is_to_read:
                raise read_only(self.url)
            with self._written() as c:
                before = c.driver.n_changes()
                yield c
                has_written = self.is_read_only and _has_written(c, before)
        except StoreReadOnly:
            self.is_read_only = True
            raise
        if has_written:
            self.is_read_only = False

    @contextmanager
    def _written(self) -> Iterator[Connection]:
        asked_at = time.perf_counter()

        def note_wait() -> None:
            if self.watcher is not None:
                self.watcher.waited(time.perf_counter() - asked_at)

        with (
            explained("write to", self.url),
            self._watched("writing"),
            self._turn(),
            self._connected() as c,
            transaction(c, "writing", note_wait),
        ):
            yield c

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """A connection; a transaction that it has at the end is rolled back. A few are kept for the next ones, unless something went wrong:
        to take one out of SQLAlchemy's pool and to give it back costs as much as ten statements."""
        c = self._kept_one() or Connection(self._engine)
        try:
            yield c
            if c.in_transaction():
                c.rollback()
        except BaseException:
            c.close()
            raise
        if len(self._kept) < KEPT_CONNECTIONS and not self._is_to_read:
            self._kept.append(c)
        else:
            c.close()

    def _kept_one(self) -> Connection | None:
        """One of those that are kept; those that PostgreSQL has closed meanwhile are left out."""
        with suppress(IndexError):
            while (c := self._kept.pop()).driver.is_dropped():
                c.invalidate()
                c.close()
            return c
        return None

    @contextmanager
    def _watched(self, kind: Kind) -> Iterator[None]:
        """Tell whoever watches that a transaction is open, for as long as it is."""
        watcher = self.watcher
        if watcher is not None:
            watcher.opened(kind)
        try:
            yield
        finally:
            if watcher is not None:
                watcher.closed(kind)

    @property
    def file(self) -> Path | None:
        """The file of a SQLite database; None on PostgreSQL."""
        return Path(self._engine.url.database or "") if self._engine.dialect.name == "sqlite" else None

    def close(self) -> None:
        """Close all connections and move what SQLite's log holds into its file, so that the file alone holds everything."""
        while self._kept:
            self._kept.pop().close()
        if self.file is not None and not self._is_to_read:
            self.take_over_log()
        self._engine.dispose()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def take_over_log(self) -> bool:
        """Move SQLite's log into the file, as far as possible without waiting for somebody's long read, or on a full disk.

        Returns whether all of it was moved.
        """
        with suppress(DBAPIError, sqlite3.Error, TimeoutError), closing(self._engine.raw_connection()) as connection:
            if connection.dbapi_connection is not None:
                run_plainly(connection.dbapi_connection, f"PRAGMA busy_timeout={LOG_SECONDS * 1000}")
                return bool(_answer(connection.dbapi_connection, "PRAGMA wal_checkpoint(TRUNCATE)")[0] == 0)
        return False

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._engine.dialect.name != "sqlite":
            yield
            return
        if not self._gate.acquire(timeout=self._busy_seconds):
            raise StoreUnavailable(f"Cannot write to {self.url}: other requests keep it busy. Try again in a moment.", DISK_BUSY)
        try:
            yield
        finally:
            self._gate.release()


BeforeUpgrade = Callable[[Store, str], object]
"""Is given the database that is about to be brought up to date, and its revision."""


def _answer(connection: DBAPIConnection, statement: str) -> Any:
    """The first row that a statement gives."""
    cursor = connection.cursor()
    try:
        cursor.execute(statement)
        return cursor.fetchone()
    finally:
        cursor.close()


def _has_written(c: Connection, n_changes_before: int | None) -> bool:
    """Whether this transaction has changed something: where the driver does not count, PostgreSQL numbers only those that have."""
    if n_changes_before is not None:
        return c.driver.n_changes() != n_changes_before
    return bool(c.exec_driver_sql("SELECT txid_current_if_assigned() IS NOT NULL").scalar_one())
