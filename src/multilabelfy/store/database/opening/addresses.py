"""The address of a database: what may be written, how it is shown, and whether a SQLite file can be there."""

from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from multilabelfy.errors import StoreUnavailable, StoreUnreachable
from multilabelfy.store.database.opening.mounts import refuse_network

_SECRET = ("password", "sslpassword")
"""What libpq takes as a secret behind the `?` of an address."""
_DRIVER = "postgresql+psycopg"


def sqlite_url(path: Path) -> str:
    """The address of a SQLite file."""
    return URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)


def address_without_password(url: str) -> str:
    """An address as it may be shown and compared. Raises StoreUnreachable if it is none."""
    return shown(parsed(url))


def is_same_address(first: str, second: str) -> bool:
    """Whether two addresses are written alike, whatever their passwords."""
    return address_without_password(first) == address_without_password(second)


def shown(address: URL) -> str:
    """A parsed address without its passwords, written as people write it: no driver, and a socket's path with its slashes."""
    if address.drivername == _DRIVER:
        address = address.set(drivername="postgresql")
    hidden = {name: "***" for name in _SECRET if name in address.query}
    where, mark, query = address.update_query_dict(hidden).render_as_string(hide_password=True).partition("?")
    return where + mark + query.replace("%2F", "/").replace("%2A", "*")


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite address; None for PostgreSQL's."""
    address = parsed(url)
    return Path(address.database or "") if address.get_backend_name() == "sqlite" else None


def is_relative(url: str) -> bool:
    """Whether it names a file that is another one in each folder."""
    file = sqlite_file(url)
    return file is not None and file.name not in ("", ":memory:") and not file.is_absolute()


def from_anywhere(url: str) -> str:
    """The address that names the same from whatever folder a program is started: a SQLite file has its whole path."""
    return sqlite_url(Path(parsed(url).database or "").absolute()) if is_relative(url) else url


def parsed(url: str) -> URL:
    """The parsed address; `postgres://` and `postgresql://` mean psycopg.

    Raises StoreUnreachable if it is none, which shows no part of it: what stands in a wrong place may be a password.
    """
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise StoreUnreachable(f"This is no address of a database. {_FORM}") from error
    except ValueError:  # the port; what stands there may be a password behind which the @ is missing
        raise StoreUnreachable(f"The port in the database's address is no number. {_FORM}") from None
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername=_DRIVER)
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreUnreachable(f"Cannot open a '{address.drivername}' database: only SQLite and PostgreSQL are known. {_FORM}")
    if address.get_backend_name() == "postgresql" and _is_cut_at_a_sign(url, address):
        raise StoreUnreachable(
            "A sign in the password of the database's address would be taken for a part of the address. In a password, write @ as %40, "
            "/ as %2F, : as %3A, ? as %3F, # as %23 and % as %25."
        )
    return address


def check_file(address: URL, *, create: bool) -> None:
    """Raise StoreUnavailable if SQLite's file cannot be there, or is missing and not to be made."""
    if not address.database or address.database == ":memory:":
        raise StoreUnavailable("Cannot keep answers in memory alone: name a file, as in sqlite:////home/ada/workspace/multilabelfy.db.")
    path = Path(address.database)
    if not create and not path.is_file():
        raise StoreUnavailable(f"There is no database at {path}. Check the workspace's name, or import a dataset to make one.")
    if not path.parent.is_dir():
        raise StoreUnavailable(f"Cannot make a database at {path}: there is no folder {path.parent}. Make it first.")
    refuse_network(path)


def make_private(file: Path) -> None:
    """Where SQLite is about to make a file, make it empty: it, and so the log beside it, is for its owner alone."""
    if not file.exists():
        with suppress(OSError):  # SQLite says why it cannot be made
            file.touch(mode=0o600)


def _is_cut_at_a_sign(url: str, address: URL) -> bool:
    """Whether an @ of the password was taken for the end of it: another one is left."""
    query = "" if "?" in str(address.password or "") else url.partition("?")[2]
    return "@" in f"{address.host or ''}{address.database or ''}{query.partition('=')[0]}"


_FORM = (
    "Write it as postgresql://user:password@host/name, or postgresql://user:password@host:5432/name. The workspace's own file needs no "
    "address in the settings, and is called `sqlite` in `backup --move-to`."
)
