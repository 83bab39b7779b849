"""Explain what is wrong with the database in words that help: busy, full, read-only, damaged, gone."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from multilabelfy.errors import (
    DISK_BUSY,
    DISK_FAULTY,
    DISK_FULL,
    DISK_MOVED,
    DISK_READ_ONLY,
    InvalidInput,
    Problem,
    StoreReadOnly,
    StoreUnavailable,
    StoreUnreachable,
)
from multilabelfy.store.database.marks import REFUSAL
from multilabelfy.store.database.server_faults import Fault, outside_fault

# What the drivers say: SQLite's result texts, and PostgreSQL's messages.
_READ_ONLY = Fault(
    ("attempt to write a readonly", "read-only", "during recovery", "recovery is in progress"),
    "it is read-only. Give this user the right to write the file and its folder; of PostgreSQL, let its administrator make it writable",
    DISK_READ_ONLY,
)
_FAULTS = (
    Fault(
        ("database or disk is full", "no space left"),
        "the disk is full. Free some space and try again; what was saved before is safe",
        DISK_FULL,
    ),
    Fault(
        ("database is locked", "database table is locked", "lock timeout", "deadlock detected"),
        "another process keeps it busy. Try again; if it stays so, end that process",
        DISK_BUSY,
    ),
    _READ_ONLY,
    Fault(
        (REFUSAL,),
        "its content was moved to another database. Start this program again: the workspace's settings name that one",
        DISK_MOVED,
    ),
    Fault(("malformed", "file is not a database"), "the file is damaged or is not a SQLite database. Restore it from a backup"),
    Fault(("unable to open database",), "the file cannot be opened. Check that its folder exists and that this user may write in it"),
    Fault(
        ("disk i/o error",),
        "the disk gives errors, or a quota or a limit on the size of files is reached. Check the disk, then try again",
        DISK_FAULTY,
    ),
    Fault(
        (),
        "this database's user lacks a right. Let that user own the database and all of Multilabelfy's tables in it, as PostgreSQL's "
        "administrator: ALTER DATABASE … OWNER TO …, ALTER TABLE … OWNER TO …",
        states=("42501",),
    ),
)


@contextmanager
def explained(attempt: str, where: str) -> Iterator[None]:
    """Turn a driver's error into StoreUnavailable, or into InvalidInput if the database cannot hold a value; let all other errors pass."""
    try:
        yield
    except PoolTimeout as error:
        raise StoreUnavailable(f"Cannot {attempt} {where}: too many requests at once. Try again in a moment.", DISK_BUSY) from error
    except DataError as error:
        raise _not_storable(attempt, where, str(error.orig)) from error
    except UnicodeEncodeError as error:
        raise _not_storable(attempt, where, "a text holds a character that is not valid Unicode") from error
    except DBAPIError as error:
        fault = fault_of(error)
        if fault is None:
            raise
        kind = StoreReadOnly if fault is _READ_ONLY else StoreUnreachable if fault.is_outside else StoreUnavailable
        raise kind(f"Cannot {attempt} {where}: {fault.reason}.", fault.why) from error


def read_only(where: str) -> StoreReadOnly:
    """The error of a database that was opened for reading."""
    return StoreReadOnly(f"Cannot write to {where}: {_READ_ONLY.reason}.", _READ_ONLY.why)


def fault_of(error: DBAPIError) -> Fault | None:
    """The fault behind a driver's error, or None if the error is a mistake of ours rather than a fault of the database."""
    message, state = str(error.orig), str(getattr(error.orig, "sqlstate", None))
    known = next((each for each in _FAULTS if state in each.states or any(word in message.lower() for word in each.words)), None)
    if known is not None and known.states:
        known = known._replace(reason=f"{known.reason} ({message.splitlines()[0]})")
    if known is not None or not isinstance(error, OperationalError | InterfaceError):
        return known
    return outside_fault(message) or (Fault((), message.strip()) if isinstance(error, OperationalError) else None)


def _not_storable(attempt: str, where: str, reason: str) -> InvalidInput:
    return InvalidInput(f"Cannot {attempt} {where}", [Problem("a value", reason)], "Remove that character or value and try again.")
