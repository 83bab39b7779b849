"""Bring a database's tables up to date, from inside the installed package."""

from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from multilabelfy.errors import StoreUnavailable
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.faults import fault_of
from multilabelfy.store.database.marks import mark_of, refusal
from multilabelfy.store.schema import metadata

REVISIONS = ("0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012", "0013", "0014", "0015", "0016", "0017", "0018")
"""Every revision that this version knows, oldest first; a test holds it equal to the folder `versions`."""


def migrate(c: Connection, to: str | None = None) -> None:
    """Run the missing migrations in the caller's write transaction: servers that start at the same time migrate one after the other.

    An empty database may be given the tables of an older revision, `to`. Raises StoreUnavailable if the database is of a newer version,
    from before the first release, or holds another program's tables.
    """
    revision = revision_of(c)
    if revision == REVISIONS[-1]:
        return
    if revision is None:
        _check_free(c)
    else:
        check_known(c)
    _upgrade(c, to or REVISIONS[-1])


def check_known(c: Connection) -> None:
    """Raise StoreUnavailable unless this version can read the database or bring it up to date."""
    revision = revision_of(c)
    if revision is None:
        raise StoreUnavailable("Cannot read this database: it is none of Multilabelfy's. Name the one of a workspace or a backup.")
    mark = mark_of(c, revision)
    if mark is not None:
        raise refusal(mark)
    if revision < REVISIONS[0]:
        raise StoreUnavailable(
            f"Cannot open this database: it was made before the first release (revision {revision}). Export its answers with the version "
            "that made it, and import them here."
        )
    if revision not in REVISIONS:
        raise StoreUnavailable(
            f"Cannot open this database: it was made by a newer version of Multilabelfy (revision {revision}; this one knows "
            f"up to {REVISIONS[-1]}). Bring the project's folder up to date (`git pull`) and run `pip install .` in it."
        )


def older_revision(c: Connection) -> str | None:
    """The revision of a database that is to be brought up to date; None for a new one and a current one. Raises as `check_known`."""
    revision = revision_of(c)
    if revision in (None, REVISIONS[-1]):
        return None
    check_known(c)
    return revision


def check_current(c: Connection) -> None:
    """Raise StoreUnavailable unless the tables of a database that cannot be written are this version's."""
    revision = revision_of(c)
    mark = mark_of(c, revision)
    if mark is not None:
        raise refusal(mark)
    if revision != REVISIONS[-1]:
        raise StoreUnavailable(
            f"Cannot read this database: it is read-only, and of another version of Multilabelfy (revision {revision}; this one "
            f"reads {REVISIONS[-1]}). Open it once where it can be written, which brings it up to date."
        )


def is_current(c: Connection) -> bool:
    """Whether the tables are this version's."""
    return revision_of(c) == REVISIONS[-1]


def revision_of(c: Connection) -> str | None:
    """The database's revision, or None if the database is empty."""
    if not inspect(c).has_table("alembic_version"):
        return None
    revision = c.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if revision is None else str(revision)


def _check_free(c: Connection) -> None:
    foreign = sorted(set(inspect(c).get_table_names()) & set(metadata.tables))
    if foreign:
        raise StoreUnavailable(
            f"Cannot use this database: it has a table '{foreign[0]}' that Multilabelfy did not make. Name an empty one."
        )


def _upgrade(c: Connection, to: str) -> None:
    # Only where there is something to do: Alembic takes a tenth of a second to load.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = c
    try:
        command.upgrade(config, to)
    except DBAPIError as error:
        fault = fault_of(error)
        if fault is not None and fault.words:
            raise
        why = str(error.orig).splitlines()[0]
        raise StoreUnavailable(
            f"Cannot bring the database up to date: {why}. Nothing in it was changed: the version that made it still opens it."
        ) from error
