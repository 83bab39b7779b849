"""A move touches Multilabelfy's own tables alone, wherever another program's lie beside them, and no file before all has arrived."""

from pathlib import Path

import psycopg
import pytest
from tests.databases import new_postgres_database, new_postgres_schema
from tests.studies import NOW
from tests.workflows.upkeep.test_moving import names, small

from multilabelfy.annotation.model import Role
from multilabelfy.errors import InvalidInput, StoreUnavailable
from multilabelfy.settings import load_settings
from multilabelfy.store import people as stored_people
from multilabelfy.store.database.opening.addresses import sqlite_url
from multilabelfy.store.database.opening.store import Store
from multilabelfy.workflows.team import people
from multilabelfy.workflows.upkeep.moving import move
from multilabelfy.workflows.upkeep.restoring import restore
from multilabelfy.workflows.workspace import opened

__all__ = ["small"]
ANOTHER_PROGRAM = (
    "CREATE TABLE my_lab (name TEXT)",
    "CREATE FUNCTION refuse_writes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "CREATE TRIGGER refuse_writes BEFORE INSERT ON my_lab FOR EACH ROW EXECUTE FUNCTION refuse_writes()",
)


def run(url: str, *statements: str) -> list[tuple[str]]:
    """Run statements as another program does, and give the rows of `my_lab`."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
        return connection.execute("SELECT name FROM my_lab").fetchall()


@pytest.mark.postgres
@pytest.mark.parametrize("is_of_another_user", [False, True])
def test_a_database_with_another_programs_table_is_not_moved_into_and_stays_as_it_was(
    is_of_another_user: bool, small: Path, postgres_server: str
) -> None:
    root, own = new_postgres_database(postgres_server)
    run(root if is_of_another_user else own, *ANOTHER_PROGRAM)
    with pytest.raises(StoreUnavailable, match=r"has a table 'my_lab' that Multilabelfy did not make.*CREATE DATABASE"):
        move(load_settings(small), own, NOW)
    with psycopg.connect(own) as connection:
        assert connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall() == [("my_lab",)]
    assert load_settings(small).database_url is None
    assert names(load_settings(small)) == ["Ada", "Bob"]


@pytest.mark.postgres
@pytest.mark.parametrize("is_of_another_user", [False, True])
def test_a_table_that_another_program_put_beside_the_study_neither_stops_a_move_nor_is_closed(
    is_of_another_user: bool, small: Path, postgres_server: str
) -> None:
    root, own = new_postgres_database(postgres_server)
    move(load_settings(small), own, NOW)
    program = root if is_of_another_user else own
    run(program, *ANOTHER_PROGRAM)
    with psycopg.connect(program) as busy:
        busy.execute("INSERT INTO my_lab VALUES ('before')")  # its transaction stays open while the study moves
        move(load_settings(small), "sqlite", NOW)
    assert run(program, "INSERT INTO my_lab VALUES ('after')") == [("before",), ("after",)]
    assert names(load_settings(small)) == ["Ada", "Bob"]


def test_a_file_in_which_another_program_keeps_a_table_stays_open_to_it(small: Path, tmp_path: Path) -> None:
    to = sqlite_url(tmp_path / "shared.db")
    move(load_settings(small), to, NOW)
    with Store.connect(to) as store, store.writing() as c:
        c.exec_driver_sql("CREATE TABLE my_lab (name TEXT)")
    move(load_settings(small), "sqlite", NOW)
    with Store.connect(to) as store, store.writing() as c:
        c.exec_driver_sql("INSERT INTO my_lab VALUES ('after')")
    with pytest.raises(StoreUnavailable, match="a table 'my_lab' that Multilabelfy did not make"):
        move(load_settings(small), sqlite_url(other_program(tmp_path)), NOW)


def other_program(folder: Path) -> Path:
    """The file of another program."""
    with Store.connect(sqlite_url(folder / "other.db")) as store, store.writing() as c:
        c.exec_driver_sql("CREATE TABLE my_lab (name TEXT)")
    return folder / "other.db"


def test_the_file_in_the_way_stays_in_its_place_until_all_has_arrived(small: Path, tmp_path: Path) -> None:
    move(load_settings(small), sqlite_url(tmp_path / "new.db"), NOW)
    before = (small / "multilabelfy.db").read_bytes()

    def ended(_: str, done: int, __: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(load_settings(small), "sqlite", NOW, ended)
    assert (small / "multilabelfy.db").read_bytes() == before
    assert not (small / "backups").exists()
    kept = move(load_settings(small), "sqlite", NOW).set_aside
    assert kept is not None
    assert kept.stat().st_mode & 0o077 == 0
    assert not list(small.glob("*.arriving*"))
    restore(kept, tmp_path / "as it was", NOW)
    assert names(load_settings(tmp_path / "as it was")) == names(load_settings(small)) == ["Ada", "Bob"]


@pytest.mark.parametrize("step", ["marked", "opened"])
def test_cut_off_after_all_has_arrived_the_same_command_puts_it_into_its_place(step: str, small: Path, tmp_path: Path) -> None:
    move(load_settings(small), sqlite_url(tmp_path / "new.db"), NOW)
    with opened(load_settings(small)) as workspace:
        people.invite(workspace, "Cem", Role.ANNOTATOR, NOW)

    def ended(at: str, done: int, _: int) -> None:
        if at == step and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(load_settings(small), "sqlite", NOW, ended)
    move(load_settings(small), "sqlite", NOW)
    assert load_settings(small).database_url is None
    assert names(load_settings(small)) == ["Ada", "Bob", "Cem"]


@pytest.mark.postgres
def test_a_database_that_keeps_what_was_moved_away_says_how_it_is_emptied(small: Path, postgres_server: str) -> None:
    url = new_postgres_schema(postgres_server)
    move(load_settings(small), url, NOW)
    move(load_settings(small), "sqlite", NOW)
    with pytest.raises(StoreUnavailable, match="it keeps what was moved to") as refused:
        move(load_settings(small), url, NOW)
    command = str(refused.value).partition("run in it: ")[2]
    run(url, "CREATE TABLE my_lab (name TEXT)", command)
    run(url, "DROP TABLE my_lab; CREATE TABLE my_lab (name TEXT)")
    with psycopg.connect(url) as connection:
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        assert connection.execute(tables.encode()).fetchall() == [("my_lab",)]
        connection.execute("DROP TABLE my_lab")
    move(load_settings(small), url, NOW)
    assert names(load_settings(small)) == ["Ada", "Bob"]


@pytest.mark.postgres
def test_the_same_database_by_another_name_is_told_at_once(small: Path, postgres_server: str) -> None:
    url = new_postgres_schema(postgres_server)
    move(load_settings(small), url, NOW)
    with pytest.raises(StoreUnavailable, match="this is where the workspace's database is, by another name"):
        move(load_settings(small), f"{url}&application_name=study", NOW)


def test_a_file_that_the_move_is_started_beside_is_named_by_its_whole_path(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    move(load_settings(small), "sqlite:///foo.db", NOW)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert names(load_settings(small)) == ["Ada", "Bob"]
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert (tmp_path / "foo.db").stat().st_mode & 0o077 == 0
    with pytest.raises(InvalidInput, match="this is where the workspace's database is"):
        move(load_settings(small), sqlite_url(tmp_path / "foo.db"), NOW)


def test_the_own_file_is_named_in_any_case(small: Path, tmp_path: Path) -> None:
    move(load_settings(small), sqlite_url(tmp_path / "new.db"), NOW)
    assert move(load_settings(small), "SQLite", NOW).after == sqlite_url(small / "multilabelfy.db")


def test_people_who_are_alone_in_a_database_are_not_overwritten(small: Path, tmp_path: Path) -> None:
    with Store.open(sqlite_url(tmp_path / "eve.db")) as store, store.writing() as c:
        stored_people.add(c, "Eve", Role.OWNER, NOW)
    with pytest.raises(StoreUnavailable, match="a study is there already, with 0 datasets and 1 person"):
        move(load_settings(small), sqlite_url(tmp_path / "eve.db"), NOW)
