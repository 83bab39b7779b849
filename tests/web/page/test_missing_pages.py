"""An address that leads nowhere: with a slash too many it leads to its page, and whoever is signed in is not asked to sign in."""

from collections.abc import Callable

import pytest
from tests.web.conftest import Browser

from multilabelfy.annotation.model import Role

Browsers = Callable[..., Browser]


@pytest.mark.parametrize(("address", "page"), [("/d/pilot/", "/d/pilot"), ("/d/pilot/images/?state=open", "/d/pilot/images?state=open")])
def test_a_slash_at_the_end_leads_to_the_page_without_it(address: str, page: str, browser_of: Browsers) -> None:
    olga = browser_of("Olga", Role.OWNER)
    answer = olga.get(address)
    assert (answer.status_code, answer.headers["location"]) == (307, page)
    assert olga.get(page).status_code == 200


@pytest.mark.parametrize("address", ["//evil.example/", "/d/pilot/nowhere/", "/nowhere/", "//"])
def test_it_leads_to_no_other_site_and_to_no_page_that_is_none(address: str, browser_of: Browsers) -> None:
    answer = browser_of("Olga", Role.OWNER).get(f"http://study.test{address}")
    assert (answer.status_code, "location" in answer.headers) == (404, False)


def test_what_is_sent_is_not_led_on(browser_of: Browsers) -> None:
    assert browser_of("Olga", Role.OWNER).post("/d/pilot/", data={}).status_code == 404


def test_whoever_is_signed_in_is_led_to_the_datasets_and_nobody_keeps_the_page(browser_of: Browsers, visitor: Browser) -> None:
    missing = browser_of("Olga", Role.OWNER).get("/nowhere")
    assert (missing.status_code, missing.headers["cache-control"]) == (404, "no-store")
    assert "Go to the datasets" in missing.text
    assert "Olga" in missing.text
    assert "Sign in" not in missing.text
    assert "Sign in" in visitor.get("/nowhere").text
