"""Explain what is wrong with the database in words that help: busy, full, read-only, damaged, gone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

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


class Fault(NamedTuple):
    """What a driver's message contains, in lower case, or its code; the cause with the way out; and the same for a page, if people meet it.

    `is_outside` says that nobody got in: whoever named the address should look at it.
    """

    words: tuple[str, ...]
    reason: str
    why: str = ""
    states: tuple[str, ...] = ()
    is_outside: bool = False


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


_NO_SUCH_USER = "the server lets no user of this name in with this address. Check the name and how this user signs in (pg_hba.conf)"
_NONE_GIVEN = "the server wants a password, and none was given. Write it into the address, or into ~/.pgpass, or set PGPASSWORD"
_REFUSALS = (
    (("no password supplied",), _NONE_GIVEN),
    (("empty password returned",), _NONE_GIVEN),
    (("password authentication failed",), "the server does not take this user with this password. Check both"),
    (("role ", "does not exist"), _NO_SUCH_USER),
    (
        ("database ", "does not exist"),
        "the server has no database of this name. Check the name, or make it: CREATE DATABASE NAME OWNER USER ENCODING 'UTF8' TEMPLATE "
        "template0;",
    ),
    (("authentication failed",), _NO_SUCH_USER),
    (("no pg_hba.conf entry",), _NO_SUCH_USER),
    (("permission denied for database",), "this user may not connect to this database: GRANT CONNECT ON DATABASE NAME TO USER;"),
    (("too many clients",), "all connections of the server are taken. Try again in a moment, or let it have more (max_connections)"),
    (("connection slots are reserved",), "all connections of the server are taken. Try again, or let it have more (max_connections)"),
    (("failed to resolve host",), "no machine of this name is known. Check the host in the address"),
    (("could not translate host name",), "no machine of this name is known. Check the host in the address"),
)
"""All words of a row must be in the message; the first row that fits counts."""
_UNREACHABLE = "the database server cannot be reached. Start it, or check host and port in the address"


def outside_fault(message: str) -> Fault | None:
    """The fault behind a message of the driver, if that is about getting in; the server's own words stand behind the reason."""
    lowered = message.lower()
    reason = next((reason for words, reason in _REFUSALS if all(word in lowered for word in words)), None)
    if reason is None and not any(word in lowered for word in ("connection", "server closed", "terminating")):
        return None
    return Fault((), f"{reason or _UNREACHABLE} ({_last_words(message)})", is_outside=True)


def _last_words(message: str) -> str:
    """What the server or the system said, without psycopg's beginning."""
    first = message.strip().splitlines()[0] if message.strip() else "it said nothing"
    return first.rpartition("FATAL:")[2].strip() or first
