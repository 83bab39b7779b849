"""Owners read who did what to whose access; a flood is counted, nothing in it is a secret, and nothing of it is lost."""

import csv
import io
import json
import re
from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import func, select
from tests.studies import NOW, Study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.access.security_events import EventKind, SecurityEvent
from multilabelfy.annotation.model import Role
from multilabelfy.store.schema import security_events
from multilabelfy.web.access.tally import MOST, EventTally
from multilabelfy.web.page.jobs.background import Background
from multilabelfy.workflows.team import security_log
from multilabelfy.workflows.team.security_log import PAGE, LogFilter

ROW = re.compile(r"<tr><td>(.*?)</td>\s*<th.*?>(.*?)</th>\s*<td>(.*?)</td>\s*<td.*?>(.*?)</td></tr>", re.DOTALL)

OF_DATASETS = {EventKind.RENAMED, EventKind.EXPORTED, EventKind.ARCHIVED, EventKind.TAKEN_BACK, EventKind.DELETED}


def events(page: str) -> list[tuple[str, str]]:
    """Who did what, newest first, as the page says it."""
    rows = [[unescape(re.sub(r"<.*?>", "", cell)).strip() for cell in row] for row in ROW.findall(page)]
    return [(who, what) for _, who, what, _ in rows]


def kinds(olga: Browser) -> set[str]:
    """The kinds of all that is written down."""
    return {row["kind"] for row in json.loads(olga.get("/team/log/events.json").text)}


@pytest.fixture
def olga(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("Olga", Role.OWNER)


def change_access(olga: Browser, study: Study) -> None:
    """Everything that an owner does to somebody's access, one after another."""
    olga.post("/team/invite", data={"name": "Ada"})
    ada = study.person("Ada").id
    olga.post(f"/team/{ada}/role", data={"role": "expert"})
    olga.post(f"/d/pilot/team/{ada}/role", data={"role": "annotator"})
    olga.post(f"/d/pilot/team/{ada}/remove")
    for what in ("sessions/end", "links/revoke", "deactivate"):
        olga.post(f"/team/{ada}/{what}")


def test_what_is_done_to_peoples_access_is_written_down_with_who_did_it(olga: Browser, study: Study) -> None:
    change_access(olga, study)
    page = olga.get("/team/log")
    assert page.headers["cache-control"] == "no-store"
    assert events(page.text) == [
        ("Olga", "blocked access · Ada"),
        ("Olga", "ended open links · Ada"),
        ("Olga", "signed out everywhere · Ada"),
        ("Olga", "removed from a team · Ada · pilot"),
        ("Olga", "made a link · Ada · expert"),
        ("Olga", "changed a role · Ada · pilot · expert → annotator"),
        ("Olga", "made a link · Ada · expert"),
        ("Olga", "changed a role · Ada · annotator → expert"),
        ("Olga", "made a link · Ada · annotator"),
        ("Olga", "added to a team · Ada · pilot · annotator"),
        ("Olga", "signed in"),
        ("the command line", "made a link · Olga · owner"),
    ]


def test_what_is_done_to_a_dataset_and_what_leaves_it_is_written_down(olga: Browser) -> None:
    olga.post("/d/pilot/settings/name", data={"name": "birds"})
    olga.get("/d/birds/export/proposals")
    olga.post("/d/birds/settings/archive")
    olga.post("/d/birds/settings/take-back")
    olga.post("/d/birds/settings/delete", data={"name": "birds"})
    told = [what for _, what in events(olga.get("/team/log").text)]
    assert told[:3] == ["deleted a dataset · birds", "took a dataset out of the archive · birds", "archived a dataset · birds"]
    assert told[3:5] == ["exported · birds · proposals", "renamed a dataset · pilot · birds"]
    assert kinds(olga) >= OF_DATASETS


def test_the_end_of_a_single_session_and_of_a_name_is_written_down_and_no_kind_of_event_never_happens(
    olga: Browser, study: Study, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, ada = (Browser(study, clock, olga.app) for _ in range(2))  # type: ignore[arg-type]
    visitor.get("/sign-in/nothing")
    ada.sign_in("Ada").get("/team")
    own = re.findall(r'name="session" value="(\w+)"', ada.get("/me/sessions").text)[0]
    ada.post("/me/sessions/end", data={"session": own})
    change_access(olga, study)
    olga.post(f"/team/{study.person('Ada').id}/erase", data={"name": "Ada"})
    told = events(olga.get("/team/log").text)
    assert any(what.startswith("erased a name · person ") for _, what in told)
    assert any(who.startswith("person ") and what.startswith("ended a session") for who, what in told)
    monkeypatch.setattr(Background, "start", lambda *_, **__: True)
    olga.post("/backups")
    assert kinds(olga) | OF_DATASETS == set(EventKind)


def test_a_refusal_names_the_page_and_an_invalid_link_only_where_it_came_from(olga: Browser, study: Study, clock: Clock) -> None:
    ada, visitor = Browser(study, clock, olga.app).sign_in("Ada"), Browser(study, clock, olga.app)  # type: ignore[arg-type]
    ada.get("/d/pilot/settings?secret=1")
    visitor.get("/sign-in/a-guess-that-is-none")
    page = olga.get("/team/log").text
    told = events(page)
    assert ("Ada", "was refused · GET /d/{dataset}/settings") in told
    assert ("somebody without a session", "tried an invalid link") in told
    assert "testclient" in page
    assert "guess" not in page
    assert "secret=" not in page


def test_a_flood_is_counted_instead_of_filling_the_log(olga: Browser, study: Study, clock: Clock) -> None:
    ada, visitor = Browser(study, clock, olga.app).sign_in("Ada"), Browser(study, clock, olga.app)  # type: ignore[arg-type]
    for _ in range(15):
        ada.get("/team")
        visitor.get("/sign-in/nothing")
        clock.forward(seconds=5)
    told = [what for _, what in events(olga.get("/team/log").text)]
    assert told[:2] == [
        "tried an invalid link (15 times until 6 May 2030, 08:01)",
        "was refused (15 times until 6 May 2030, 08:01) · GET /team",
    ]
    clock.forward(hours=1)
    ada.get("/team")
    assert events(olga.get("/team/log").text)[0][1] == "was refused · GET /team"
    with study.workspace.store.reading() as c:
        n = c.execute(select(func.count()).where(security_events.c.kind == EventKind.REFUSED)).scalar_one()
    assert n == 2


def test_a_crowd_of_addresses_is_counted_as_one() -> None:
    tally = EventTally()
    for host in range(MOST + 50):
        tally.count(SecurityEvent(EventKind.WRONG_LINK, NOW, address=f"10.0.0.{host}"))
    written = tally.taken()
    assert len(written) == MOST + 1
    assert (written[-1].address, written[-1].n) == ("many", 50)
    assert tally.taken() == []


def test_what_was_only_counted_is_written_down_when_the_server_ends(visitor: Browser, study: Study) -> None:
    with visitor:
        for _ in range(3):
            visitor.get("/sign-in/nothing")
    [logged] = security_log.log_page(study.workspace, LogFilter(kind=EventKind.WRONG_LINK)).events
    assert logged.event.n == 3


def test_it_is_filtered_by_person_and_kind_and_paged(olga: Browser, study: Study) -> None:
    ada = study.person("Olga").id
    many = [SecurityEvent(EventKind.EXPORTED, NOW, ada, detail=f"file {i}") for i in range(PAGE + 5)]
    security_log.note(study.workspace, many)
    first = olga.get(f"/team/log?person={ada}&kind=exported").text
    assert [what for _, what in events(first)] == [f"exported · file {i}" for i in range(PAGE + 4, 4, -1)]
    following = unescape(re.findall(r'rel="next" href="(.*?)"', first)[0])
    last = olga.get(following).text
    assert [what for _, what in events(last)] == [f"exported · file {i}" for i in range(4, -1, -1)]
    assert 'rel="next"' not in last
    assert "No event matches." in olga.get("/team/log?kind=deleted").text
    assert olga.get("/team/log?kind=unheard-of").status_code == 422


def test_it_leaves_as_csv_and_as_json_which_is_written_down_too(olga: Browser, study: Study) -> None:
    security_log.note(study.workspace, [SecurityEvent(EventKind.RENAMED, NOW, dataset="=1+1", detail='a "b",\nc')])
    table = list(csv.DictReader(io.StringIO(olga.get("/team/log/events.csv").text)))
    assert (table[0]["kind"], table[0]["who"], table[0]["detail"]) == ("exported", "Olga", "security log")
    assert (table[1]["dataset"], table[1]["detail"]) == ("'=1+1", 'a "b",\nc')
    rows = json.loads(olga.get("/team/log/events.json?kind=renamed").text)
    assert [(row["dataset"], row["at"], row["n"]) for row in rows] == [("=1+1", NOW.isoformat(), 1)]
    assert json.loads(olga.get("/team/log/events.json?kind=deleted").text) == []
    assert olga.get("/team/log/events.xml").status_code == 404


def test_only_owners_read_it(browser_of: Callable[..., Browser]) -> None:
    ed = browser_of("Ed", Role.EXPERT)
    assert [ed.get(path).status_code for path in ("/team/log", "/team/log/events.csv", "/team/log/events.json")] == [403] * 3


def test_no_secret_is_in_it(olga: Browser, study: Study) -> None:
    made = olga.post("/team/invite", data={"name": "Ada"}).text
    secrets = [*re.findall(r"/sign-in/([\w-]{20,})", made), next(iter(olga.cookies.values()))]
    assert len(secrets) == 2
    written = olga.get("/team/log/events.json").text
    assert not [secret for secret in secrets if secret in written]
