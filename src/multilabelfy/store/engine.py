"""Open a database and give out its transactions: one engine a workspace, SQLite by default, PostgreSQL by its address.

SQLite runs in WAL mode with full synchronisation, so that a committed answer survives a killed process and a lost power supply; a writing
transaction takes the write lock at its beginning (BEGIN IMMEDIATE), so that it never fails half way for want of it.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from multilabelfy.errors import StoreUnavailable
from multilabelfy.store.faults import explained
from multilabelfy.store.places import refuse_network

__all__ = ["Connection", "Store", "sqlite_url"]

BUSY_SECONDS = 30
POOL_SIZE = 16
POOL_OVERFLOW = 48  # FastAPI's sync handlers run on 40 threads
_WRITING = "multilabelfy_writing"


class Store:
    """An opened database. Its functions live beside it, one noun a module; they take the connection of one of its transactions."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._gate = threading.Lock()  # of SQLite: writers of one process queue here in turn, instead of polling the file's lock

    @classmethod
    def open(cls, url: str, *, create: bool = True) -> "Store":
        """Connect and bring the tables up to date. Raises StoreUnavailable: a place that cannot work, a missing driver, a newer version."""
        from multilabelfy.store.migrations import migrate

        address = _address(url)
        if address.get_backend_name() == "sqlite":
            _check_file(address, create=create)
        store = cls(_engine(address))
        try:
            with store.writing() as c:
                migrate(c)
        except BaseException:
            store.close()
            raise
        return store

    @property
    def url(self) -> str:
        """The address, without a password."""
        return self._engine.url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One read transaction: everything read in it is of one moment."""
        with explained("read from", self.url), self._engine.connect() as c:
            if c.dialect.name == "postgresql":
                c = c.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield c

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One write transaction: committed at the end, rolled back where anything raises."""
        with explained("write to", self.url), self._turn(), self._engine.connect() as c:
            c = c.execution_options(**{_WRITING: True})
            with c.begin():
                yield c

    def close(self) -> None:
        """Close all connections; the store cannot be used afterwards."""
        self._engine.dispose()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._engine.dialect.name != "sqlite":
            yield
            return
        if not self._gate.acquire(timeout=BUSY_SECONDS):
            raise StoreUnavailable(f"Cannot write to {self.url}: other requests keep it busy. Try again in a moment.")
        try:
            yield
        finally:
            self._gate.release()


def sqlite_url(path: Path) -> str:
    """The address of a SQLite file."""
    return URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)


def _address(url: str) -> URL:
    """The parsed address; `postgres://` and `postgresql://` mean psycopg."""
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise StoreUnavailable(_not_an_address()) from error
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreUnavailable(f"Cannot open a '{address.drivername}' database: only SQLite and PostgreSQL are known. {_not_an_address()}")
    return address


def _not_an_address() -> str:
    return "Write the database's address as postgresql://user:password@host/name, or leave it out for a file in the workspace."


def _check_file(address: URL, *, create: bool) -> None:
    if not address.database or address.database == ":memory:":
        raise StoreUnavailable("Cannot keep answers in memory alone: name a file, as in sqlite:////home/ada/workspace/multilabelfy.db.")
    path = Path(address.database)
    if not create and not path.is_file():
        raise StoreUnavailable(f"There is no database at {path}. Check the workspace's name, or import a dataset to make one.")
    if not path.parent.is_dir():
        raise StoreUnavailable(f"Cannot make a database at {path}: there is no folder {path.parent}. Make it first.")
    refuse_network(path)


def _engine(address: URL) -> Engine:
    pool = {"pool_size": POOL_SIZE, "max_overflow": POOL_OVERFLOW, "pool_timeout": BUSY_SECONDS}
    try:
        engine = create_engine(address, pool_pre_ping=address.get_backend_name() != "sqlite", **pool)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise StoreUnavailable(
            "Cannot open a PostgreSQL database: its driver is not installed. Run `pip install 'multilabelfy[postgres]'`."
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
    return engine


def _set_up(dbapi_connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Take transactions into our own hands (the driver would begin them late) and set what SQLite keeps for a connection."""
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-32768",  # KiB
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(c: Connection) -> None:
    c.exec_driver_sql("BEGIN IMMEDIATE" if c.get_execution_options().get(_WRITING) else "BEGIN")
