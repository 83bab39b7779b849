"""Who may ask what, from where; what every response carries."""

import inspect
import re

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse
from tests.studies import Study
from tests.web.conftest import Browser, Clock

from multilabelfy import errors
from multilabelfy.annotation.model import Role
from multilabelfy.web import app as web_app
from multilabelfy.web.access.access import undeclared_routes
from multilabelfy.web.app import PAGES, create_app, declared
from multilabelfy.web.page.errors import PRIVATE, STATUS, status_of
from multilabelfy.web.page.targets import local_target, sign_in_target

NUMBERS = {"assignment", "edge"}
OPEN_TO_ANYONE = {
    "/sign-in",
    "/sign-in/{token}",
    "/sign-out",
    "/static/{version}/{path:path}",
    "/service-worker.js",
    "/healthz",
    "/readyz",
    "/metrics",
}


def test_default_deny_every_route_says_who_may_ask() -> None:
    assert [route for page in PAGES for route in undeclared_routes(page.router)] == []


def test_a_route_that_does_not_say_who_may_ask_stops_the_start() -> None:
    router = APIRouter()
    router.get("/forgotten")(lambda: PlainTextResponse("oh"))
    with pytest.raises(LookupError, match="/forgotten"):
        declared(router)


def test_an_application_takes_the_routes_as_the_pages_made_them_and_builds_none_anew(study: Study) -> None:
    made = [route for page in PAGES for route in page.router.routes]
    assert [route for route in create_app(study.workspace).routes if route in made] == made


def test_without_a_session_every_page_but_the_sign_in_leads_to_it(visitor: Browser) -> None:
    paths = {route.path: route.methods for page in PAGES for route in page.router.routes}
    for path in sorted(paths.keys() - OPEN_TO_ANYONE):
        address = re.sub(r"{(\w+)(:\w+)?}", lambda name: "1" if name[2] == ":int" or name[1] in NUMBERS else name[1], path)
        if "GET" in paths[path]:
            answer = visitor.get(address)
            assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in"), path
        else:
            assert visitor.post(address).status_code == 401, path


def test_a_script_without_a_session_is_told_so(visitor: Browser) -> None:
    answer = visitor.get("/d/pilot/annotate", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert "invitation link" in answer.json()["error"]


def test_every_response_carries_the_security_headers(visitor: Browser) -> None:
    for path in ("/sign-in", "/nowhere", "/d/pilot/annotate"):
        headers = visitor.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'")
        assert "unsafe" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "", "Origin": "http://evil.test"},
        {"Origin": "null"},
        {"Origin": "http://study.test.evil.test"},
    ],
)
def test_a_form_of_another_site_is_refused(study: Study, headers: dict[str, str]) -> None:
    client = TestClient(create_app(study.workspace), base_url="http://study.test", follow_redirects=False)
    assert client.post("/sign-out", headers=headers).status_code == 403


def test_our_own_form_is_taken_with_and_without_fetch_metadata(study: Study) -> None:
    client = TestClient(create_app(study.workspace), base_url="http://study.test", follow_redirects=False)
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://study.test"}, {}):
        assert client.post("/sign-out", headers=headers).status_code == 303


def test_every_error_has_a_status_and_none_is_an_accident() -> None:
    leaves = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.MultilabelfyError)]
    assert {kind for kind in leaves if kind is not errors.MultilabelfyError} == set(STATUS)
    assert set(STATUS) >= PRIVATE


def test_a_new_kind_of_error_takes_its_parent_s_status() -> None:
    class StillUnknown(errors.UnknownImage):
        """A leaf of a leaf."""

    assert status_of(StillUnknown("gone")) == 404
    assert status_of(errors.MultilabelfyError("what")) == 500


def test_error_shape_for_people_and_for_scripts(visitor: Browser) -> None:
    page = visitor.get("/nowhere")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "<h1>There is nothing here</h1>" in page.text
    answer = visitor.get("/nowhere", headers={"Accept": "application/json"})
    assert answer.json() == {"error": "There is nothing here", "problems": {}}


def test_a_bug_shows_no_traceback(study: Study, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    client = TestClient(create_app(study.workspace, clock), raise_server_exceptions=False, base_url="http://study.test")
    monkeypatch.setattr(client.app.state, "clock", None)  # type: ignore[attr-defined]
    answer = client.get("/sign-in/token")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "Traceback" not in answer.text
    assert "NoneType" not in answer.text
    assert answer.headers["content-security-policy"]


@pytest.mark.parametrize("target", ["//evil.test", "/\\evil.test", "https://evil.test", "evil", "", None, "/\tx", "javascript:alert(1)"])
def test_only_local_addresses_are_gone_back_to(target: str | None) -> None:
    assert local_target(target) == "/"


def test_a_local_address_is_kept_with_its_query() -> None:
    assert local_target("/d/pilot/images?label=3") == "/d/pilot/images?label=3"
    assert sign_in_target("/d/my pilot/annotate") == "/sign-in?next=/d/my%20pilot/annotate"


def test_a_role_that_does_not_suffice_is_told_so(study: Study, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    from multilabelfy.web.access.access import AnyOwner

    router = APIRouter()

    @router.get("/owners-only")
    def owners_only(person: AnyOwner) -> PlainTextResponse:
        return PlainTextResponse(person.name)

    page = type("page", (), {"router": router})
    monkeypatch.setattr(web_app, "PAGES", (*PAGES, page))
    assert Browser(study, clock).sign_in("Olga", Role.OWNER).get("/owners-only").text == "Olga"
    refused = Browser(study, clock).sign_in("Eve", Role.EXPERT).get("/owners-only")
    assert refused.status_code == 403
    assert "Eve has the role" in refused.text
