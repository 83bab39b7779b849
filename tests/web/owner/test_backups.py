"""Owners of the workspace make backups from a page, see where they lie, and download them; what opens the server stays on the server."""

import io
import os
import shutil
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from tests.databases import new_postgres_schema
from tests.studies import NOW, Study, ready_study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role
from multilabelfy.dataset.jobs import Job
from multilabelfy.errors import DISK_READ_ONLY, StoreReadOnly
from multilabelfy.settings import load_settings
from multilabelfy.web.app import create_app
from multilabelfy.workflows.serving.jobs import BACKUP, LOST, begin_job, end_job
from multilabelfy.workflows.team import people
from multilabelfy.workflows.upkeep.backups import back_up
from multilabelfy.workflows.upkeep.kept_backups import SHOWN, kept_backups
from multilabelfy.workflows.upkeep.restoring import restore
from multilabelfy.workflows.workspace import KEPT, Workspace, opened

PAGE = "/backups"


@pytest.fixture
def olga(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("Olga", Role.OWNER)


def until_done(browser: Browser) -> str:
    """The page once no backup is under way."""
    for _ in range(600):
        text = browser.get(PAGE).text
        if "is being made" not in text:
            return text
        time.sleep(0.1)
    raise AssertionError(text)


def under_way(study: Study, place: Path) -> None:
    """A backup that a worker has begun, and whose end nobody has written down."""
    begin_job(study.workspace, Job(BACKUP, "backup", {"place": str(place)}, owner="x"), timedelta(hours=1))


def unpacked(archive: bytes, folder: Path) -> Path:
    with ZipFile(io.BytesIO(archive)) as opened_archive:
        assert opened_archive.testzip() is None
        opened_archive.extractall(folder)
    return folder


def test_one_is_made_while_people_work_and_what_is_downloaded_restores_everything(olga: Browser, study: Study, tmp_path: Path) -> None:
    (study.workspace.folder / "imported-answers").mkdir()
    (study.workspace.folder / "imported-answers" / "one.json").write_text("{}")
    (study.workspace.folder / "settings.toml").write_text('metrics_token = "a-token-that-nobody-may-see"\n')
    assert "There is no backup yet." in olga.get(PAGE).text
    assert olga.post(PAGE).headers["location"] == PAGE
    page = until_done(olga)
    assert "could not be made" not in page
    assert f"<code>{study.workspace.folder / KEPT}</code>" in page
    [made] = kept_backups(study.workspace).newest
    assert made.name == "2030-05-06T08-00-00"
    assert (study.workspace.folder / KEPT / made.name / "key").is_file()
    sent = olga.get(f"{PAGE}/{made.name}")
    assert sent.headers["content-disposition"] == f'attachment; filename="multilabelfy-{made.name}.zip"'
    folder = unpacked(sent.content, tmp_path / "sent")
    assert sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()) == [
        "imported-answers/one.json",
        "multilabelfy.db",
    ]
    restored = restore(folder, tmp_path / "restored", NOW)
    assert restored.before == restored.after
    with opened(load_settings(tmp_path / "restored")) as workspace:
        assert [person.name for person in people.everyone(workspace)] == [person.name for person in people.everyone(study.workspace)]


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.EXPERT])
def test_nobody_else_makes_sees_or_takes_one(study: Study, browser_of: Callable[..., Browser], role: Role) -> None:
    back_up(study.workspace, study.workspace.folder / KEPT / "monday")
    somebody = browser_of("Eve", role)
    answers = [somebody.get(PAGE), somebody.get(f"{PAGE}/monday"), somebody.post(PAGE), somebody.post(f"{PAGE}/stop")]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert [backup.name for backup in kept_backups(study.workspace).newest] == ["monday"]
    assert PAGE not in somebody.get("/").text


def test_the_owner_of_one_dataset_has_no_part_in_it(study: Study, browser_of: Callable[..., Browser], clock: Clock) -> None:
    back_up(study.workspace, study.workspace.folder / KEPT / "monday")
    invitation = people.invite(study.workspace, "Dora", Role.OWNER, NOW, dataset="pilot")
    dora = Browser(study, clock)
    assert dora.post(invitation.link[invitation.link.index("/sign-in/") :]).status_code == 303
    assert dora.get("/d/pilot/settings").status_code == 200
    assert [dora.get(PAGE).status_code, dora.get(f"{PAGE}/monday").status_code, dora.post(PAGE).status_code] == [403] * 3


def test_who_made_and_who_took_one_is_written_down(olga: Browser) -> None:
    olga.post(PAGE)
    until_done(olga)
    olga.get(f"{PAGE}/2030-05-06T08-00-00")
    log = olga.get("/team/log").text
    assert "made a backup · 2030-05-06T08-00-00" in log
    assert "exported · backup 2030-05-06T08-00-00" in log


def test_copies_that_were_kept_before_a_deletion_are_there_too_newest_first_and_older_ones_are_counted(olga: Browser, study: Study) -> None:
    first = back_up(study.workspace, study.workspace.folder / KEPT / "before-deleting-pets.db")
    for number in range(SHOWN):
        copy = first.with_name(f"{number:02}.db")
        shutil.copy(first, copy)
        os.utime(copy, (1e9 + number, 1e9 + number))
    (first.parent / "notes.txt").write_text("no backup")
    page = olga.get(PAGE).text
    assert page.index("before-deleting-pets.db") < page.index("19.db") < page.index("01.db")
    assert "00.db" not in page.replace("before", "")
    assert "1 older one is there too." in page
    with ZipFile(io.BytesIO(olga.get(f"{PAGE}/before-deleting-pets.db").content)) as archive:
        assert archive.namelist() == ["multilabelfy.db"]


@pytest.mark.parametrize("name", ["nothing", "%2e%2e", "..%2fkey", "notes.txt", ".hidden.0123abcd.part"])
def test_what_is_no_backup_is_not_sent(olga: Browser, study: Study, name: str) -> None:
    folder = study.workspace.folder / KEPT
    back_up(study.workspace, folder / ".hidden.0123abcd.part")
    (folder / "notes.txt").write_text("no backup")
    assert olga.get(f"{PAGE}/{name}").status_code == 404
    assert "hidden" not in olga.get(PAGE).text


def test_how_far_one_is_is_shown_and_it_can_be_stopped(olga: Browser, study: Study) -> None:
    place = study.workspace.folder / KEPT / "monday"
    part = place.with_name(".monday.0123abcd.part")
    part.mkdir(parents=True)
    (part / "multilabelfy.db").write_bytes(bytes(50_000))
    under_way(study, place)
    page = olga.get(PAGE).text
    assert "A backup is being made." in page
    assert '<meta http-equiv="refresh"' in page
    assert '<progress max="' in page
    assert "50 kB of about" in page
    assert "Make a backup now" not in page
    olga.post(PAGE)  # from another tab: one at a time
    assert olga.post(f"{PAGE}/stop").status_code == 303
    end_job(study.workspace, BACKUP, "x", problem="", output="")
    assert "The backup was stopped" in olga.get(PAGE).text


@pytest.mark.parametrize("problem", [LOST, "Cannot write the backup '/srv/x': No space left on device. Make room, or name another place."])
def test_one_that_failed_says_why(olga: Browser, study: Study, problem: str) -> None:
    under_way(study, study.workspace.folder / KEPT / "monday")
    end_job(study.workspace, BACKUP, "x", problem=problem, output="")
    page = olga.get(PAGE).text
    assert "The backup could not be made:" in page
    assert problem.split(".")[0].replace("'", "&#39;") in page
    assert "Make a backup now" in page


def test_one_that_was_whole_when_its_worker_died_and_was_begun_again_is_no_failure(olga: Browser, study: Study) -> None:
    place = back_up(study.workspace, study.workspace.folder / KEPT / "monday")
    under_way(study, place)
    end_job(study.workspace, BACKUP, "x", problem="Cannot back up: it is there already", output="")
    page = olga.get(PAGE).text
    assert "could not be made" not in page
    assert "monday" in page


def test_on_a_read_only_disk_none_is_begun_and_those_that_are_there_can_be_taken(
    olga: Browser, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(study.workspace, study.workspace.folder / KEPT / "monday")

    def refuses(*_: object, **__: object) -> None:
        raise StoreReadOnly("read-only", DISK_READ_ONLY)

    monkeypatch.setattr("multilabelfy.workflows.serving.jobs.jobs.begin", refuses)
    monkeypatch.setattr("multilabelfy.workflows.team.security_log.security_events.add", refuses)
    refused = olga.post(PAGE)
    assert (refused.status_code, "read-only" in refused.text) == (503, True)
    assert olga.get(f"{PAGE}/monday").status_code == 200


def test_they_may_lie_on_another_disk(study: Study, clock: Clock, tmp_path: Path) -> None:
    settings = load_settings(study.workspace.folder, backup_folder=tmp_path / "disk")
    elsewhere = Workspace(settings, study.workspace.store, study.workspace.key)
    olga = Browser(study, clock, create_app(elsewhere, clock)).sign_in("Olga", Role.OWNER)
    olga.post(PAGE)
    page = until_done(olga)
    assert f"<code>{tmp_path / 'disk'}</code>" in page
    assert [each.name for each in (tmp_path / "disk").iterdir()] == ["2030-05-06T08-00-00"]
    (tmp_path / "disk").rename(tmp_path / "taken-out")
    (tmp_path / "disk").write_text("")
    assert "This folder cannot be read: Not a directory." in olga.get(PAGE).text


@pytest.mark.postgres
def test_of_postgresql_it_is_the_same(tmp_path: Path, postgres_server: str, clock: Clock) -> None:
    study = ready_study(tmp_path / "w", database_url=new_postgres_schema(postgres_server))
    olga = Browser(study, clock).sign_in("Olga", Role.OWNER)
    olga.post(PAGE)
    assert "could not be made" not in until_done(olga)
    folder = unpacked(olga.get(f"{PAGE}/2030-05-06T08-00-00").content, tmp_path / "sent")
    restore(folder, tmp_path / "restored", NOW)
    with opened(load_settings(tmp_path / "restored")) as workspace:
        assert "Olga" in [person.name for person in people.everyone(workspace)]
    study.workspace.close()
