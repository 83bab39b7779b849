"""Behind a proxy: under a prefix every address that a page names has it, and what a proxy says is believed from named addresses alone."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from tests.answering import answer
from tests.studies import Study, ready_study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role
from multilabelfy.errors import InvalidSetting
from multilabelfy.settings import OWN_FOLDERS, load_settings
from multilabelfy.web.app import PAGES, create_app
from multilabelfy.web.page.targets import local_target, sign_in_target
from multilabelfy.workflows.serving.certificates import certificate_for
from multilabelfy.workflows.team import people

PREFIX = "/lab/labels"
ADDRESS = re.compile(r'\b(?:href|src|action|formaction|srcset|data-[a-z-]+|value)="(/[^"]*)"')
KEYS = {"/"}
WEB = Path(__file__).parents[3] / "src" / "multilabelfy" / "web"


def under(study: Study, **settings: Any) -> Study:
    """The same study, served under other settings."""
    return replace(study, workspace=replace(study.workspace, settings=load_settings(study.workspace.folder, **settings)))


def client(study: Study, clock: Clock, host: str = "10.1.2.3", url: str = "http://study.test", **settings: Any) -> Browser:
    """A browser whose requests come from this address."""
    served = under(study, **settings)
    app = create_app(served.workspace, clock)
    browser = Browser(served, clock, app)
    browser._transport = TestClient(app, client=(host, 4000))._transport
    browser.base_url = url
    return browser


@pytest.fixture
def owner(study: Study, clock: Clock) -> Browser:
    """Olga, signed in below the prefix."""
    browser = client(study, clock, root_path=PREFIX)
    return browser.sign_in("Olga", Role.OWNER)


def pages(browser: Browser) -> Iterator[tuple[str, str]]:
    """Every page that a link leads to, from the first one on, by its address."""
    waiting, seen = [f"{PREFIX}/"], set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = browser.get(address)
        if answer.status_code in (303, 307):
            waiting.append(answer.headers["location"])
        elif answer.headers["content-type"].startswith("text/html"):
            yield address, answer.text
            waiting += [found.partition("#")[0] for found in re.findall(r'<a [^>]*href="(/[^"]*)"', answer.text)]
    assert len(seen) > 20


def test_every_address_that_any_page_names_has_the_prefix(owner: Browser, study: Study) -> None:
    answer(study, "Ann", 0, [0])
    answer(study, "Bob", 0, [1])
    for page, text in pages(owner):
        beside = [found for found in ADDRESS.findall(text) if not found.startswith(f"{PREFIX}/") and found != PREFIX and found not in KEYS]
        assert beside == [], page


def test_whatever_a_page_loads_is_there(owner: Browser) -> None:
    text = owner.get(f"{PREFIX}/d/pilot/annotate").text
    for address in [*re.findall(r'(?:src|srcset)="([^"]*)"', text), *re.findall(r'<link [^>]*href="([^"]*)"', text)]:
        assert owner.get(address.split(" ")[0]).status_code == 200, address


@pytest.mark.parametrize("place", ["", PREFIX], ids=["taken off", "left"])
def test_a_proxy_may_take_the_prefix_off_or_leave_it(study: Study, clock: Clock, place: str) -> None:
    browser = client(study, clock, root_path=PREFIX)
    assert browser.get(f"{place}/").headers["location"] == f"{PREFIX}/sign-in"
    assert browser.get(f"{place}/d/pilot/annotate").headers["location"] == f"{PREFIX}/sign-in?next={PREFIX}/d/pilot/annotate"
    signed_in = browser.post(place + study.invite("Ada"), data={"next": f"{PREFIX}/d/pilot"})
    assert signed_in.headers["location"] == f"{PREFIX}/d/pilot"
    assert f"; Path={PREFIX};" in signed_in.headers["set-cookie"]


def test_what_lies_beside_the_prefix_is_not_gone_back_to(study: Study, clock: Clock) -> None:
    browser = client(study, clock, root_path=PREFIX)
    for target in ("/", "/other", f"{PREFIX}x", f"{PREFIX}/../other", "//evil.test"):
        assert browser.post(study.invite("Ada"), data={"next": target}).headers["location"] == f"{PREFIX}/"


def test_a_prefix_that_is_not_one_or_that_pages_begin_with_is_refused(tmp_path: Path) -> None:
    for given in ("labels", "/a b", '/"><script>', "//evil.test", "/d", "/static/x"):
        with pytest.raises(InvalidSetting, match="root_path"):
            load_settings(tmp_path, root_path=given)
    assert load_settings(tmp_path, root_path="/labels/").root_path == "/labels"


def test_links_have_the_prefix_once(study: Study, owner: Browser, clock: Clock) -> None:
    assert f"http://study.test{PREFIX}/sign-in/" in owner.post(f"{PREFIX}/team/invite", data={"name": "Ben"}).text
    for public_url in ("https://lab.test", f"https://lab.test{PREFIX}", f"https://lab.test{PREFIX}/"):
        served = under(study, public_url=public_url, root_path=PREFIX).workspace
        assert people.invite(served, "Eve", Role.OWNER, clock()).link.startswith(f"https://lab.test{PREFIX}/sign-in/")
    assert load_settings(root_path=PREFIX).address_at(8001) == f"http://127.0.0.1:8001{PREFIX}"


def test_two_workspaces_on_one_host_keep_their_own_sessions(study: Study, clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    other = ready_study(tmp_path / "second")
    (other.workspace.folder / "key").write_text("0123456789abcdef" * 4)
    other.workspace.close()
    other = replace(other, workspace=replace(other.workspace, key=bytes.fromhex("0123456789abcdef" * 4)))
    first, second = (client(each, clock).sign_in("Ada") for each in (study, other))
    assert set(first.cookies) & set(second.cookies) == set()


def test_a_session_of_an_earlier_version_still_counts_and_ends_with_signing_out(study: Study, clock: Clock) -> None:
    signed_in = client(study, clock).sign_in("Ada")
    browser = client(study, clock)
    browser.cookies.set("multilabelfy_session", next(iter(signed_in.cookies.values())))
    assert browser.get("/").status_code == 200
    ended = browser.post("/sign-out").headers.get_list("set-cookie")
    assert any(cookie.startswith('multilabelfy_session=""') for cookie in ended)
    assert signed_in.get("/").status_code == 303


def test_by_https_without_a_prefix_no_other_host_can_set_the_cookie(study: Study, clock: Clock) -> None:
    alone = client(study, clock, url="https://study.test").post(study.invite("Ada")).headers["set-cookie"]
    assert alone.startswith("__Host-multilabelfy_session_")
    assert "; Path=/;" in alone
    assert "Secure" in alone
    assert "Domain" not in alone
    below = client(study, clock, url="https://study.test", root_path=PREFIX).post(study.invite("Ada")).headers["set-cookie"]
    assert below.startswith("multilabelfy_session_")
    set_elsewhere = client(study, clock, url="https://study.test")
    set_elsewhere.cookies.set("multilabelfy_session", alone.partition("=")[2].partition(";")[0])
    assert set_elsewhere.get("/").status_code == 303


SAID = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/shown"}


@pytest.mark.parametrize(
    ("host", "trusted", "is_believed"),
    [("10.1.2.3", "10.0.0.0/8", True), ("::1", "127.0.0.1,::1", True), ("10.1.2.3", "127.0.0.1", False), ("127.0.0.1", "", False)],
)
def test_forwarded_headers_are_believed_from_named_addresses_alone(
    study: Study, clock: Clock, host: str, trusted: str, is_believed: bool
) -> None:
    browser = client(study, clock, host, trusted_proxies=trusted)
    answer = browser.post(study.invite("Ada"), headers=SAID)
    assert ("Secure" in answer.headers["set-cookie"]) is is_believed
    assert answer.headers["location"] == ("/shown/" if is_believed else "/")


def test_guesses_count_for_the_browser_behind_the_proxy(study: Study, clock: Clock) -> None:
    browser = client(study, clock, trusted_proxies="10.0.0.0/8")
    guesses = [browser.get("/sign-in/guess", headers={"X-Forwarded-For": f"198.51.100.{i}, 203.0.113.9, 10.9.9.9"}) for i in range(25)]
    assert guesses[-1].status_code == 429  # what the browser itself wrote before its address changes nothing
    assert browser.get("/sign-in/guess", headers={"X-Forwarded-For": "203.0.113.10"}).status_code == 410


def test_a_prefix_that_a_proxy_names_is_never_markup(study: Study, clock: Clock) -> None:
    browser = client(study, clock, trusted_proxies="10.0.0.0/8")
    assert 'href="/sign-in' not in browser.get("/sign-in", headers={"X-Forwarded-Prefix": "/shown"}).text
    assert "script>alert" not in browser.get("/sign-in", headers={"X-Forwarded-Prefix": '/"><script>alert(1)</script>'}).text


def test_rows_that_are_kept_for_one_prefix_are_not_shown_under_another(study: Study, clock: Clock) -> None:
    for place in ("", "/shown", "/other"):
        browser = client(study, clock, trusted_proxies="10.0.0.0/8").sign_in("Ada")
        sheet = browser.get("/d/pilot/annotate", headers={"X-Forwarded-Prefix": place} if place else {}).text
        strips = re.findall(r'(?:src|srcset)="([^"]*/strips/)', sheet)
        assert set(strips) == {f"{place}/strips/"}


def test_a_host_that_is_not_listed_is_refused_but_whatever_watches_the_server_is_answered(study: Study, clock: Clock) -> None:
    settings: dict[str, Any] = {"allowed_hosts": "study.test, *.lab.test", "public_url": "https://public.test"}
    for host, status in (("study.test", 200), ("a.lab.test:8000", 200), ("public.test", 200), ("evil.test", 400), ("lab.test.evil", 400)):
        answer = client(study, clock, **settings).get("/sign-in", headers={"Host": host})
        assert answer.status_code == status, host
        assert answer.headers["content-security-policy"]
    assert client(study, clock, **settings).get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200
    with pytest.raises(InvalidSetting, match="without a port"):
        load_settings(study.workspace.folder, allowed_hosts="study.test:8000")


def test_a_listed_host_stands_in_links_whatever_its_port(study: Study, clock: Clock) -> None:
    olga = client(study, clock, url="https://labels.test", allowed_hosts="labels.test").sign_in("Olga", Role.OWNER)
    assert "https://labels.test/sign-in/" in olga.post("/team/invite", data={"name": "Ben"}).text


def test_hsts_is_sent_by_https_alone_and_only_if_asked_for(study: Study, clock: Clock, tmp_path: Path) -> None:
    def sent(url: str, *, hsts: bool) -> str | None:
        return client(study, clock, url=url, hsts=hsts).get("/sign-in").headers.get("strict-transport-security")

    assert sent("https://study.test", hsts=True) == "max-age=31536000"
    assert sent("http://study.test", hsts=True) is None
    assert sent("https://study.test", hsts=False) is None


@pytest.mark.parametrize("tls", ["off", "self-signed"])
def test_hsts_without_a_certificate_that_was_given_is_refused(tmp_path: Path, clock: Clock, tls: str) -> None:
    with pytest.raises(InvalidSetting, match="--tls-cert"):
        certificate_for(load_settings(tmp_path, tls=tls, hsts=True), clock())


def test_networks_that_are_none_are_refused(tmp_path: Path) -> None:
    for given in ("proxy.test", "10.0.0.1/8", "10.0.0.0/40"):
        with pytest.raises(InvalidSetting, match="trusted_proxies"):
            load_settings(tmp_path, trusted_proxies=given)


def test_no_prefix_may_be_taken_for_a_page() -> None:
    """What a route begins with cannot begin a prefix; programs that watch the server ask for it directly."""
    first = {route.path.split("/")[1] for page in PAGES for route in page.router.routes if isinstance(route, APIRoute)}
    assert {name for name in first if name and "." not in name} - {"healthz", "readyz", "metrics"} == OWN_FOLDERS


@pytest.mark.parametrize(
    ("ending", "pattern"),
    [
        ("html", r'(?<!data-key)="/(?!")|(?:href|src|action)="/'),
        ("py", r'RedirectResponse\((?:.* else )?f?"/|NextStep\(.*, f?"/'),
        ("js", r'(?:fetch|assign|register|open)\(["`]/|pathname === "/'),
    ],
)
def test_no_address_is_written_from_the_root_of_the_host(ending: str, pattern: str) -> None:
    lines = [(path, line) for path in WEB.rglob(f"*.{ending}") for line in path.read_text(encoding="utf-8").splitlines()]
    assert [f"{path.relative_to(WEB)}: {line.strip()}" for path, line in lines if re.search(pattern, line)] == []


def test_an_address_that_a_sign_in_leads_back_to_is_written_as_before_without_a_prefix() -> None:
    assert sign_in_target("/d/my pilot/annotate") == "/sign-in?next=/d/my%20pilot/annotate"
    assert local_target("/d/pilot/images?label=3") == "/d/pilot/images?label=3"
