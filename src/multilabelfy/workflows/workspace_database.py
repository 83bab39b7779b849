"""Where a workspace's database is: in its own file, or where the settings say; and who said so."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from multilabelfy.errors import InvalidSetting, StoreUnreachable
from multilabelfy.settings import SETTINGS_FILE, Settings, is_from_environment
from multilabelfy.store.database.opening.addresses import from_anywhere, is_relative, sqlite_url

DATABASE_FILE = "multilabelfy.db"
VARIABLE = "MULTILABELFY_DATABASE_URL"


def own_file(settings: Settings) -> Path:
    """The whole path of the workspace's own file, whether or not it is used."""
    return (settings.workspace / DATABASE_FILE).absolute()


def own_url(settings: Settings) -> str:
    """The address of the workspace's own file."""
    return sqlite_url(own_file(settings))


def database_url(settings: Settings) -> str:
    """The address of the database that is used.

    Raises InvalidSetting for a file that would be another one in each folder, StoreUnreachable for what is no address.
    """
    if not settings.database_url:
        return own_url(settings)
    with address_from(origin(settings)):
        is_another_in_each_folder = is_relative(settings.database_url)
    if is_another_in_each_folder:
        raise InvalidSetting(
            f"The address of the database in {origin(settings)} is another file in each folder: {settings.database_url}. Write its whole "
            f"path: from this folder it would be {from_anywhere(settings.database_url)}."
        )
    return settings.database_url


def origin(settings: Settings) -> str:
    """Who named the database: the environment's variable, or the workspace's file."""
    return VARIABLE if is_from_environment("database_url") else f"'{settings.workspace / SETTINGS_FILE}'"


@contextmanager
def address_from(place: str) -> Iterator[None]:
    """Where nobody gets in, say where the address came from that leads there."""
    try:
        yield
    except StoreUnreachable as error:
        raise StoreUnreachable(f"{error} The address is from {place}.", error.why) from error
