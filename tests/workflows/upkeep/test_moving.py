"""A study moves to PostgreSQL and back without losing a row, whenever the move is killed, and nobody goes on in the old database."""

import importlib.util
import os
import signal
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Table, text
from tests.databases import new_postgres_schema
from tests.processes import processes
from tests.studies import NOW, ready_study

from multilabelfy.annotation.access.security_events import EventKind, SecurityEvent
from multilabelfy.annotation.model import Role
from multilabelfy.errors import InvalidInput, MultilabelfyError, StoreUnavailable, WorkspaceMissing
from multilabelfy.formats.outputs import FORMATS
from multilabelfy.settings import Settings, load_settings
from multilabelfy.store import people as stored_people
from multilabelfy.store import security_events
from multilabelfy.store.copies import transfer
from multilabelfy.store.copies.table_sums import table_sums
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.opening.addresses import sqlite_url
from multilabelfy.store.database.opening.store import Store
from multilabelfy.workflows.releasing.exports import export
from multilabelfy.workflows.serving.serving import served
from multilabelfy.workflows.team import people
from multilabelfy.workflows.upkeep.contents import contents
from multilabelfy.workflows.upkeep.moving import move
from multilabelfy.workflows.upkeep.restoring import restore
from multilabelfy.workflows.workspace import Workspace, opened

ROOT = Path(__file__).resolve().parents[3]


@cache
def keeping() -> ModuleType:
    spec = importlib.util.spec_from_file_location("keep_release", ROOT / "scripts" / "keep_release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The folder of a workspace in which two people were invited."""
    with opened(load_settings(tmp_path / "w"), create=True) as workspace:
        people.invite(workspace, "Ada", Role.OWNER, NOW)
        people.invite(workspace, "Bob", Role.ANNOTATOR, NOW)
    return tmp_path / "w"


@pytest.fixture
def elsewhere(tmp_path: Path) -> str:
    """Another SQLite file: what holds for a move holds whatever the kinds of database."""
    return sqlite_url(tmp_path / "elsewhere.db")


def exports_of(workspace: Workspace, folder: Path) -> dict[str, bytes]:
    """All that can be exported, by its format."""
    written = {}
    for format_ in FORMATS:
        file = folder / f"{format_.name}{format_.suffixes[0]}"
        try:
            export(workspace, "pilot", format_.name, file)
        except MultilabelfyError as refused:
            written[format_.name] = str(refused).encode()
        else:
            written |= {
                f"{format_.name}/{each.relative_to(folder)}": each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()
            }
    return written


def names(settings: Settings) -> list[str]:
    with opened(settings) as workspace:
        return [person.name for person in people.everyone(workspace)]


@pytest.mark.postgres
def test_a_study_with_every_kind_of_row_moves_to_postgresql_and_back_and_its_exports_stay_byte_for_byte(
    tmp_path: Path, postgres_server: str
) -> None:
    study = keeping().worked_through(tmp_path)
    folder = study.workspace.folder
    before = exports_of(study.workspace, tmp_path / "before")
    with study.workspace.store.reading() as c:
        sums = table_sums(c)
    study.workspace.close()

    there = move(load_settings(folder), new_postgres_schema(postgres_server), NOW)
    with opened(load_settings(folder)) as moved:
        assert moved.store.file is None
        assert exports_of(moved, tmp_path / "there") == before
    back = move(load_settings(folder), "sqlite", NOW)
    with opened(load_settings(folder)) as returned:
        assert returned.store.file == folder / "multilabelfy.db"
        assert exports_of(returned, tmp_path / "back") == before
    assert there.tables == back.tables == contents(sums)
    assert len(before) >= len(FORMATS)


@pytest.mark.postgres
def test_rows_that_come_later_are_numbered_behind_those_that_moved(small: Path, postgres_server: str) -> None:
    move(load_settings(small), new_postgres_schema(postgres_server), NOW)
    with opened(load_settings(small)) as workspace:
        assert people.invite(workspace, "Cem", Role.EXPERT, NOW).person.id == 3
    move(load_settings(small), "sqlite", NOW)
    with opened(load_settings(small)) as workspace:
        assert people.invite(workspace, "Dana", Role.EXPERT, NOW).person.id == 4


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_killed_again_and_again_it_goes_on_until_all_is_there_once(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    workspace = ready_study(tmp_path).workspace
    with workspace.store.reading() as c:
        before = table_sums(c)
    workspace.close()
    server = request.getfixturevalue("postgres_server") if kind == "postgres" else ""
    to = new_postgres_schema(server) if server else sqlite_url(tmp_path / "to.db")
    steps = ("exemplars", "marked") if server else ("labels", "exemplars", "comparing", "marked", "opened")
    for step in steps:
        assert killed_at(step, workspace.folder, to) == -signal.SIGKILL, step
        if step != "opened":
            with pytest.raises(StoreUnavailable, match="cut off"):
                Store.open(to).close()
    move(load_settings(workspace.folder), to, NOW)
    with opened(load_settings(workspace.folder)) as moved, moved.store.reading() as c:
        assert moved.store.url == Store.connect(to).url
        assert table_sums(c) == before


def killed_at(step: str, workspace: Path, to: str) -> int | None:
    """How a move ends that is killed, as `kill -9` does, at a step or in the middle of a table."""
    process = processes().Process(target=move_until, args=(step, workspace, to))
    process.start()
    process.join()
    return process.exitcode


def move_until(step: str, workspace: Path, to: str) -> None:
    """In a process of its own."""
    transfer.ROWS_AT_ONCE = 50  # type: ignore[attr-defined]

    def progress(at: str, done: int, _: int) -> None:
        if at == step and done:
            os.kill(os.getpid(), signal.SIGKILL)

    move(load_settings(workspace), to, NOW, progress)


def test_where_people_worked_on_between_two_attempts_the_new_database_has_what_they_did(small: Path, elsewhere: str) -> None:
    killed_at("annotators", small, elsewhere)
    with opened(load_settings(small)) as workspace:
        ada, bob = people.everyone(workspace)
        people.change_role(workspace, bob.id, Role.EXPERT, NOW, by=ada)
        people.invite(workspace, "Cem", Role.ANNOTATOR, NOW)
    move(load_settings(small), elsewhere, NOW)
    with opened(load_settings(small)) as workspace:
        assert [(person.name, person.role) for person in people.everyone(workspace)] == [
            ("Ada", Role.OWNER), ("Bob", Role.EXPERT), ("Cem", Role.ANNOTATOR),
        ]  # fmt: skip


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_nobody_writes_into_the_old_database_any_more(kind: str, small: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if kind == "postgres":
        move(load_settings(small), new_postgres_schema(request.getfixturevalue("postgres_server")), NOW)
    settings = load_settings(small)
    with opened(settings) as had_it_open:
        move(settings, sqlite_url(tmp_path / "new.db"), NOW)
        with pytest.raises(StoreUnavailable, match="moved to another database") as refused, had_it_open.store.writing() as c:
            stored_people.add(c, "Late", Role.ANNOTATOR, NOW)
        assert "start it again" in refused.value.why
    with pytest.raises(StoreUnavailable, match=r"moved to sqlite:.*new\.db on 2030-05-06 08:00 UTC.*database_url"):
        names(settings)
    assert names(load_settings(small)) == ["Ada", "Bob"]


def test_it_waits_for_nobody_while_the_workspace_is_served(small: Path, elsewhere: str) -> None:
    with (
        opened(load_settings(small)) as workspace,
        served(workspace, "http://here:8000"),
        pytest.raises(InvalidInput, match="served at http://here:8000"),
    ):
        move(load_settings(small), elsewhere, NOW)
    assert names(load_settings(small)) == ["Ada", "Bob"]


def test_a_database_in_use_is_not_moved_into(small: Path, elsewhere: str) -> None:
    with Store.open(elsewhere) as other, other.writing() as c:
        stored_people.add(c, "Eve", Role.OWNER, NOW)
    with pytest.raises(
        StoreUnavailable, match=r"a study is there already, with 0 datasets and 1 person.*remove the file '.*elsewhere\.db'"
    ):
        move(load_settings(small), elsewhere, NOW)
    with pytest.raises(InvalidInput, match="this is where the workspace's database is already"):
        move(load_settings(small), "sqlite", NOW)
    with pytest.raises(WorkspaceMissing):
        move(load_settings(small.parent / "nowhere"), elsewhere, NOW)
    assert names(load_settings(small)) == ["Ada", "Bob"]


def test_what_another_move_has_begun_is_not_taken_over(small: Path, elsewhere: str, tmp_path: Path) -> None:
    killed_at("annotators", small, elsewhere)
    with opened(load_settings(tmp_path / "other"), create=True) as other:
        people.invite(other, "Eve", Role.OWNER, NOW)
    with pytest.raises(StoreUnavailable, match="another move has begun"):
        move(load_settings(tmp_path / "other"), elsewhere, NOW)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_database_that_has_our_tables_and_nothing_in_them_is_as_good_as_empty(
    kind: str, small: Path, elsewhere: str, request: pytest.FixtureRequest
) -> None:
    to = new_postgres_schema(request.getfixturevalue("postgres_server")) if kind == "postgres" else elsewhere
    with Store.open(to) as other, other.writing() as c:
        security_events.add(c, SecurityEvent(EventKind.WRONG_LINK, NOW))
    move(load_settings(small), to, NOW)
    assert names(load_settings(small)) == ["Ada", "Bob"]


def test_on_the_way_back_the_old_file_is_kept_beside(small: Path, elsewhere: str) -> None:
    move(load_settings(small), elsewhere, NOW)
    with opened(load_settings(small)) as workspace:
        people.invite(workspace, "Cem", Role.ANNOTATOR, NOW)
    set_aside = move(load_settings(small), "sqlite", NOW).set_aside
    assert load_settings(small).database_url is None
    assert (small / "multilabelfy.db").stat().st_mode & 0o077 == 0
    assert names(load_settings(small)) == ["Ada", "Bob", "Cem"]
    assert set_aside is not None
    restore(set_aside, small.parent / "as it was", NOW)
    assert names(load_settings(small.parent / "as it was")) == ["Ada", "Bob"]


def test_settings_keep_their_other_lines_and_an_address_from_the_environment_is_named(
    small: Path, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (small / "settings.toml").write_text("# ours\nn_exemplars = 3\n")
    assert move(load_settings(small), elsewhere, NOW).by_hand == ""
    assert ("# ours" in (small / "settings.toml").read_text(), load_settings(small).n_exemplars) == (True, 3)
    assert (small / "settings.toml").stat().st_mode & 0o077 == 0
    monkeypatch.setenv("MULTILABELFY_DATABASE_URL", elsewhere)
    assert "MULTILABELFY_DATABASE_URL" in move(load_settings(small), "sqlite", NOW).by_hand


def test_only_a_piece_of_a_table_is_in_memory_at_a_time(tmp_path: Path, elsewhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = ready_study(tmp_path).workspace
    with workspace.store.reading() as c:
        before = table_sums(c)
    workspace.close()
    sizes: list[int] = []
    insert = transfer.insert

    def noted(c: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
        sizes.append(len(rows))
        insert(c, table, rows)

    monkeypatch.setattr(transfer, "ROWS_AT_ONCE", 7)
    monkeypatch.setattr(transfer, "insert", noted)
    assert move(load_settings(workspace.folder), elsewhere, NOW).tables == contents(before)
    assert (max(sizes), sum(sizes)) == (7, sum(each.n_rows for each in before))


@pytest.mark.postgres
def test_a_value_that_postgresql_cannot_hold_is_named_by_its_table_and_nothing_has_moved(small: Path, postgres_server: str) -> None:
    with opened(load_settings(small)) as workspace, workspace.store.writing() as c:
        c.execute(text("UPDATE annotators SET name = 'Ada' || char(0) || 'B' WHERE id = 1"))
    with pytest.raises(StoreUnavailable, match="Cannot copy the table 'annotators'"):
        move(load_settings(small), new_postgres_schema(postgres_server), NOW)
    assert len(names(load_settings(small))) == 2
