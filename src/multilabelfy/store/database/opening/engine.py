"""Make the engine of a database, and set up each of its connections: one engine for each workspace.

SQLite runs in WAL mode with full synchronisation, so that a committed answer survives a killed process and a lost power supply.
"""

from collections.abc import Callable

from sqlalchemy import URL, Engine, RootTransaction, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from multilabelfy.errors import StoreUnavailable
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.driver import run

POOL_SIZE = 10
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "fullfsync=ON", "foreign_keys=ON", "cache_size=-32768", "temp_store=MEMORY")


def engine_of(address: URL, busy_seconds: float, most_connections: int) -> Engine:
    """The engine of an address. Raises StoreUnavailable if the driver is not installed."""
    is_sqlite = address.get_backend_name() == "sqlite"
    kept = min(POOL_SIZE, most_connections)
    pool = {"pool_size": kept, "max_overflow": most_connections - kept, "pool_timeout": busy_seconds}
    level = {} if is_sqlite else {"isolation_level": "READ COMMITTED", "pool_pre_ping": True}
    try:
        engine = create_engine(address, **pool, **level)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise StoreUnavailable(
            "Cannot open a PostgreSQL database: its driver is not installed. Run `pip install 'multilabelfy[postgres]'`."
        ) from error
    milliseconds = max(1, round(busy_seconds * 1000))
    event.listen(engine, "connect", _sqlite_set_up(milliseconds) if is_sqlite else _postgres_set_up(milliseconds))
    return engine


def begin(c: Connection, *, to_write: bool = False) -> RootTransaction:
    """Begin a transaction. The driver of PostgreSQL begins by itself; on SQLite a writing one takes its turn at once."""
    transaction = c.begin()
    if c.kind == "sqlite":
        run(c, "BEGIN IMMEDIATE" if to_write else "BEGIN")
    return transaction


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
        run_plainly(connection, f"PRAGMA busy_timeout={busy_milliseconds}", *(f"PRAGMA {pragma}" for pragma in _PRAGMAS))

    return set_up


def _postgres_set_up(busy_milliseconds: int) -> Callable[[DBAPIConnection, ConnectionPoolEntry], None]:
    def set_up(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        run_plainly(connection, f"SET lock_timeout = {busy_milliseconds}", "SET TIME ZONE 'UTC'")
        connection.commit()

    return set_up
