"""A file with a part that Multilabelfy did not make is not taken over, and one in which such a part acts on our tables is not opened."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from multilabelfy.annotation.model import Role
from multilabelfy.errors import StoreUnavailable
from multilabelfy.settings import load_settings
from multilabelfy.store.database.opening.addresses import sqlite_url
from multilabelfy.workflows.team import people
from multilabelfy.workflows.upkeep.backups import back_up
from multilabelfy.workflows.upkeep.moving import move
from multilabelfy.workflows.upkeep.restoring import restore
from multilabelfy.workflows.workspace import opened

NOW = datetime(2030, 5, 6, 8, tzinfo=UTC)
NO_MORE = "BEGIN DELETE FROM sessions; END"
ACTING = {
    f"CREATE TRIGGER evil AFTER INSERT ON annotations {NO_MORE}": "a trigger 'evil' on the table 'annotations'",
    f'CREATE TRIGGER "refuse_INSERT_x" AFTER INSERT ON ANNOTATIONS {NO_MORE}': "a trigger 'refuse_INSERT_x' on the table 'annotations'",
    "DROP TABLE remarks; CREATE VIEW remarks AS SELECT 1 AS id": "a view 'remarks'",
    "DROP TABLE remarks; CREATE VIRTUAL TABLE remarks USING fts5(id)": "a virtual table 'remarks'",
    "CREATE INDEX odd ON annotators (lower(name))": "an index 'odd' on the table 'annotators'",
    "DROP INDEX ix_remarks_to; CREATE INDEX ix_remarks_to ON remarks (abs(to_id))": "an index 'ix_remarks_to' on the table 'remarks'",
    "ALTER TABLE annotators ADD COLUMN loud TEXT AS (upper(name))": "a computed column 'loud' on the table 'annotators'",
}
BESIDE = {
    "CREATE TABLE birds (name)": "a table 'birds'",
    "CREATE VIEW everybody AS SELECT name FROM annotators": "a view 'everybody'",
    "CREATE VIRTUAL TABLE words USING fts5(word)": "a virtual table 'words'",
    "CREATE INDEX names ON annotators (name)": "an index 'names' on the table 'annotators'",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    with opened(load_settings(tmp_path / "w"), create=True) as made:
        people.invite(made, "Ada", Role.OWNER, NOW)
    return tmp_path / "w"


def alter(folder: Path, statements: str) -> None:
    with closing(sqlite3.connect(folder / "multilabelfy.db")) as file:
        file.executescript(statements)


@pytest.mark.parametrize(("statements", "named"), [*ACTING.items(), *BESIDE.items()])
def test_a_backup_with_a_part_that_is_not_ours_is_not_restored(workspace: Path, tmp_path: Path, statements: str, named: str) -> None:
    with opened(load_settings(workspace)) as made:
        backup = back_up(made, tmp_path / "monday")
    alter(backup, statements)
    with pytest.raises(StoreUnavailable) as refused:
        restore(backup, tmp_path / "new", NOW)
    assert named in str(refused.value)
    assert "that Multilabelfy did not make" in str(refused.value)
    assert not (tmp_path / "new" / "key").exists()


@pytest.mark.parametrize(("statements", "named"), ACTING.items())
def test_a_workspace_in_which_something_acts_on_our_tables_is_neither_opened_nor_moved(
    workspace: Path, tmp_path: Path, statements: str, named: str
) -> None:
    alter(workspace, statements)
    to = sqlite_url(tmp_path / "other.db")
    with pytest.raises(StoreUnavailable, match=named):
        opened(load_settings(workspace)).__enter__()
    with pytest.raises(StoreUnavailable, match=named):
        move(load_settings(workspace), to, NOW)
    assert not (tmp_path / "other.db").exists()


@pytest.mark.parametrize("statements", BESIDE)
def test_what_another_program_keeps_beside_our_tables_stops_no_work(workspace: Path, statements: str) -> None:
    alter(workspace, statements)
    with opened(load_settings(workspace)) as again:
        assert [person.name for person in people.everyone(again)] == ["Ada"]


def test_the_way_out_that_is_named_leads_out(workspace: Path, tmp_path: Path) -> None:
    alter(workspace, f'CREATE TRIGGER "it\'s ""mine""" AFTER INSERT ON annotations {NO_MORE}; CREATE VIEW v AS SELECT 1')
    with pytest.raises(StoreUnavailable) as refused:
        restore(workspace, tmp_path / "new", NOW)
    with closing(sqlite3.connect(workspace / "multilabelfy.db")) as file:
        said = str(refused.value)
        assert " and 1 other part that Multilabelfy did not make" in said
        statements = 'DROP TRIGGER "it\'s ""mine"""; DROP VIEW "v";'
        assert said.endswith(statements.replace("'", "'\"'\"'") + "'")
        file.executescript(statements)
    assert restore(workspace, tmp_path / "new", NOW).kept is None


def test_a_file_that_was_moved_and_kept_has_triggers_of_ours(workspace: Path, tmp_path: Path) -> None:
    move(load_settings(workspace), sqlite_url(tmp_path / "other.db"), NOW)
    restore(workspace / "multilabelfy.db", tmp_path / "new", NOW)
    with opened(load_settings(tmp_path / "new")) as again:
        assert [person.name for person in people.everyone(again)] == ["Ada"]
