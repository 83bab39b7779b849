"""Open a SQLite file that this process cannot write: on a read-only disk, or without the right to.

Source: SQLite's documentation on read-only WAL databases. Where the file has a log beside it, SQLite reads both. Where it has none, and
none can be made, the file is declared immutable: whoever writes to it makes a log. Each transaction looks anew.
"""

import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.pool import NullPool


def reading_engine(file: Path, busy_seconds: float) -> Engine:
    """An engine whose connections can do nothing but read."""
    return create_engine(URL.create("sqlite", database=str(file)), creator=lambda: _connection(file, busy_seconds), poolclass=NullPool)


def _connection(file: Path, busy_seconds: float) -> sqlite3.Connection:
    has_log = file.with_name(f"{file.name}-wal").exists()
    address = f"file:{quote(str(file.absolute()))}?{'mode=ro' if has_log else 'immutable=1'}"
    connection = sqlite3.connect(address, uri=True, timeout=busy_seconds, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA query_only=ON")
    connection.execute("PRAGMA temp_store=MEMORY")
    return connection
