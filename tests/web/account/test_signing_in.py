"""An invitation link is exchanged for a session by a button; there is no password."""

import re
from collections.abc import Callable

from tests.studies import Study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role


def test_a_link_shows_whom_it_is_for_and_opens_nothing_yet(visitor: Browser, study: Study) -> None:
    page = visitor.get(study.invite("Ada"))
    assert "Continue as Ada" in page.text
    assert not page.cookies


def test_going_on_opens_a_session_that_no_script_and_no_other_site_can_use(visitor: Browser, study: Study) -> None:
    answer = visitor.post(study.invite("Ada"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie  # plain http


def test_over_https_the_session_travels_encrypted_alone(study: Study, clock: Clock) -> None:
    client = Browser(study, clock)
    client.base_url = "https://study.test"
    assert "Secure" in client.post(study.invite("Ada")).headers["set-cookie"]


def test_the_secret_of_a_session_is_not_in_the_store(visitor: Browser, study: Study) -> None:
    visitor.post(study.invite("Ada"))
    secret = next(iter(visitor.cookies.values()))
    folder = study.workspace.folder
    assert not [path for path in folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]


def test_an_expired_or_unknown_link_says_what_to_do(visitor: Browser, study: Study, clock: Clock) -> None:
    link = study.invite("Ada")
    clock.forward(days=31)
    for address in (link, "/sign-in/nonsense"):
        for answer in (visitor.get(address), visitor.post(address)):
            assert answer.status_code == 410
            assert "This link no longer works" in answer.text
            assert ">Sign in</a>" in answer.text
            assert "Go to the datasets" not in answer.text  # nobody is signed in


def test_a_session_ends_after_its_days_and_a_visit_renews_it(browser_of: Callable[..., Browser], clock: Clock) -> None:
    ada = browser_of("Ada")
    for _ in range(3):
        clock.forward(days=10)
        assert ada.get("/sign-in").status_code == 303  # signed in: it leads on
    clock.forward(days=15)
    assert ada.get("/sign-in").status_code == 200


def test_signing_out_ends_the_session_in_the_store_too(browser_of: Callable[..., Browser]) -> None:
    ada = browser_of("Ada")
    secret = next(iter(ada.cookies.values()))
    assert ada.post("/sign-out").headers["location"] == "/sign-in"
    ada.cookies.set("multilabelfy_session", secret)
    assert ada.get("/sign-in").status_code == 200


def test_a_pasted_link_leads_to_its_invitation(visitor: Browser, study: Study) -> None:
    link = study.invite("Ada")
    assert visitor.post("/sign-in", data={"link": f" http://elsewhere.test{link} "}).headers["location"] == link


def test_a_pasted_text_that_is_no_link_gets_its_message_beside_the_field(visitor: Browser) -> None:
    page = visitor.post("/sign-in", data={"link": "<b>hello</b>"})
    assert page.status_code == 422
    assert re.search(r'<p class="problem" id="link-problem">This is not an invitation link', page.text)
    assert 'value="&lt;b&gt;hello&lt;/b&gt;"' in page.text


def test_whoever_wanted_a_page_gets_there_after_signing_in(visitor: Browser, study: Study) -> None:
    link = study.invite("Ada")
    assert visitor.post(link, data={"next": "/d/pilot/annotate"}).headers["location"] == "/d/pilot/annotate"
    assert visitor.post(link, data={"next": "//evil.test"}).headers["location"] == "/"


def test_the_header_says_who_is_signed_in_as_what(browser_of: Callable[..., Browser]) -> None:
    page = browser_of("Ada <Byron>", Role.EXPERT).get("/d/none/annotate")
    assert page.status_code == 404
    assert "Ada &lt;Byron&gt;" in page.text
    assert "signed in as expert" in page.text
