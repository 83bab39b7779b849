"""Everybody sees where they are signed in and ends it, one by one or everywhere; owners end it for others, and a new link ends it too."""

import re
from collections.abc import Callable

import pytest
from tests.studies import Study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role
from multilabelfy.store import people as stored_people

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/604.1"
SESSIONS = re.compile(
    r"<b>(.*?)</b>( <span class=\"badge\">)?.*?(last seen .*?), to the hour.*?name=\"session\" value=\"(\w+)\"", re.DOTALL
)


@pytest.fixture
def with_agent(study: Study, clock: Clock) -> Callable[[str, str], Browser]:
    """A browser that calls itself so, in which this person is signed in."""

    def signed_in(name: str, agent: str) -> Browser:
        browser = Browser(study, clock)
        browser.headers["User-Agent"] = agent
        return browser.sign_in(name)

    return signed_in


def is_in(browser: Browser) -> bool:
    """Whether somebody is signed in there."""
    return browser.get("/me").status_code == 200


def test_a_person_sees_each_browser_in_words_with_the_hour_of_its_last_use(with_agent: Callable[[str, str], Browser], clock: Clock) -> None:
    desk, phone = with_agent("Ada", FIREFOX), with_agent("Ada", IPHONE)
    clock.forward(hours=2, minutes=20)
    page = phone.get("/me/sessions")
    listed = [(device, bool(own), seen) for device, own, seen, _ in SESSIONS.findall(page.text)]
    assert listed == [
        ("Safari on iOS", True, "last seen 6 May 2030, 10:00"),
        ("Firefox on Linux", False, "last seen 6 May 2030, 08:00"),
    ]
    assert "from testclient" in page.text
    assert next(iter(desk.cookies.values())) not in page.text


def test_one_session_is_ended_and_the_other_stays(with_agent: Callable[[str, str], Browser]) -> None:
    desk, phone = with_agent("Ada", FIREFOX), with_agent("Ada", IPHONE)
    [key] = [key for device, _, _, key in SESSIONS.findall(desk.get("/me/sessions").text) if "iOS" in device]
    assert desk.post("/me/sessions/end", data={"session": key}).headers["location"] == "/me/sessions"
    assert (is_in(desk), is_in(phone)) == (True, False)
    assert desk.post("/me/sessions/end", data={"session": key}).status_code == 303  # twice is fine


def test_nobody_ends_another_persons_session(with_agent: Callable[[str, str], Browser]) -> None:
    ada, bob = with_agent("Ada", FIREFOX), with_agent("Bob", FIREFOX)
    [(_, _, _, key)] = SESSIONS.findall(ada.get("/me/sessions").text)
    bob.post("/me/sessions/end", data={"session": key})
    assert (is_in(ada), is_in(bob)) == (True, True)


def test_signing_out_everywhere_ends_this_browser_too_and_is_written_down(
    with_agent: Callable[[str, str], Browser], browser_of: Callable[..., Browser]
) -> None:
    desk, phone, bob = with_agent("Ada", FIREFOX), with_agent("Ada", IPHONE), with_agent("Bob", FIREFOX)
    assert desk.post("/me/sessions/end-all").headers["location"] == "/sign-in"
    assert [is_in(browser) for browser in (desk, phone, bob)] == [False, False, True]
    assert "signed out everywhere · Ada" in browser_of("Olga", Role.OWNER).get("/team/log").text


def test_an_owner_signs_somebody_out_and_an_annotator_cannot(browser_of: Callable[..., Browser], study: Study) -> None:
    ada, bob, olga = browser_of("Ada"), browser_of("Bob"), browser_of("Olga", Role.OWNER)
    path = f"/team/{study.person('Ada').id}/sessions/end"
    assert bob.post(path).status_code == 403
    assert is_in(ada)
    assert olga.post(path).status_code == 303
    assert (is_in(ada), is_in(olga)) == (False, True)
    assert is_in(ada.sign_in("Ada"))  # the link still lets her in


def test_a_new_link_ends_the_sessions_of_its_person_but_not_the_one_that_made_it(browser_of: Callable[..., Browser], study: Study) -> None:
    ada, olga, elsewhere = browser_of("Ada"), browser_of("Olga", Role.OWNER), browser_of("Olga", Role.OWNER)
    olga.post(f"/team/{study.person('Ada').id}/links")
    assert not is_in(ada)
    olga.post(f"/team/{study.person('Olga').id}/links")
    assert (is_in(olga), is_in(elsewhere)) == (True, False)
    study.invite("Olga", Role.OWNER)
    assert not is_in(olga)


def test_a_person_has_so_many_sessions_and_the_oldest_goes(study: Study, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_people, "MOST_SESSIONS", 3)
    browsers = []
    for _ in range(4):
        clock.forward(minutes=1)
        browsers.append(Browser(study, clock).sign_in("Ada"))
    assert [is_in(browser) for browser in browsers] == [False, True, True, True]
