"""Explain what is wrong with the database in words that help: busy, full, read-only, damaged, gone."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from multilabelfy.errors import InvalidInput, Problem, StoreUnavailable

# What the drivers say (SQLite's result texts; PostgreSQL's messages), and the way out.
_FAULTS = (
    (("database or disk is full", "no space left"), "the disk is full. Free some space and try again; what was saved before is safe"),
    (
        ("database is locked", "database table is locked", "lock timeout", "deadlock detected"),
        "another process keeps it busy. Try again; if it stays so, end that process",
    ),
    (("attempt to write a readonly", "read-only"), "it is read-only. Give this user the right to write the file and its folder"),
    (("malformed", "file is not a database"), "the file is damaged or is not a SQLite database. Restore it from a backup"),
    (("unable to open database",), "the file cannot be opened. Check that its folder exists and that this user may write in it"),
    (("disk i/o error",), "the disk gives errors. Check the disk, then try again"),
    (
        ("connection", "server closed", "terminating"),
        "the database server cannot be reached. Start it, or check the address in the settings",
    ),
)


@contextmanager
def explained(attempt: str, where: str) -> Iterator[None]:
    """Turn a driver's error into StoreUnavailable, or into InvalidInput if the database cannot hold a value; let all other errors pass."""
    try:
        yield
    except PoolTimeout as error:
        raise StoreUnavailable(f"Cannot {attempt} {where}: too many requests at once. Try again in a moment.") from error
    except DataError as error:
        raise _not_storable(attempt, where, str(error.orig)) from error
    except UnicodeEncodeError as error:
        raise _not_storable(attempt, where, "a text holds a character that is not valid Unicode") from error
    except DBAPIError as error:
        reason = reason_of(error)
        if reason is None:
            raise
        raise StoreUnavailable(f"Cannot {attempt} {where}: {reason}.") from error


def reason_of(error: DBAPIError) -> str | None:
    """The cause of a driver's error and the way out, or None if the error is a mistake of ours rather than a fault of the database."""
    message = str(error.orig).lower()
    for words, reason in _FAULTS:
        if any(word in message for word in words):
            return reason
    return str(error.orig).strip() if isinstance(error, OperationalError) else None


def _not_storable(attempt: str, where: str, reason: str) -> InvalidInput:
    return InvalidInput(f"Cannot {attempt} {where}", [Problem("a value", reason)], "Remove that character or value and try again.")
