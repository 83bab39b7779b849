"""On a disk that became read-only people sign in and read, and whatever cannot be saved says why."""

import errno
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.answering import answer
from tests.studies import Study, ready_study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role
from multilabelfy.errors import DISK_FULL, StoreUnavailable
from multilabelfy.settings import load_settings
from multilabelfy.store.database.opening import engine
from multilabelfy.store.database.opening.addresses import sqlite_url
from multilabelfy.store.database.opening.store import Store
from multilabelfy.web.access.sessions import COOKIE
from multilabelfy.workflows.team.people import everyone
from multilabelfy.workflows.workspace import open_workspace

READ_ONLY = "The workspace is read-only"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Study]:
    """A study with answers and open links, whose file SQLite does not write any more."""
    made = ready_study(tmp_path)
    answer(made, "Ann", 0, [0])
    answer(made, "Bob", 0, [1])
    links = {role: made.invite(role.value, role) for role in Role}
    made.workspace.close()
    monkeypatch.setattr(engine, "_PRAGMAS", ("query_only=ON",))
    workspace = open_workspace(load_settings(made.workspace.folder))
    monkeypatch.setattr(Study, "invite", lambda _, name, *__: links[Role(name)])
    yield Study(workspace, made.dataset, made.images)
    workspace.close()


PAGES = {
    Role.ANNOTATOR: ("/", "/d/pilot", "/d/pilot/guidelines", "/me", "/answers", "/d/pilot/annotate/previous"),
    Role.EXPERT: (
        "/d/pilot/images",
        "/d/pilot/images/1",
        "/d/pilot/disagreements",
        "/d/pilot/disagreements/posterior",
        "/d/pilot/labels",
        "/d/pilot/labels/0",
    ),
    Role.OWNER: ("/team", "/d/pilot/settings", "/d/pilot/report", "/d/pilot/comments", "/d/pilot/plan"),
}


@pytest.mark.parametrize("role", list(Role))
def test_people_sign_in_and_read(study: Study, clock: Clock, role: Role) -> None:
    person = Browser(study, clock).sign_in(role.value)
    for path in PAGES[role]:
        assert person.get(path).status_code in (200, 303), path
    picture = re.findall(r"/pictures/[0-9a-f]+-\d+\.webp", Browser(study, clock).sign_in("expert").get("/d/pilot/images").text)[0]
    assert person.get(picture).status_code == 200
    assert person.post("/sign-out").status_code == 303
    assert person.get("/").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("path", ["/d/pilot/annotate", "/d/pilot/refine"])
def test_where_something_has_to_be_saved_the_page_says_why_it_cannot_be(study: Study, clock: Clock, path: str) -> None:
    page = Browser(study, clock).sign_in("owner").get(path)
    assert (page.status_code, READ_ONLY in page.text, str(study.workspace.folder) in page.text) == (503, True, False)
    told = Browser(study, clock).sign_in("owner").post("/d/pilot/settings/pause", headers={"Accept": "application/json"})
    assert (told.status_code, told.json()["error"].startswith(READ_ONLY)) == (503, True)


def test_a_session_of_a_read_only_disk_ends_after_a_day_and_cannot_be_forged(study: Study, clock: Clock) -> None:
    person = Browser(study, clock).sign_in("annotator")
    secret = next(iter(person.cookies.values()))
    own, owner = (next(one.id for one in everyone(study.workspace) if one.name == name) for name in ("annotator", "owner"))
    assert Browser(study, clock).get("/", headers={"Cookie": f"{COOKIE}={secret}"}).status_code == 200
    for forged in (secret.replace(f".{own}.", f".{owner}."), re.sub(r"\.(\d+)\.([0-9a-f]+)$", r".9\1.\2", secret), f"{secret}0"):
        assert Browser(study, clock).get("/", headers={"Cookie": f"{COOKIE}={forged}"}).status_code == 303
    clock.forward(days=1, seconds=1)
    assert person.get("/").status_code == 303


def test_such_a_session_counts_no_more_once_the_disk_can_be_written(study: Study, clock: Clock) -> None:
    person = Browser(study, clock).sign_in("annotator")
    assert person.get("/").status_code == 200
    study.workspace.store.is_read_only = False  # as after the next thing that was saved
    assert person.get("/").status_code == 303


def test_a_full_disk_is_named_on_the_page(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    study = ready_study(tmp_path)
    session = next(iter(Browser(study, clock).sign_in("Olga", Role.OWNER).cookies.values()))
    link = study.invite("Ada")  # it works again and again
    study.workspace.close()
    monkeypatch.setattr(engine, "_PRAGMAS", (*engine._PRAGMAS, "max_page_count=1"))  # no page more than there are
    workspace = open_workspace(load_settings(study.workspace.folder))
    olga = Browser(replace(study, workspace=workspace), clock)
    olga.headers["Cookie"] = f"{COOKIE}={session}"
    page = olga.post("/d/pilot/guidelines", data={"text": "word " * 3_000, "do": "save"})
    assert (page.status_code, "server’s disk is full" in page.text, "Nothing can be saved now" in page.text) == (503, True, True)
    assert olga.get("/d/pilot").status_code == 200
    visits = (Browser(olga.study, clock, olga.app).post(link) for _ in range(1_000))  # type: ignore[arg-type]
    refused = next(visit for visit in visits if visit.status_code != 303)  # for one more session there is no room
    assert (refused.status_code, "server’s disk is full" in refused.text, len(refused.cookies)) == (503, True, 0)
    assert olga.get("/d/pilot").status_code == 200
    workspace.close()


def test_a_database_that_another_program_keeps_busy_is_named_on_the_page_and_can_be_read(tmp_path: Path, clock: Clock) -> None:
    study = ready_study(tmp_path)
    url = sqlite_url(study.workspace.folder / "multilabelfy.db")
    impatient = replace(study, workspace=replace(study.workspace, store=Store.open(url, busy_seconds=0.05)))
    olga = Browser(impatient, clock).sign_in("Olga", Role.OWNER)
    with study.workspace.store.writing():
        page = olga.post("/d/pilot/settings/pause")
        assert (page.status_code, "keeps the database busy" in page.text) == (503, True)
        assert olga.get("/d/pilot").status_code == 200
    impatient.workspace.close()
    study.workspace.close()


def test_where_nothing_can_be_saved_for_another_reason_people_who_are_signed_in_still_read(
    browser_of: Callable[..., Browser], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = browser_of("annotator")

    def fails(*_: object) -> None:
        raise StoreUnavailable("Cannot write to sqlite:////w.db: the disk is full.", DISK_FULL)

    monkeypatch.setattr("multilabelfy.workflows.team.sessions.extend_session", fails)
    clock.forward(hours=13)
    assert ada.get("/").status_code == 200


@pytest.mark.parametrize(("number", "words"), [(errno.ENOSPC, "disk is full"), (errno.EDQUOT, "disk is full"), (errno.EROFS, "read-only")])
def test_a_disk_that_takes_no_file_is_named_as_well(
    study: Study, clock: Clock, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def fails(*_: object) -> None:
        raise OSError(number, "as the system says", "/secret/place")

    monkeypatch.setattr("multilabelfy.web.owner.settings.worker_process.folder_for_download", fails)
    page = Browser(study, clock).sign_in("owner").get("/d/pilot/export/proposals")
    assert (page.status_code, words in page.text, "/secret" in page.text) == (503, True, False)
