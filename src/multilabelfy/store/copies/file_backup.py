"""Look into a SQLite file that is kept as a backup, without changing it; copy it; bring the copy up to date."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from multilabelfy.errors import StoreUnavailable
from multilabelfy.store import people
from multilabelfy.store.copies.table_sums import TableSum, table_sums
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.health import damage
from multilabelfy.store.database.marks import MOVED, Mark, mark_of, take_mark_off
from multilabelfy.store.database.migrations import check_known, revision_of
from multilabelfy.store.database.odd_parts import odd_parts, refuse_parts
from multilabelfy.store.database.opening.addresses import sqlite_url
from multilabelfy.store.database.opening.reading_only import reading_engine
from multilabelfy.store.database.opening.store import BUSY_SECONDS, Store
from multilabelfy.store.schema import datasets


def inspected(file: Path) -> tuple[TableSum, ...]:
    """What each table holds, after the whole file was checked.

    Raises StoreUnavailable if it is damaged, is none of Multilabelfy's or has a part that is not, or is of a newer
    version or one before the first release.
    """
    engine = reading_engine(file, BUSY_SECONDS)
    try:
        with Connection(engine) as c:
            problem = damage(c, thorough=True)
            if problem:
                raise StoreUnavailable(f"The database in '{file}' is damaged ({problem}): take an older backup.")
            _check_ours(c, file)
            return table_sums(c)
    except DBAPIError as error:
        raise StoreUnavailable(f"Cannot read a database from '{file}': {error.orig}. Take another backup.") from error
    finally:
        engine.dispose()


def n_datasets_or_mark(file: Path) -> int | Mark:
    """How many datasets a file holds, or where its content was moved. What cannot be read holds none."""
    engine = reading_engine(file, BUSY_SECONDS)
    try:
        with Connection(engine) as c:
            mark = mark_of(c, revision_of(c))
            if mark is not None:
                return mark if mark.kind == MOVED else 0
            return int(c.execute(select(func.count()).select_from(datasets)).scalar_one())
    except DBAPIError:
        return 0
    finally:
        engine.dispose()


def copy_file(source: Path, target: Path) -> None:
    """Copy a database, with what lies in its log, into one file. Raises StoreUnavailable."""
    has_log = source.with_name(f"{source.name}-wal").exists()
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?{'mode=ro' if has_log else 'immutable=1'}", uri=True)) as original,
            closing(sqlite3.connect(target)) as copy,
        ):
            original.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise StoreUnavailable(f"Cannot copy '{source}' to '{target}': {error}. Make room, or name another place.") from None


def brought_up_to_date(file: Path) -> tuple[str, str]:
    """Run the migrations that a file of an older version lacks; returns its revision before and after.

    What was marked as moved away is an ordinary database again.
    """
    engine = reading_engine(file, BUSY_SECONDS)
    with Connection(engine) as c:
        mark = mark_of(c, revision_of(c))
        before = mark.revision if mark else revision_of(c)
    engine.dispose()
    if mark is not None:
        with Store.connect(sqlite_url(file)) as store, store.writing() as c:
            take_mark_off(c, mark)
    with Store.open(sqlite_url(file)) as store, store.reading() as c:
        return str(before), str(revision_of(c))


def ended_access(file: Path, now: datetime) -> None:
    """Revoke all links and end all sessions that a file holds."""
    with Store.open(sqlite_url(file)) as store, store.writing() as c:
        people.end_everybodys_access(c, now)
    with closing(sqlite3.connect(file)) as plain:
        plain.execute("PRAGMA journal_mode=DELETE")


def _check_ours(c: Connection, file: Path) -> None:
    """A newer version's tables are odd to this one: that it is newer is said, unless something acts on our tables."""
    parts = odd_parts(c)
    if not any(part.touches_ours for part in parts) and not _is_moved(c):
        check_known(c)
    refuse_parts(parts, f"Cannot take over '{file}'", file)


def _is_moved(c: Connection) -> bool:
    """What was moved away is kept as it was: as good as a backup."""
    return revision_of(c) == MOVED
