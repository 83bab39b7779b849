"""What a PostgreSQL server says when nobody gets in, and what to do: psycopg gives these no code, only libpq's and the server's text."""

from typing import NamedTuple


class Fault(NamedTuple):
    """What a driver's message contains, in lower case, or its code; the cause with the way out; and the same for a page, if people meet it.

    `is_outside` says that nobody got in: whoever named the address should look at it.
    """

    words: tuple[str, ...]
    reason: str
    why: str = ""
    states: tuple[str, ...] = ()
    is_outside: bool = False


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
