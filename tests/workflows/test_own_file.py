"""A workspace never begins anew by mistake: with a study in its own file, with a database that is gone, or with another address."""

from pathlib import Path

import pytest
from tests.databases import new_postgres_schema
from tests.studies import NOW, ready_study

from multilabelfy.annotation.model import Role
from multilabelfy.errors import InvalidInput, InvalidSetting, StoreUnreachable
from multilabelfy.settings import load_settings
from multilabelfy.store.database.opening.addresses import sqlite_url
from multilabelfy.store.database.opening.store import Store
from multilabelfy.workflows.own_file import missed
from multilabelfy.workflows.team import people
from multilabelfy.workflows.upkeep.moving import move
from multilabelfy.workflows.workspace import opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a workspace whose own file has a study."""
    workspace = ready_study(tmp_path).workspace
    workspace.close()
    return workspace.folder


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty database, which the environment names."""
    if request.param == "sqlite":
        url = sqlite_url(tmp_path / "empty.db")
        (tmp_path / "empty.db").touch()
    else:
        url = new_postgres_schema(request.getfixturevalue("postgres_server"))
    monkeypatch.setenv("MULTILABELFY_DATABASE_URL", url)
    return url


def open_and_close(folder: Path) -> None:
    with opened(load_settings(folder)):
        pass


def test_an_empty_database_is_not_begun_in_while_the_own_file_has_a_study(
    folder: Path, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InvalidSetting, match=r"MULTILABELFY_DATABASE_URL names it.*holds 1 dataset.*unset MULTILABELFY_DATABASE_URL"):
        open_and_close(folder)
    monkeypatch.delenv("MULTILABELFY_DATABASE_URL")
    move(load_settings(folder), empty, NOW)
    open_and_close(folder)


def test_where_it_has_tables_already_it_is_said_what_is_not_used_and_the_move_works(
    folder: Path, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store.open(empty).close()
    with opened(load_settings(folder)) as workspace:
        assert "multilabelfy.db' holds 1 dataset and is not used" in missed(workspace.settings, workspace.store)
    with pytest.raises(
        InvalidInput,
        match=r"MULTILABELFY_DATABASE_URL names it[^$]*unset MULTILABELFY_DATABASE_URL, then run `multilabelfy backup --move-to",
    ):
        move(load_settings(folder), empty, NOW)
    monkeypatch.delenv("MULTILABELFY_DATABASE_URL")
    move(load_settings(folder), empty, NOW)
    with opened(load_settings(folder)) as workspace:
        assert missed(workspace.settings, workspace.store) == ""


def test_a_mistyped_address_after_a_move_does_not_begin_a_new_study(folder: Path, tmp_path: Path) -> None:
    move(load_settings(folder), sqlite_url(tmp_path / "new.db"), NOW)
    (tmp_path / "nwe.db").touch()
    (folder / "settings.toml").write_text(f'database_url = "{sqlite_url(tmp_path / "nwe.db")}"\n')
    with pytest.raises(InvalidSetting, match=r"study was moved to sqlite:.*new\.db.*it is from '.*settings\.toml'"):
        open_and_close(folder)


def test_a_database_file_that_is_gone_is_missed_and_not_made_anew(folder: Path, tmp_path: Path) -> None:
    move(load_settings(folder), sqlite_url(tmp_path / "new.db"), NOW)
    (tmp_path / "new.db").rename(tmp_path / "mislaid.db")
    with pytest.raises(InvalidSetting, match=r"no database at '.*new\.db', although this workspace had one.*settings\.toml' names it"):
        open_and_close(folder)
    assert not (tmp_path / "new.db").exists()


def test_the_own_file_that_is_gone_is_missed_too(folder: Path) -> None:
    (folder / "multilabelfy.db").rename(folder / "mislaid.db")
    with pytest.raises(InvalidSetting, match="although this workspace had one"), opened(load_settings(folder), create=True):
        pass
    (folder / "key").unlink()
    with opened(load_settings(folder), create=True) as workspace:
        assert people.everyone(workspace) == []


def test_an_address_that_is_another_file_in_each_folder_is_refused(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "settings.toml").write_text('database_url = "sqlite:///foo.db"\n')
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidSetting, match=rf"another file in each folder.*from this folder it would be sqlite:///{tmp_path}/foo\.db"):
        open_and_close(folder)
    assert not (tmp_path / "foo.db").exists()


def test_a_new_database_is_for_its_owner_alone_with_its_log(tmp_path: Path) -> None:
    with opened(load_settings(tmp_path / "w"), create=True) as workspace:
        people.invite(workspace, "Ada", Role.OWNER, NOW)
        files = list((tmp_path / "w").glob("multilabelfy.db*"))
        assert len(files) > 1
        assert [file.stat().st_mode & 0o077 for file in files] == [0] * len(files)


@pytest.mark.postgres
def test_an_address_at_which_nobody_is_reached_is_named_with_its_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = "postgresql://ada:secret@127.0.0.1:1/study"
    with pytest.raises(StoreUnreachable, match=r"cannot be reached.*The address is from --to\."):
        move(load_settings(folder), nowhere, NOW)
    (folder / "settings.toml").write_text(f'database_url = "{nowhere}"\n')
    with pytest.raises(StoreUnreachable, match=r"The address is from '.*settings\.toml'\."):
        open_and_close(folder)
    monkeypatch.setenv("MULTILABELFY_DATABASE_URL", nowhere)
    with pytest.raises(StoreUnreachable, match=r"The address is from MULTILABELFY_DATABASE_URL\."):
        open_and_close(folder)
