"""The commands that bring a whole workspace somewhere, as a person types them."""

import json
from pathlib import Path

import pytest
from tests import processes
from tests.cli.test_workspace_commands import run
from tests.studies import ready_study
from tests.workflows.upkeep.test_releases import RELEASES, bring_back

from multilabelfy.store.database.opening.addresses import sqlite_url
from multilabelfy.store.database.opening.store import Store


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    run("invite", "Ada", "--role", "owner", workspace=tmp_path / "w")
    assert run("backup", str(tmp_path / "monday"), workspace=tmp_path / "w").returncode == 0
    return tmp_path / "monday"


def test_restore_prints_every_table_before_and_after(backup: Path, tmp_path: Path) -> None:
    done = run("backup", "--restore", str(backup), workspace=tmp_path / "new")
    assert done.returncode == 0
    line = next(line for line in done.stdout.splitlines() if " annotators " in line).split()
    assert (line[0], line[2], line[5]) == ("=", "1", "1")
    assert line[3] == line[6]
    assert "No dataset yet" in run("status", workspace=tmp_path / "new").stdout


def test_restore_keeps_what_it_replaces_and_says_where(backup: Path, tmp_path: Path) -> None:
    refused = run("backup", "--restore", str(backup), workspace=tmp_path / "w")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "--replace" in refused.stderr
    kept = json.loads(run("backup", "--restore", str(backup), "--replace", "--json", workspace=tmp_path / "w").stdout)["kept"]
    assert (Path(kept) / "multilabelfy.db").is_file()


def test_move_says_what_moved_and_where_the_database_is(backup: Path, tmp_path: Path) -> None:
    done = run("backup", "--move-to", f"sqlite:///{tmp_path / 'new.db'}", workspace=tmp_path / "w")
    assert done.returncode == 0
    assert f"The workspace's database is sqlite:///{tmp_path / 'new.db'} now." in done.stdout
    line = next(line for line in done.stdout.splitlines() if " annotators " in line).split()
    assert (line[0], line[2], line[5], line[3]) == ("=", "1", "1", line[6])
    again = run("backup", "--move-to", f"sqlite:///{tmp_path / 'new.db'}", workspace=tmp_path / "w")
    assert (again.returncode, "this is where the workspace's database is" in again.stderr) == (1, True)
    assert json.loads(run("backup", "--move-to", "sqlite", "--json", workspace=tmp_path / "w").stdout)["tables"]


def test_upgrade_says_whether_there_is_something_to_do(tmp_path: Path) -> None:
    bring_back(RELEASES / "0.1.0", sqlite_url(tmp_path / "multilabelfy.db"))
    (tmp_path / "key").write_text((RELEASES / "0.1.0" / "key").read_text())
    asked = run("upgrade", "--check", workspace=tmp_path)
    assert (asked.returncode, "from revision 0006" in asked.stdout) == (1, True)
    kept = json.loads(run("upgrade", "--json", workspace=tmp_path).stdout)["kept"]
    assert Path(kept).is_file()
    again = run("upgrade", "--check", workspace=tmp_path)
    assert (again.returncode, "Nothing to do" in again.stdout) == (0, True)


def test_backup_says_where_uploaded_pictures_are_which_it_does_not_copy(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "w" / "uploads" / "pets").mkdir(parents=True)
    done = run("backup", str(tmp_path / "tuesday"), workspace=tmp_path / "w")
    assert (done.returncode, f"copy '{tmp_path / 'w' / 'uploads'}'" in done.stderr) == (0, True)
    assert not (tmp_path / "tuesday" / "uploads").exists()


def test_where_the_variable_hides_the_study_status_says_so(tmp_path: Path) -> None:
    ready_study(tmp_path).workspace.close()
    url = sqlite_url(tmp_path / "other.db")
    Store.open(url).close()
    done = processes.run("status", "--workspace", str(tmp_path / "workspace"), environment={"MULTILABELFY_DATABASE_URL": url})
    assert "No dataset yet" in done.stdout
    assert "multilabelfy.db' holds 1 dataset and is not used, since MULTILABELFY_DATABASE_URL names another database" in done.stderr


@pytest.mark.parametrize("to", ["postgresql://ada@localhost:54x/study", "postgresql://ada:ss@cret@db.lab/study", "sqlite3", ""])
def test_a_mistyped_address_is_said_in_words(to: str, backup: Path, tmp_path: Path) -> None:
    done = run("backup", "--move-to", to, workspace=tmp_path / "w")
    assert (done.returncode, "Traceback" in done.stderr, "cret" in done.stderr) == (1, False, False)
    assert "postgresql://user:password@host/name" in done.stderr or "%40" in done.stderr
    assert "The address is from --to." in done.stderr
    (tmp_path / "w" / "settings.toml").write_text(f'database_url = "{to or "nowhere"}"\n')
    assert "settings.toml'." in run("status", workspace=tmp_path / "w").stderr
