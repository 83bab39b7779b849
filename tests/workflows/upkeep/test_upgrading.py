"""A workspace of an older version is kept before it is brought up to date, and stays as it was if that fails."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text
from tests.studies import NOW
from tests.workflows.upkeep.test_releases import RELEASES, bring_back

from multilabelfy.annotation.model import AssignmentId, Role
from multilabelfy.errors import InvalidInput, StoreUnavailable
from multilabelfy.settings import Settings, load_settings
from multilabelfy.store.copies.table_sums import TableSum, table_sums
from multilabelfy.store.database import migrations
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.decisions import quick_answers
from multilabelfy.workflows.serving.serving import served
from multilabelfy.workflows.team import people
from multilabelfy.workflows.upkeep.contents import contents
from multilabelfy.workflows.upkeep.restoring import restore
from multilabelfy.workflows.upkeep.upgrading import state, upgrade
from multilabelfy.workflows.workspace import KEPT, Workspace, opened

OLDEST = RELEASES / "0.1.0"


@pytest.fixture
def older(database_url: str, tmp_path: Path) -> Settings:
    """The settings of a workspace that the first release made."""
    bring_back(OLDEST, database_url)
    folder = tmp_path / "w"
    folder.mkdir()
    (folder / "key").write_text((OLDEST / "key").read_text())
    return load_settings(folder, database_url=database_url)


def looked_into(settings: Settings) -> tuple[str | None, tuple[TableSum, ...]]:
    """The revision of its database and what each table holds."""
    with Store.connect(str(settings.database_url)) as store, store.reading() as c:
        return migrations.revision_of(c), table_sums(c)


def copies(settings: Settings) -> list[Path]:
    return sorted((settings.workspace / KEPT).glob("*")) if (settings.workspace / KEPT).exists() else []


def test_a_copy_is_kept_in_the_older_versions_own_form(older: Settings) -> None:
    before = looked_into(older)
    kept = upgrade(older)
    assert kept is not None
    assert looked_into(older)[0] == migrations.REVISIONS[-1]
    assert looked_into(load_settings(older.workspace, database_url=f"sqlite:///{kept}")) == before
    assert kept.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(kept)) as file:
        assert "references_mark" not in {row[1] for row in file.execute("PRAGMA table_info(datasets)")}


def test_the_copy_can_be_restored(older: Settings, tmp_path: Path) -> None:
    kept = upgrade(older)
    assert kept is not None
    restored = restore(kept, tmp_path / "new", NOW)
    assert restored.revisions == ("0006", migrations.REVISIONS[-1])
    assert restored.after == contents(looked_into(older)[1])


def test_whoever_opens_it_first_keeps_the_copy_and_says_so_and_the_next_does_not(older: Settings) -> None:
    with opened(older) as first:
        assert first.kept_before_upgrade in copies(older)
    with opened(older) as second:
        assert second.kept_before_upgrade is None
    assert len(copies(older)) == 1


def test_a_new_workspace_keeps_no_copy(tmp_path: Path) -> None:
    with opened(load_settings(tmp_path / "w"), create=True) as workspace:
        assert workspace.kept_before_upgrade is None
    assert copies(load_settings(tmp_path / "w")) == []


def test_one_that_fails_half_way_leaves_everything_as_it_was(older: Settings) -> None:
    with Store.connect(str(older.database_url)) as store, store.writing() as c:
        c.execute(text("ALTER TABLE datasets ADD COLUMN archived_at TIMESTAMP"))  # which a later migration adds
    before = looked_into(older)
    with pytest.raises(StoreUnavailable, match=r"archived_at.*Nothing in it was changed"):
        upgrade(older)
    assert looked_into(older) == before
    assert before[0] == "0006"
    engine = create_engine(str(older.database_url).replace("postgresql:", "postgresql+psycopg:"))
    assert "references_mark" not in {column["name"] for column in inspect(engine).get_columns("datasets")}
    engine.dispose()
    assert len(copies(older)) == 1


def test_where_no_copy_can_be_kept_nothing_is_changed(older: Settings) -> None:
    (older.workspace / KEPT).write_text("no folder")
    before = looked_into(older)
    with pytest.raises(StoreUnavailable, match="Cannot keep a copy"):
        upgrade(older)
    assert looked_into(older) == before


def test_an_older_version_that_is_served_goes_on_undisturbed(older: Settings) -> None:
    before = looked_into(older)
    with served(Workspace(older, Store.connect(str(older.database_url)), b""), "http://here:8000"):
        with pytest.raises(InvalidInput, match="served at http://here:8000"):
            upgrade(older)
        with pytest.raises(StoreUnavailable, match="an older version serves it at http://here:8000"), opened(older):
            pass
    assert (looked_into(older), copies(older)) == (before, [])


def test_it_says_beforehand_what_it_would_do_and_changes_nothing(older: Settings) -> None:
    before = looked_into(older)
    assert (state(older).revision, state(older).needed, state(older).is_needed) == ("0006", migrations.REVISIONS[-1], True)
    assert (looked_into(older), copies(older)) == (before, [])
    upgrade(older)
    assert not state(older).is_needed


def test_a_newer_workspace_is_refused_with_the_way_out(tmp_path: Path) -> None:
    settings = load_settings(tmp_path / "w")
    with opened(settings, create=True) as workspace:
        people.invite(workspace, "Ada", Role.OWNER, NOW)
        with workspace.store.writing() as c:
            c.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for attempt in (state, upgrade, lambda settings: opened(settings).__enter__()):
        with pytest.raises(StoreUnavailable, match=r"newer version of Multilabelfy.*pip install \."):
            attempt(settings)


def test_after_the_upgrade_it_is_known_who_made_a_link_and_an_owners_works_once(database_url: str) -> None:
    at, hour_later = "2026-01-05 09:00:00.000000", "2026-01-05 10:00:00.000000"
    with Store.connect(database_url) as store, store.writing() as c:
        migrations.migrate(c, to="0019")
        for number, role in ((1, "owner"), (2, "annotator")):
            c.execute(
                text("INSERT INTO annotators (id, name, role, active, created_at) VALUES (:id, :name, :role, true, :at)"),
                {"id": number, "name": f"person {number}", "role": role, "at": at},
            )
            c.execute(
                text("INSERT INTO invitations (annotator_id, token_hash, created_at, expires_at) VALUES (:id, :hash, :at, :end)"),
                {"id": number, "hash": f"link {number}", "at": at, "end": hour_later},
            )
        c.execute(
            text(
                "INSERT INTO security_events (kind, at, last_at, n, who_id, about_id, dataset, detail, address) "
                "VALUES ('invited', :at, :at, 1, 1, 2, '', '', '')"
            ),
            {"at": at},
        )
        c.execute(
            text("INSERT INTO sessions (token_hash, annotator_id, created_at, expires_at) VALUES ('session', 2, :at, :at)"),
            {"at": hour_later},
        )
        migrations.migrate(c)
        links = c.execute(text("SELECT token_hash, made_by, once FROM invitations ORDER BY id")).all()
        opened_by = c.execute(text("SELECT i.token_hash FROM sessions s JOIN invitations i ON i.id = s.invitation_id")).scalar_one()
    assert [(link.token_hash, link.made_by, bool(link.once)) for link in links] == [("link 1", None, True), ("link 2", 1, False)]
    assert opened_by == "link 2"


def test_after_the_upgrade_answers_by_label_belong_to_the_decision_that_they_belonged_to(database_url: str) -> None:
    """Of 0.1.0's workspace, in which one answer made a decision; another one came ten minutes later."""
    bring_back(OLDEST, database_url)
    with Store.connect(database_url) as store, store.writing() as c:
        columns = "client_id, assignment_id, dataset_id, image_id, expert_id, label_index, vote, submitted_at, present_ms"
        values = "'later', 22, 1, 3, 6, 2, 0, '2030-05-06 08:10:00.000000', 0"
        c.execute(text(f"INSERT INTO quick_answers (id, {columns}) VALUES (9, {values})"))
    with Store.open(database_url) as store, store.reading() as c:
        standing = quick_answers.standing(c, [AssignmentId(22)])[AssignmentId(22)]
    assert {label: answer.client_id for label, answer in standing.items()} == {2: "later"}
