"""Migrations give exactly the tables that the code expects, once, and never touch a newer database."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine, inspect, text

from multilabelfy.errors import StoreUnavailable
from multilabelfy.store.database import migrations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.schema import metadata

pytestmark = pytest.mark.usefixtures("migrations_run")


def test_migrations_give_exactly_the_expected_tables(database_url: str) -> None:
    with Store.open(database_url) as store, store.writing() as c:
        migrated = tables_of(c)
        drop_all(c)
        metadata.create_all(c)
        assert migrated == tables_of(c)
        assert set(migrated) == set(metadata.tables)


def test_every_revision_in_the_folder_is_known(tmp_path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    revisions = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(revisions)) == migrations.REVISIONS


def test_a_database_of_a_newer_version_is_refused(database_url: str) -> None:
    with Store.open(database_url) as store, store.writing() as c:
        c.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnavailable, match=r"newer version of Multilabelfy \(revision 9999; this one knows up to .*pip install \."):
        Store.open(database_url)


def test_a_database_from_before_the_first_release_is_refused(database_url: str) -> None:
    with Store.open(database_url) as store, store.writing() as c:
        c.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    with pytest.raises(StoreUnavailable, match=r"made before the first release \(revision 0002\)"):
        Store.open(database_url)


def test_servers_that_start_at_once_migrate_once(database_url: str) -> None:
    failures: list[Exception] = []

    def start() -> None:
        try:
            Store.open(database_url).close()
        except Exception as error:  # a thread's exception would be lost
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with Store.open(database_url) as store, store.reading() as c:
        assert migrations.revision_of(c) == migrations.REVISIONS[-1]


def test_a_database_with_tables_of_something_else_is_refused(database_url: str) -> None:
    with plain(database_url) as c:
        c.execute(text("CREATE TABLE sessions (name TEXT)"))
    with pytest.raises(StoreUnavailable, match="has a table 'sessions' that Multilabelfy did not make"):
        Store.open(database_url)


def test_a_migration_that_fails_half_way_leaves_the_database_as_it_was(database_url: str) -> None:
    with plain(database_url) as c:
        c.execute(text("CREATE TABLE other (name TEXT)"))
        c.execute(text("CREATE INDEX ix_images_place ON other (name)"))
    with pytest.raises(StoreUnavailable, match="ix_images_place"):
        Store.open(database_url)
    with plain(database_url) as c:
        assert inspect(c).get_table_names() == ["other"]


@contextmanager
def plain(database_url: str) -> Iterator[Connection]:
    """A transaction without a store."""
    engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))
    with Connection(engine) as c, c.begin():
        yield c
    engine.dispose()


def tables_of(c: Connection) -> dict[str, object]:
    """What the database says of each table: columns, keys, and its indices in SQL."""
    inspector = inspect(c)
    return {table: facts(c, table) for table in inspector.get_table_names() if table != "alembic_version"}


def facts(c: Connection, table: str) -> dict[str, object]:
    inspector = inspect(c)
    columns = [(column["name"], str(column["type"]), column["nullable"]) for column in inspector.get_columns(table)]
    foreign = [(x["name"], x["constrained_columns"], x["referred_table"], x["referred_columns"]) for x in inspector.get_foreign_keys(table)]
    unique = [(x["name"], x["column_names"]) for x in inspector.get_unique_constraints(table)]
    keys = {"primary": inspector.get_pk_constraint(table)["constrained_columns"], "foreign": sorted(foreign), "unique": sorted(unique)}
    return {"columns": sorted(columns), **keys, "indices": indices(c, table)}


def indices(c: Connection, table: str) -> list[str]:
    query = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :name AND sql IS NOT NULL ORDER BY sql",
        "postgresql": "SELECT indexdef FROM pg_indexes WHERE tablename = :name AND schemaname = current_schema() ORDER BY indexdef",
    }[c.dialect.name]
    return [re.sub(r"\s+", " ", sql) for sql in c.execute(text(query), {"name": table}).scalars()]


def drop_all(c: Connection) -> None:
    there = MetaData()
    there.reflect(c, only=lambda name, _: name != "alembic_version")
    there.drop_all(c)
