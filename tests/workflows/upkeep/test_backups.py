"""A backup that is made while people work is whole, of one moment, and a workspace itself."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.databases import new_postgres_schema

from multilabelfy.annotation.model import Role
from multilabelfy.errors import InvalidInput, StoreUnavailable
from multilabelfy.formats.files.whole_files import LEFT, part_beside
from multilabelfy.settings import load_settings
from multilabelfy.store import people as stored_people
from multilabelfy.store.database.connection import Connection
from multilabelfy.workflows.team import people
from multilabelfy.workflows.upkeep.backups import back_up
from multilabelfy.workflows.workspace import Workspace, opened

NOW = datetime(2030, 5, 6, 8, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with opened(load_settings(tmp_path / "w"), create=True) as made:
        people.invite(made, "Ada", Role.OWNER, NOW)
        yield made


def names(folder: Path) -> list[str]:
    with opened(load_settings(folder)) as restored:
        return [person.name for person in people.everyone(restored)]


def test_the_folder_is_a_workspace_with_all_that_was_committed(workspace: Workspace, tmp_path: Path) -> None:
    (workspace.folder / "settings.toml").write_text("n_exemplars = 3\n")
    (workspace.folder / "imported-answers").mkdir()
    (workspace.folder / "imported-answers" / "one.json").write_text("{}")
    made = back_up(workspace, tmp_path / "backups" / "monday")
    assert names(made) == ["Ada"]
    assert (made / "key").read_text() == (workspace.folder / "key").read_text()
    assert ((made / "key").stat().st_mode & 0o077, (made / "multilabelfy.db").stat().st_mode & 0o077) == (0, 0)
    assert load_settings(made).n_exemplars == 3
    assert (made / "imported-answers" / "one.json").is_file()
    assert [one.name for one in made.parent.iterdir()] == ["monday"]


def test_while_people_work_it_is_of_one_moment_and_nobody_waits(workspace: Workspace, tmp_path: Path) -> None:
    stop = threading.Event()
    written: list[int] = []

    def work() -> None:
        while not stop.is_set():  # each time two at once: a copy that has one of them is torn
            with workspace.store.writing() as c:
                for half in "ab":
                    stored_people.add(c, f"{len(written)} {half}", Role.ANNOTATOR, NOW)
            written.append(1)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        copies = [back_up(workspace, tmp_path / f"{number}.db") for number in range(5)]
    finally:
        stop.set()
        worker.join()
    counts = [sqlite3.connect(copy).execute("SELECT count(*) FROM annotators").fetchone()[0] for copy in copies]
    assert all(count % 2 == 1 for count in counts)  # Ada, and pairs
    assert counts == sorted(counts)
    assert counts[-1] <= 1 + 2 * len(written)


def test_a_file_holds_the_database_alone_and_needs_no_other(workspace: Workspace, tmp_path: Path) -> None:
    made = back_up(workspace, tmp_path / "copy.db")
    moved = made.rename(tmp_path / "elsewhere.db")
    assert sqlite3.connect(f"file:{moved}?mode=ro&immutable=1", uri=True).execute("SELECT name FROM annotators").fetchall() == [("Ada",)]


def test_no_backup_is_written_over(workspace: Workspace, tmp_path: Path) -> None:
    for place in (tmp_path / "copy.db", tmp_path / "folder"):
        back_up(workspace, place)
        with pytest.raises(InvalidInput, match="there already"):
            back_up(workspace, place)
    (tmp_path / "empty").mkdir()
    assert names(back_up(workspace, tmp_path / "empty")) == ["Ada"]


def test_what_cannot_be_written_is_said_and_leaves_nothing(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="Cannot write the backup"):
        back_up(workspace, tmp_path / "file" / "copy.db")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file", "w"]


@pytest.mark.postgres
def test_of_postgresql_the_folder_is_a_workspace_with_a_file_of_its_own(tmp_path: Path, postgres_server: str) -> None:
    url = new_postgres_schema(postgres_server)
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "settings.toml").write_text(f'n_exemplars = 3\ndatabase_url = "{url}"\n')
    with opened(load_settings(tmp_path / "w"), create=True) as made:
        people.invite(made, "Ada", Role.OWNER, NOW)
        backup = back_up(made, tmp_path / "monday")
        people.invite(made, "Bob", Role.OWNER, NOW)
        assert names(back_up(made, tmp_path / "tuesday")) == ["Ada", "Bob"]
    assert names(backup) == ["Ada"]
    assert load_settings(backup).database_url is None
    assert load_settings(backup).n_exemplars == 3
    assert sorted(each.name for each in tmp_path.iterdir()) == ["monday", "tuesday", "w"]


@pytest.mark.postgres
def test_of_postgresql_it_is_of_one_moment_while_people_work(tmp_path: Path, postgres_server: str) -> None:
    with opened(load_settings(tmp_path / "w", database_url=new_postgres_schema(postgres_server)), create=True) as made:
        people.invite(made, "Ada", Role.OWNER, NOW)
        reads = made.store.reading

        @contextmanager
        def slowly() -> Iterator[Connection]:
            with reads() as c:
                c.execute(text("SELECT count(*) FROM datasets"))  # the moment that the copy shows
                worker.start()
                worker.join()
                yield c

        def work() -> None:
            for half in "ab":
                with made.store.writing() as c:
                    stored_people.add(c, half, Role.ANNOTATOR, NOW)

        worker = threading.Thread(target=work)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(made.store, "reading", slowly)
            backup = back_up(made, tmp_path / "monday")
        assert [person.name for person in people.everyone(made)] == ["Ada", "a", "b"]
    assert names(backup) == ["Ada"]


def test_what_a_killed_backup_left_is_removed_by_the_next_and_one_under_way_is_not(workspace: Workspace, tmp_path: Path) -> None:
    left, under_way = part_beside(tmp_path / "monday"), part_beside(tmp_path / "monday")
    for part in (left, under_way):
        part.mkdir()
        (part / "key").write_text("half")
    for place in (left / "key", left):
        os.utime(place, (time.time() - LEFT - 60,) * 2)
    back_up(workspace, tmp_path / "monday")
    assert (left.exists(), (under_way / "key").read_text()) == (False, "half")
