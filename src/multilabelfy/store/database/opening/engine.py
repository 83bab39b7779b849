"""Make the engine of a database, and set up each of its connections: one engine for each workspace.

SQLite runs in WAL mode with full synchronisation, so that a committed answer survives a killed process and a lost power supply.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from multilabelfy.errors import StoreUnavailable
from multilabelfy.store.database.connection import Connection, send_before_cursor
from multilabelfy.store.database.driver import Arrived
from multilabelfy.store.database.opening.watching import Kind

POOL_SIZE = 10
_TURN = f"SELECT pg_advisory_xact_lock({0x6D6C6266}, hashtext(coalesce(current_schema(), '')))"  # the number is "mlbf"
_BEGINNINGS: dict[tuple[str, Kind], tuple[str, ...]] = {
    ("sqlite", "reading"): ("BEGIN",),
    ("sqlite", "writing"): ("BEGIN IMMEDIATE",),
    ("postgresql", "reading"): ("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",),
    ("postgresql", "writing"): ("BEGIN ISOLATION LEVEL READ COMMITTED", _TURN),
}
"""How transactions begin; with the last statement of a writing one, its turn has come. None asks to write where an administrator, or a
provider whose disk is nearly full, has made the database read-only (default_transaction_read_only)."""
_PRAGMAS = ("synchronous=FULL", "fullfsync=ON", "foreign_keys=ON", "cache_size=-32768", "temp_store=MEMORY")


def engine_of(address: URL, busy_seconds: float, most_connections: int) -> Engine:
    """The engine of an address. Raises StoreUnavailable if the driver is not installed."""
    is_sqlite = address.get_backend_name() == "sqlite"
    kept = min(POOL_SIZE, most_connections)
    pool = {"pool_size": kept, "max_overflow": most_connections - kept, "pool_timeout": busy_seconds}
    # `transaction` begins and ends transactions. What SQLAlchemy runs is not prepared: psycopg forgets what it prepared, and all that we
    # did, when a transaction is rolled back.
    options = {} if is_sqlite else {"isolation_level": "AUTOCOMMIT", "pool_pre_ping": True, "connect_args": {"prepare_threshold": None}}
    try:
        engine = create_engine(address, **pool, **options)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise StoreUnavailable(
            "Cannot open a PostgreSQL database: its driver is not installed. Run `pip install 'multilabelfy[postgres]'`."
        ) from error
    milliseconds = max(1, round(busy_seconds * 1000))
    event.listen(engine, "connect", _sqlite_set_up(milliseconds) if is_sqlite else _postgres_set_up(milliseconds))
    event.listen(engine, "before_cursor_execute", send_before_cursor)
    return engine


@contextmanager
def transaction(c: Connection, kind: Kind, begun: Arrived | None = None) -> Iterator[None]:
    """A transaction: committed at its end, rolled back if anything raises. `begun` is called when it has begun, and has its turn if it is
    to write."""
    with c.begin():
        *first, last = _BEGINNINGS[c.kind, kind]
        for statement in first:
            c.driver.ask(statement)
        c.driver.ask(last, (), begun)
        yield
        c.driver.ask("COMMIT")
        c.driver.send()


def run_plainly(connection: DBAPIConnection, *statements: str) -> None:
    """Run statements on a connection of the driver, outside every transaction of SQLAlchemy's."""
    cursor = connection.cursor()
    try:
        for statement in statements:
            cursor.execute(statement)
    finally:
        cursor.close()


def _sqlite_set_up(busy_milliseconds: int) -> Callable[[DBAPIConnection, ConnectionPoolEntry], None]:
    """Set up each new connection: we begin transactions ourselves (the driver would begin them late), with safe settings."""

    def set_up(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        run_plainly(connection, f"PRAGMA busy_timeout={busy_milliseconds}")
        _keep_a_log(connection, busy_milliseconds / 1000)
        run_plainly(connection, *(f"PRAGMA {pragma}" for pragma in _PRAGMAS))

    return set_up


def _keep_a_log(connection: DBAPIConnection, busy_seconds: float) -> None:
    """Write through a log (WAL). A new file is switched to it by whoever comes first, alone, and SQLite lets nobody else wait for that."""
    until = time.monotonic() + busy_seconds
    while True:
        try:
            run_plainly(connection, "PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                raise
        time.sleep(0.01)


def _postgres_set_up(busy_milliseconds: int) -> Callable[[DBAPIConnection, ConnectionPoolEntry], None]:
    def set_up(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        run_plainly(connection, f"SET lock_timeout = {busy_milliseconds}", "SET TIME ZONE 'UTC'")
        connection.commit()

    return set_up
