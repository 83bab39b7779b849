"""Copy a SQLite database while people work, together with what its log holds, into one file.

A copy of the file alone is not a backup: the newest commits lie in the file's `-wal` until a checkpoint moves them.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from multilabelfy.errors import StoreUnavailable
from multilabelfy.store.database.engine import Store


def copy_to(store: Store, file: Path) -> None:
    """Write everything committed so far into a new file that is complete by itself; nobody has to wait for it.

    Uses SQLite's online backup in one step, so that the copy shows one moment. Raises StoreUnavailable if the database is PostgreSQL's or
        the copy cannot be written.
    """
    if store.file is None:
        raise StoreUnavailable(
            f"The database at {store.url} is PostgreSQL's, whose own pg_dump backs it up while people work: pg_dump --format=custom "
            "--file=FILE ADDRESS. Copy the workspace's files beside it: `key`, `settings.toml` and `imported-answers`."
        )
    try:
        with store.reading() as c, closing(sqlite3.connect(file)) as copy:
            source: Any = c.connection.driver_connection
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # the copy keeps its pages in this file alone
            damage = [row[0] for row in copy.execute("PRAGMA quick_check")]
    except sqlite3.Error as error:
        file.unlink(missing_ok=True)
        raise StoreUnavailable(f"Cannot write the backup '{file}': {error}. Make room, or name another place.") from None
    if damage != ["ok"]:
        file.unlink(missing_ok=True)
        raise StoreUnavailable(f"The copy of {store.url} is damaged ({'; '.join(damage)}): run `multilabelfy doctor`.")
