"""Migrations give exactly the tables that the code expects, once, and never touch a newer database."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine, inspect, make_url, text
from tests.databases import new_postgres_database

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


@pytest.mark.parametrize("table", ["sessions", "my_lab"])
def test_a_database_with_tables_of_something_else_is_refused(database_url: str, table: str) -> None:
    with plain(database_url) as c:
        c.execute(text(f"CREATE TABLE {table} (name TEXT)"))
    with pytest.raises(StoreUnavailable, match=f"has a table '{table}' that Multilabelfy did not make"):
        Store.open(database_url)
    with plain(database_url) as c:
        assert inspect(c).get_table_names() == [table]


def test_a_database_of_another_program_that_keeps_revisions_too_is_no_newer_version(database_url: str) -> None:
    with plain(database_url) as c:
        c.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        c.execute(text("INSERT INTO alembic_version VALUES ('2f1c0a7d9e55')"))
    with pytest.raises(StoreUnavailable, match="has a table 'alembic_version' that Multilabelfy did not make"):
        Store.open(database_url)


def test_a_study_that_another_program_has_put_a_table_beside_is_opened(database_url: str) -> None:
    Store.open(database_url).close()
    with plain(database_url) as c:
        c.execute(text("CREATE TABLE my_lab (name TEXT)"))
    with Store.open(database_url) as store, store.reading() as c:
        assert migrations.is_current(c)


@pytest.mark.postgres
def test_a_database_that_cannot_hold_every_character_is_refused_with_one_that_can(postgres_server: str) -> None:
    _, latin = new_postgres_database(postgres_server, encoding="LATIN1")
    with pytest.raises(StoreUnavailable, match=r"its encoding is LATIN1.*CREATE DATABASE study OWNER \"user_.*ENCODING 'UTF8'"):
        Store.open(latin)


@pytest.mark.postgres
def test_where_a_user_may_make_no_tables_the_missing_grant_is_said(postgres_server: str) -> None:
    root, url = new_postgres_database(postgres_server)
    user = make_url(url).username
    with plain(root) as c:
        c.execute(text("ALTER SCHEMA public OWNER TO postgres"))
        c.execute(text("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
    with pytest.raises(StoreUnavailable, match=f'permission denied for schema public.*GRANT USAGE, CREATE ON SCHEMA "public" TO "{user}";'):
        Store.open(url)
    with plain(root) as c:
        c.execute(text(f'GRANT USAGE, CREATE ON SCHEMA "public" TO "{user}"'))
    Store.open(url).close()


@pytest.mark.postgres
def test_tables_that_another_user_owns_are_no_mistake_of_ours(postgres_server: str) -> None:
    root, url = new_postgres_database(postgres_server)
    Store.open(root).close()
    with Store.connect(url) as store, pytest.raises(StoreUnavailable, match=r"lacks a right.*permission denied for"), store.reading() as c:
        c.execute(text("SELECT count(*) FROM datasets"))


def test_a_migration_that_fails_half_way_leaves_the_database_as_it_was(database_url: str) -> None:
    with plain(database_url) as c:
        c.execute(text("CREATE VIEW ix_images_place AS SELECT 1 AS one"))
    with pytest.raises(StoreUnavailable, match="ix_images_place"):
        Store.open(database_url)
    with plain(database_url) as c:
        assert (inspect(c).get_table_names(), inspect(c).get_view_names()) == ([], ["ix_images_place"])


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
