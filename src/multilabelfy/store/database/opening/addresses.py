"""The address of a database: what may be written, how it is shown, and whether a SQLite file can be there."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from multilabelfy.errors import StoreUnavailable
from multilabelfy.store.database.opening.mounts import refuse_network


def sqlite_url(path: Path) -> str:
    """The address of a SQLite file."""
    return URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)


def address_without_password(url: str) -> str:
    """An address as it may be shown and compared. Raises StoreUnavailable if it is none."""
    return parsed(url).render_as_string(hide_password=True)


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite address; None for PostgreSQL's."""
    address = parsed(url)
    return Path(address.database or "") if address.get_backend_name() == "sqlite" else None


def parsed(url: str) -> URL:
    """The parsed address; `postgres://` and `postgresql://` mean psycopg. Raises StoreUnavailable if it is none."""
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise StoreUnavailable(_not_an_address()) from error
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreUnavailable(f"Cannot open a '{address.drivername}' database: only SQLite and PostgreSQL are known. {_not_an_address()}")
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


def _not_an_address() -> str:
    return "Write the database's address as postgresql://user:password@host/name, or leave it out for a file in the workspace."
