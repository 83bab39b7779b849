"""Before roles change, people's data leave or something is deleted, one is asked again who it is; at one's own machine nobody is."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import Request
from tests.studies import NOW, Study
from tests.web.conftest import Browser, Clock
from tests.web.routes import ROUTES

from multilabelfy.annotation.model import Role
from multilabelfy.formats.outputs import FORMATS, Need
from multilabelfy.settings import load_settings
from multilabelfy.web.access.asking_again import is_at_the_machine
from multilabelfy.workflows.team import people, sessions

ASKED = "this browser may have been left alone"
GUARDED = [
    ("POST", "/team/{ada}/role", {"role": "expert"}),
    ("POST", "/team/invite", {"name": "New", "role": "owner"}),
    ("POST", "/team/{olga}/links", {}),
    ("POST", "/team/{ada}/erase", {"name": "Ada"}),
    ("GET", "/team/log/events.csv", {}),
    ("POST", "/backups", {}),
    ("GET", "/backups/monday", {}),
    *(("GET", f"/d/pilot/export/{name}", {}) for name in ("votes", "answers", "decisions", "checks")),
    ("POST", "/d/pilot/settings/delete", {"name": "pilot"}),
    ("POST", "/d/pilot/team/{ada}/role", {"role": "expert"}),
    ("POST", "/d/pilot/team/add", {"name": "New", "role": "owner"}),
    ("POST", "/d/pilot/team/add", {"name": " Ada ", "role": "expert"}),
    ("POST", "/d/pilot/team/add-known", {"someone": "{ada}", "role": "expert"}),
    ("POST", "/d/pilot/team/{olga}/links", {}),
    ("POST", "/d/pilot/team/{dora}/links", {}),
]
TAKE_ACCESS = ("/team/{}/links/revoke", "/team/{}/sessions/end", "/team/{}/deactivate", "/d/{}/team/{}/remove")
TAKE_IN = ("/new", "/new/pictures", "/team/answers", "/d/{}/labels/{}/references", "/d/{}/settings/pictures", "/d/{}/settings/gold")
BELONG_TO_THE_STUDY = (
    "comments/{}", "guidelines", "images/{}/gold", "images/{}/gold/retire", "plan", "proposals", "proposals/stop", "proposals/suspects",
    "report", "settings/archive", "settings/name", "settings/pause", "settings/protocol", "settings/release", "settings/resume",
    "settings/take-back",
)  # fmt: skip
NOT_ASKED = {*TAKE_ACCESS, *TAKE_IN, "/backups/stop", *(f"/d/{{}}/{path}" for path in BELONG_TO_THE_STUDY)}
"""What owners do without being asked: it gives nobody access, nothing leaves by it, and nothing is deleted."""
OF_PEOPLE = {Need.ANSWERS, Need.DECISIONS, Need.CHECKS}
OF_IMAGES = {Need.RELEASE, Need.PROPOSALS, Need.MACHINES}


@pytest.fixture
def olga(browser_of: Callable[..., Browser], clock: Clock, study: Study) -> Browser:
    """An owner who signed in some time ago. Dora owns one dataset."""
    browser = browser_of("Olga", Role.OWNER)
    browser_of("Ada")
    people.invite(study.workspace, "Dora", Role.OWNER, NOW, dataset="pilot")
    clock.forward(minutes=16)
    return browser


def fresh(study: Study, clock: Clock) -> str:
    """The path of a link that works once."""
    link = people.link_for_once(study.workspace, "Olga", clock()).link
    return link[link.index("/sign-in/") :]


def test_it_is_asked_before_roles_exports_and_deleting(olga: Browser, study: Study) -> None:
    numbers = {name.lower(): study.person(name).id for name in ("Ada", "Olga", "Dora")}
    for method, path, form in GUARDED:
        address, sent = path.format(**numbers), {name: value.format(**numbers) for name, value in form.items()}
        page = olga.request(method, address, data=sent)
        assert (page.status_code, ASKED in page.text) == (403, True), path
        asked_by_script = olga.request(method, address, data=sent, headers={"Accept": "application/json"})
        assert "link that was not used before" in asked_by_script.json()["error"], path
    assert study.person("Ada").role is Role.ANNOTATOR


def test_whatever_an_owner_may_send_is_asked_about_or_is_listed_as_harmless() -> None:
    sent = {re.sub(r"\{.*?\}", "{}", route.path) for route in ROUTES if route.method == "POST" and route.role is Role.OWNER}
    asked = {path for path in sent if any(re.fullmatch(path.replace("{}", "[^/]+"), guarded) for _, guarded, _ in GUARDED)}
    assert len(asked) >= 10
    assert asked | NOT_ASKED == sent
    assert asked & NOT_ASKED == set()


def test_it_is_asked_for_every_format_that_tells_of_people() -> None:
    assert set(Need) == OF_PEOPLE | OF_IMAGES
    of_people = {f"/d/pilot/export/{format.name}" for format in FORMATS if format.needs in OF_PEOPLE}
    assert of_people == {path for _, path, _ in GUARDED if "/export/" in path}


def test_a_fresh_link_opens_it_for_a_quarter_of_an_hour_and_leads_back(olga: Browser, study: Study, clock: Clock) -> None:
    path, form = f"/team/{study.person('Ada').id}/role", {"role": "expert"}
    asked = olga.post(path, data=form, headers={"Referer": "http://study.test/team"})
    assert '<input type="hidden" name="next" value="/team">' in asked.text
    shown = olga.post("/sign-in", data={"link": f"http://study.test{fresh(study, clock)}", "next": "/team"}).headers["location"]
    assert 'value="/team"' in olga.get(shown).text
    assert olga.post(shown.partition("?")[0], data={"next": "/team"}).headers["location"] == "/team"
    assert olga.post(path, data=form).status_code == 200
    clock.forward(minutes=15)
    assert olga.post(path, data={"role": "annotator"}).status_code == 200
    clock.forward(minutes=1)
    assert olga.post(path, data=form).status_code == 403


def test_where_the_page_before_has_no_address_it_leads_back_to_the_beginning(olga: Browser, study: Study) -> None:
    asked = olga.post(f"/team/{study.person('Ada').id}/role", data={"role": "expert"}, headers={"Referer": "http://["})
    assert (asked.status_code, '<input type="hidden" name="next" value="/">' in asked.text) == (403, True)


def test_the_link_that_stands_in_the_browsers_history_proves_nothing(olga: Browser, study: Study) -> None:
    assert olga.post(study.links["Olga", Role.OWNER]).status_code == 410
    assert olga.get("/team").status_code == 200
    assert olga.post(f"/team/{study.person('Ada').id}/role", data={"role": "expert"}).status_code == 403


def test_a_link_for_once_works_once_and_not_for_long_and_leaves_other_links_and_sessions_alone(
    olga: Browser, visitor: Browser, study: Study, clock: Clock
) -> None:
    link, late = fresh(study, clock), fresh(study, clock)
    assert olga.get("/team").status_code == 200
    assert visitor.post(link).status_code == 303
    assert visitor.post(link).status_code == 410
    assert visitor.post(study.link("Olga", Role.OWNER, clock())).status_code == 303
    clock.forward(minutes=15)
    assert visitor.post(late).status_code == 410


def test_what_gives_no_power_and_no_peoples_data_is_not_asked_about(olga: Browser, study: Study) -> None:
    assert olga.post("/team/invite", data={"name": "Bob"}).status_code == 200
    assert olga.post(f"/team/{study.person('Ada').id}/links").status_code == 200
    assert olga.post("/d/pilot/settings/archive").status_code == 303


def test_signing_in_again_ends_the_session_that_the_browser_had(olga: Browser, study: Study, clock: Clock) -> None:
    before = len(sessions.sessions_of(study.workspace, study.person("Olga").id, clock()))
    olga.post(fresh(study, clock))
    assert len(sessions.sessions_of(study.workspace, study.person("Olga").id, clock())) == before


@pytest.mark.parametrize(
    ("settings", "client", "headers", "is_at"),
    [
        ({}, "127.0.0.1", {"host": "127.0.0.1:8000"}, True),
        ({"host": "::1"}, "::1", {"host": "[::1]:8000"}, True),
        ({}, "127.0.0.1", {"host": "localhost:8000"}, True),
        ({"host": "0.0.0.0"}, "127.0.0.1", {"host": "127.0.0.1:8000"}, False),
        ({"public_url": "https://labels.example"}, "127.0.0.1", {"host": "127.0.0.1:8000"}, False),
        ({}, "127.0.0.1", {"host": "labels.example"}, False),
        ({}, "127.0.0.1", {"host": "127.0.0.1:8000", "x-forwarded-for": "203.0.113.9"}, False),
        ({}, "203.0.113.9", {"host": "127.0.0.1:8000"}, False),
    ],
)
def test_only_a_server_for_its_own_machine_alone_asks_nobody(
    tmp_path: Path, settings: dict[str, str], client: str, headers: dict[str, str], is_at: bool
) -> None:
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "client": (client, 5000), "headers": sent, "scheme": "http", "path": "/", "server": ("127.0.0.1", 8000)}
    assert is_at_the_machine(Request(scope), load_settings(tmp_path, **settings)) is is_at


def test_at_ones_own_machine_nobody_is_asked(olga: Browser, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("multilabelfy.web.access.asking_again.is_at_the_machine", lambda *_: True)
    assert olga.post(f"/team/{study.person('Ada').id}/role", data={"role": "expert"}).status_code == 200
