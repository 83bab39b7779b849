"""On paper a page is what it says, on white, without the ways to other pages."""

import pytest
from playwright.sync_api import expect
from tests.browser.scenes import Scenes

from multilabelfy.annotation.model import Role

pytestmark = pytest.mark.browser


def test_a_dark_page_is_printed_on_white_without_its_header_and_forms(scenes: Scenes) -> None:
    page = scenes.page("worked", Role.OWNER, color_scheme="dark")
    page.goto("/d/pilot/images")
    expect(page.get_by_role("navigation", name="Sections")).to_be_visible()
    expect(page.locator("main")).not_to_have_css("background-color", "rgb(255, 255, 255)")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Sections")).to_be_hidden()
    expect(page.locator("button:visible, input:visible, select:visible")).to_have_count(0)
    expect(page.locator("main")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator("h1")).to_have_css("color", "rgb(28, 29, 31)")
    expect(page.locator(".tile").first).to_be_visible()
    page.close()
