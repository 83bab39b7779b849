"""A workspace comes back from a backup as it was, from every version, and never over one that is not kept."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.databases import new_postgres_schema
from tests.workflows.upkeep.test_releases import RELEASES, bring_back

from multilabelfy.annotation.model import Role
from multilabelfy.errors import InvalidInput, StoreUnavailable
from multilabelfy.settings import load_settings
from multilabelfy.store.copies.table_sums import table_sums
from multilabelfy.store.database import migrations
from multilabelfy.store.database.opening.addresses import sqlite_url
from multilabelfy.workflows.serving.serving import served
from multilabelfy.workflows.team import people
from multilabelfy.workflows.upkeep.backups import back_up
from multilabelfy.workflows.upkeep.contents import contents
from multilabelfy.workflows.upkeep.restoring import restore
from multilabelfy.workflows.workspace import Workspace, opened

NOW = datetime(2030, 5, 6, 8, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with opened(load_settings(tmp_path / "w"), create=True) as made:
        people.invite(made, "Ada", Role.OWNER, NOW)
        yield made


@pytest.fixture
def backup(workspace: Workspace, tmp_path: Path) -> Path:
    (workspace.folder / "settings.toml").write_text("n_exemplars = 3\n")
    return back_up(workspace, tmp_path / "monday")


def names(folder: Path) -> list[str]:
    with opened(load_settings(folder)) as restored:
        return [person.name for person in people.everyone(restored)]


def content(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_everything_comes_back_and_the_backup_stays_as_it_is(backup: Path, tmp_path: Path) -> None:
    before = content(backup)
    restored = restore(backup, tmp_path / "new" / "w", NOW)
    assert content(backup) == before
    assert names(tmp_path / "new" / "w") == ["Ada"]
    assert {file.name for file in restored.workspace.iterdir()} == {"key", "settings.toml", "multilabelfy.db"}
    assert (restored.workspace / "key").read_bytes() == before["key"]
    assert [(restored.workspace / name).stat().st_mode & 0o077 for name in ("key", "multilabelfy.db")] == [0, 0]
    assert restored.before == restored.after
    assert {each.table: each.n_rows for each in restored.after}["annotators"] == 1


def test_a_file_alone_comes_back_with_a_key_of_its_own(workspace: Workspace, tmp_path: Path) -> None:
    restore(back_up(workspace, tmp_path / "monday.db"), tmp_path / "new", NOW)
    assert names(tmp_path / "new") == ["Ada"]
    assert (tmp_path / "new" / "key").read_text() != (workspace.folder / "key").read_text()


def test_no_workspace_is_written_over_and_one_that_makes_room_is_kept_as_a_workspace(backup: Path, tmp_path: Path) -> None:
    folder = tmp_path / "w"
    with opened(load_settings(folder)) as later:
        people.invite(later, "Bob", Role.ANNOTATOR, NOW)
    before = content(folder)
    with pytest.raises(InvalidInput, match="a workspace is there already"):
        restore(backup, folder, NOW)
    assert content(folder) == before
    kept = restore(backup, folder, NOW, replace=True).kept
    assert kept is not None
    assert (names(folder), names(kept)) == (["Ada"], ["Ada", "Bob"])


def test_answers_in_the_log_of_a_killed_servers_file_are_kept_too(backup: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "w" / "multilabelfy.db")) as killed:
        killed.execute("PRAGMA wal_autocheckpoint=0")
        killed.execute(
            "INSERT INTO annotators (name, role, active, created_at) VALUES ('Cem', 'annotator', 1, '2030-05-06 08:00:00.000000')"
        )
        killed.commit()
        kept = restore(backup, tmp_path / "w", NOW, replace=True).kept
    assert kept is not None
    assert names(kept) == ["Ada", "Cem"]


def test_a_workspace_that_is_served_is_not_replaced(workspace: Workspace, backup: Path) -> None:
    with served(workspace, "http://here:8000"), pytest.raises(InvalidInput, match="served at http://here:8000"):
        restore(backup, workspace.folder, NOW, replace=True)


def test_a_workspace_that_is_served_is_no_backup(workspace: Workspace, tmp_path: Path) -> None:
    with served(workspace, "http://here:8000"), pytest.raises(InvalidInput, match="Make a backup of it"):
        restore(workspace.folder, tmp_path / "new", NOW)


@pytest.mark.parametrize("at", [0, 20_000])
def test_a_damaged_backup_is_refused_and_nothing_is_there(backup: Path, tmp_path: Path, at: int) -> None:
    with (backup / "multilabelfy.db").open("r+b") as file:
        file.seek(at)
        file.write(b"\xff" * 6000)
    with pytest.raises(StoreUnavailable, match=r"older backup|another backup"):
        restore(backup, tmp_path / "new", NOW)
    assert not (tmp_path / "new" / "key").exists()


def test_a_row_whose_parent_is_gone_is_damage(backup: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(backup / "multilabelfy.db")) as file:
        file.execute("DELETE FROM annotators")
        file.commit()
    with pytest.raises(StoreUnavailable, match="invitations refers to a row of annotators that is missing"):
        restore(backup, tmp_path / "new", NOW)


def test_a_backup_of_a_newer_version_is_refused(backup: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(backup / "multilabelfy.db")) as file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
        file.commit()
    with pytest.raises(StoreUnavailable, match="newer version"):
        restore(backup, tmp_path / "new", NOW)


def test_what_is_no_backup_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE birds (name)").connection.close()
    with pytest.raises(InvalidInput, match=r"no file multilabelfy\.db"):
        restore(tmp_path / "empty", tmp_path / "new", NOW)
    with pytest.raises(InvalidInput, match="no such file"):
        restore(tmp_path / "nothing", tmp_path / "new", NOW)
    with pytest.raises(StoreUnavailable, match="none of Multilabelfy's"):
        restore(tmp_path / "other.db", tmp_path / "new", NOW)
    assert not (tmp_path / "new" / "key").exists()


@pytest.mark.parametrize("release", sorted(folder.name for folder in RELEASES.iterdir()))
def test_a_backup_of_an_older_version_is_brought_up_to_date_and_loses_no_row(release: str, tmp_path: Path) -> None:
    bring_back(RELEASES / release, sqlite_url(tmp_path / "old.db"))
    restored = restore(tmp_path / "old.db", tmp_path / "new", NOW)
    assert restored.revisions[1] == migrations.REVISIONS[-1]
    rows = {each.table: each.n_rows for each in restored.after}
    assert rows | {each.table: each.n_rows for each in restored.before} == rows


@pytest.mark.postgres
def test_what_postgresql_held_comes_back_the_same(tmp_path: Path, postgres_server: str) -> None:
    with opened(load_settings(tmp_path / "w", database_url=new_postgres_schema(postgres_server)), create=True) as made:
        people.invite(made, "Ada", Role.OWNER, NOW)
        with made.store.reading() as c:
            before = table_sums(c)
        backup = back_up(made, tmp_path / "monday")
    assert restore(backup, tmp_path / "new", NOW).after == contents(before)
