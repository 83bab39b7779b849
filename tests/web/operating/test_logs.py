"""The log has a line for each request, in which no secret stands, and which nobody can forge."""

import json
import logging
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.studies import Study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role
from multilabelfy.errors import StoreUnavailable
from multilabelfy.settings import load_settings
from multilabelfy.web.app import create_app
from multilabelfy.web.operating.logs import LogFormat, set_up
from multilabelfy.workflows.team import people
from multilabelfy.workflows.workspace import opened

LOGGERS = ("multilabelfy", "uvicorn", "multilabelfy.requests")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Give the loggers back as they were."""
    before = [(logging.getLogger(name), logging.getLogger(name).level, logging.getLogger(name).handlers) for name in LOGGERS]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers = handlers


def logged(form: LogFormat) -> StringIO:
    """From now on the log goes here."""
    stream = StringIO()
    set_up(form, stream)
    return stream


def lines(stream: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_says_who_asked_what_how_long_it_took_and_how_large_it_was(study: Study, clock: Clock) -> None:
    ada = Browser(study, clock).sign_in("Ada")
    stream = logged("json")
    answer = ada.get("/d/pilot/annotate", headers={"Accept-Encoding": "identity"})
    (line,) = lines(stream)
    assert (line["method"], line["route"], line["status"]) == ("GET", "/d/{dataset}/annotate", 200)
    assert (line["person"], line["bytes"]) == (study.person("Ada").id, len(answer.content))
    assert line["ms"] > 0
    assert line["request"] == answer.headers["x-request-id"]
    assert datetime.fromisoformat(line["time"]).tzinfo is not None


def test_the_same_as_a_readable_line(study: Study, clock: Clock) -> None:
    stream = logged("text")
    number = Browser(study, clock).get("/sign-in").headers["x-request-id"]
    assert re.fullmatch(
        rf"\d{{4}}-\d\d-\d\dT[\d:.]+Z GET /sign-in 200: [\d.]+ ms, \d+ bytes, nobody, request {number}\n", stream.getvalue()
    )


def test_without_lines_for_requests_what_goes_wrong_is_still_written(study: Study, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = logged("off")
    Browser(study, clock).get("/sign-in")
    assert stream.getvalue() == ""
    break_invitations(monkeypatch, StoreUnavailable("the disk is full"))
    answer = Browser(study, clock).get("/sign-in/some-token")
    assert "warning: GET /sign-in/…: the disk is full" in stream.getvalue()
    assert f"[request {answer.headers['x-request-id']}]" in stream.getvalue()


def test_whatever_watches_the_server_fills_no_log_while_all_is_well(study: Study, clock: Clock) -> None:
    stream = logged("json")
    watching = Browser(study, clock)
    assert [watching.get(path).status_code for path in ("/healthz", "/readyz")] == [200, 200]
    assert lines(stream) == []
    study.workspace.store.is_read_only = True
    Browser(study, clock).get("/readyz")
    assert [(line["route"], line["status"]) for line in lines(stream)] == [("/readyz", 503)]


def test_a_bug_is_found_in_the_log_by_the_id_that_its_answer_carries(study: Study, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = logged("json")
    break_invitations(monkeypatch, RuntimeError("oh"))
    browser = Browser(study, clock)
    browser._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
    answer = browser.get("/sign-in/some-token")
    assert (answer.status_code, [(line["route"], line["status"]) for line in lines(stream)]) == (500, [("/sign-in/{token}", 500)])
    assert [line["request"] for line in lines(stream)] == [answer.headers["x-request-id"]]


def test_nobody_forges_a_line() -> None:
    stream = logged("text")
    logging.getLogger("multilabelfy.some").warning("of %s", "a\n2030-01-01T00:00:00.000Z GET / 200: forged\x1b[2J")
    assert len(stream.getvalue().splitlines()) == 1
    assert "\x1b" not in stream.getvalue()


@pytest.mark.parametrize("form", ["json", "text"])
def test_no_secret_of_a_full_session_stands_in_the_log(
    study: Study, clock: Clock, monkeypatch: pytest.MonkeyPatch, form: LogFormat
) -> None:
    stream = logged(form)
    secrets = a_full_session(study, clock)
    break_invitations(monkeypatch, StoreUnavailable("the disk is full"))
    for path in ("/sign-in/a-token-in-time-of-need", "/sign-in/a-token-in-time-of-need/", "/sign-in/a-token-in-time-of-need?next=/"):
        Browser(study, clock).get(path)
    written = stream.getvalue()
    assert len(written.splitlines()) > 20
    assert [secret for secret in (*secrets, "a-token-in-time-of-need", study.workspace.key.hex()) if secret in written] == []


def a_full_session(study: Study, clock: Clock) -> list[str]:
    """Sign in by a link, also by a pasted one and by wrong ones; annotate; invite; sign out. Returns every secret that came by."""
    link = study.invite("Olga", Role.OWNER)
    olga, token = Browser(study, clock), link.rpartition("/")[2]
    assert olga.get(link).status_code == 200
    assert olga.get("/sign-in", params={"next": link}).status_code == 200
    assert olga.post("/sign-in", data={"link": f"http://study.test{link}", "next": link}).status_code == 303
    assert olga.post(link, data={"next": "/d/pilot"}).status_code == 303
    assert olga.post(f"{link}/more").status_code == 404
    assert olga.put(link).status_code == 405
    session = next(iter(olga.cookies.values()))
    assert olga.get(f"/nowhere/{token}", params={"session": session}).status_code == 404
    assert olga.get("/", headers={"Cookie": f"multilabelfy_session={session}x", "Authorization": f"Bearer {token}"}).status_code in (
        200,
        303,
    )
    for path in ("/", "/d/pilot", "/d/pilot/annotate", "/d/pilot/images", "/d/pilot/settings", "/team", "/me", "/answers"):
        assert olga.get(path).status_code == 200, path
    team = olga.post("/team/invite", data={"name": "Ben", "role": "expert"})
    invited = re.search(r"/sign-in/([\w-]{20,})", team.text)
    assert invited, team.text
    assert olga.post("/sign-in/some-guess").status_code == 410
    assert olga.post("/sign-in", data={"link": "x" * 9000}).status_code == 413
    assert olga.post("/team/invite", headers={"Sec-Fetch-Site": "cross-site", "Referer": link}).status_code == 403
    assert olga.post("/sign-out").status_code == 303
    return [token, session, invited[1], "some-guess"]


def break_invitations(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr("multilabelfy.workflows.team.people.who_is_invited", fails)


def test_serve_writes_json_and_no_secret(tmp_path: Path) -> None:
    with opened(load_settings(tmp_path), create=True) as workspace:
        link = people.invite(workspace, "Ada", Role.OWNER, datetime.now(UTC)).link
    token = link.rpartition("/")[2]
    command = [sys.executable, "-m", "multilabelfy", "serve", "--workspace", str(tmp_path), "--port", "0", "--log-format", "json"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", server.stderr.readline() + server.stderr.readline())
        assert address is not None
        answer = httpx.post(f"{address[0]}/sign-in/{token}", timeout=30)
        httpx.get(f"{address[0]}/sign-in/{token}?next=/sign-in/{token}", timeout=30)
        server.send_signal(signal.SIGTERM)
        written = server.stderr.read()
    assert [json.loads(line)["status"] for line in written.splitlines()] == [303, 410]  # the link of an owner is used up
    assert [secret for secret in (token, *answer.cookies.values()) if secret in written] == []


def test_each_answer_has_an_id_of_its_own(study: Study, clock: Clock) -> None:
    app = create_app(study.workspace, clock)
    ids = {Browser(study, clock, app).get(path).headers["x-request-id"] for path in ("/sign-in", "/sign-in", "/nowhere")}
    assert len(ids) == 3
