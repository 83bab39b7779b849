"""Bring a database's tables up to date, from inside the installed package."""

from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from multilabelfy.errors import StoreUnavailable
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.faults import fault_of
from multilabelfy.store.database.marks import mark_of, refusal
from multilabelfy.store.database.own_tables import foreign_tables, how_to_make, own_tables

REVISIONS = (
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
    "0015",
    "0016",
    "0017",
    "0018",
    "0019",
    "0020",
    "0021",
)
"""Every revision that this version knows, oldest first; a test holds it equal to the folder `versions`."""


def migrate(c: Connection, to: str | None = None) -> None:
    """Run the missing migrations in the caller's write transaction: servers that start at the same time migrate one after the other.

    An empty database may be given the tables of an older revision, `to`. Raises StoreUnavailable if the database is of a newer version,
    from before the first release, if it is empty but holds another program's tables, cannot hold every character, or lets this user make
    no tables.
    """
    revision = revision_of(c)
    if revision == REVISIONS[-1]:
        return
    if revision is None:
        check_free(c)
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
    if revision not in REVISIONS and not own_tables(c):
        raise _not_free(c, "alembic_version")
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


def check_free(c: Connection) -> None:
    """Raise StoreUnavailable unless the database has no table of another program's, and can hold a study."""
    if revision_of(c) is None:
        foreign = [*own_tables(c), *foreign_tables(c)]
    else:
        foreign = foreign_tables(c)
    if foreign:
        raise _not_free(c, foreign[0])
    encoding = "UTF8" if c.dialect.name == "sqlite" else str(c.execute(text("SHOW server_encoding")).scalar())
    if encoding != "UTF8":
        raise StoreUnavailable(f"Cannot use this database: its encoding is {encoding}, which lacks most characters. {how_to_make(c)}")


def _not_free(c: Connection, table: str) -> StoreUnavailable:
    return StoreUnavailable(f"Cannot use this database: it has a table '{table}' that Multilabelfy did not make. {how_to_make(c)}")


def _upgrade(c: Connection, to: str) -> None:
    # Only where there is something to do: Alembic takes a tenth of a second to load.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = c
    is_new, place = revision_of(c) is None, _place(c)
    try:
        command.upgrade(config, to)
    except DBAPIError as error:
        fault = fault_of(error)
        if getattr(error.orig, "sqlstate", None) in _NO_RIGHT:
            raise _lacks_right(error, *place) from error
        if fault is not None and fault.words:
            raise
        attempt = "make the tables of a study in this database" if is_new else "bring the database up to date"
        as_it_was = "" if is_new else ": the version that made it still opens it"
        raise StoreUnavailable(f"Cannot {attempt}: {str(error.orig).splitlines()[0]}. Nothing in it was changed{as_it_was}.") from error


_NO_RIGHT = ("42501", "3F000")
"""PostgreSQL's codes: a right is missing; no schema is there to make tables in."""


def _place(c: Connection) -> tuple[str, str]:
    """Who makes tables in PostgreSQL, and in which schema; empty if there is none."""
    if c.dialect.name == "sqlite":
        return "", ""
    user, schema = c.execute(text("SELECT current_user, current_schema()")).one()
    return str(user), str(schema or "")


def _lacks_right(error: DBAPIError, user: str, schema: str) -> StoreUnavailable:
    return StoreUnavailable(
        f"Cannot make or change tables in this database: {str(error.orig).splitlines()[0]}. The user '{user}' must own Multilabelfy's "
        f"tables, if there are any, and needs the right to make some. As the database's owner, run in it: "
        + (f'GRANT USAGE, CREATE ON SCHEMA "{schema}" TO "{user}";' if schema else f'CREATE SCHEMA AUTHORIZATION "{user}";')
    )
