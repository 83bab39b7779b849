"""One key takes back the last answer, from wherever one is: it stands open again, and nothing is saved by it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.browser.annotate.test_annotate_keys import PAGE, opened, press, stored, ticked
from tests.browser.live import LiveServer
from tests.browser.refine.test_refine_keys import dispute

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.preferences import Preferences
from multilabelfy.workflows.team import people

pytestmark = pytest.mark.browser
ANSWERED = ("1", *["Enter"] * 4)


@pytest.fixture
def page(page_as: Callable[..., Page]) -> Page:
    """The annotate page."""
    return opened(page_as())


def sheet_of(page: Page, image: int) -> None:
    """Wait until this image's sheet is in view."""
    expect(page.locator("annotate-desk > answer-sheet")).to_have_attribute("data-assignment", str(image + 1))


def saved(page: Page) -> None:
    expect(page.locator("annotate-desk")).to_have_attribute("data-unsent", "0")


def test_the_last_answer_stands_open_again_from_any_five(page: Page, live_server: LiveServer) -> None:
    press(page, *ANSWERED)
    sheet_of(page, 1)
    press(page, "2", "ArrowDown", "t")
    sheet_of(page, 0)
    assert ticked(page) == [0]
    expect(page.get_by_text("answered", exact=True)).to_be_visible()
    press(page, "1", "2", "Enter")
    sheet_of(page, 1)
    saved(page)
    assert [sorted(answer.chosen()) for answer in stored(live_server)] == [[0], [1]]
    assert ticked(page) == [2]  # the picture between kept its choice


def test_a_change_is_taken_back_to_what_stood_before(page: Page, live_server: LiveServer) -> None:
    press(page, *ANSWERED, "ArrowLeft", "3", "Enter")
    sheet_of(page, 1)
    press(page, "t")
    sheet_of(page, 0)
    assert ticked(page) == [0]
    press(page, "Enter")
    sheet_of(page, 1)
    saved(page)
    assert [sorted(answer.chosen()) for answer in stored(live_server)] == [[0], [0, 2], [0]]


def test_it_is_the_last_answer_given_and_not_the_one_before_this_picture(page: Page) -> None:
    for image in (1, 2):
        press(page, *ANSWERED)
        sheet_of(page, image)
    press(page, "ArrowLeft", "ArrowLeft")
    sheet_of(page, 0)
    press(page, "t")
    sheet_of(page, 1)


def test_taking_back_alone_saves_nothing(page: Page, live_server: LiveServer) -> None:
    press(page, *ANSWERED, "t", "Enter")
    sheet_of(page, 1)
    saved(page)
    assert len(stored(live_server)) == 1


def test_without_an_answer_the_page_says_so_and_stays(page: Page) -> None:
    press(page, "t")
    expect(page.get_by_text("You have no answer before this one.")).to_be_attached()
    sheet_of(page, 0)


def test_the_mouse_a_reload_and_a_moved_key_take_it_back_as_well(page: Page, live_server: LiveServer) -> None:
    press(page, *ANSWERED)
    sheet_of(page, 1)
    saved(page)
    page.reload()
    page.get_by_role("link", name="take back the last answer").click()
    sheet_of(page, 0)
    people.set_preferences(live_server.study.workspace, live_server.study.person("Ada"), Preferences(keys={"t": "x"}))
    opened(page)
    press(page, "t", "x")
    sheet_of(page, 0)


def test_without_scripts_it_is_a_link(page_as: Callable[..., Page]) -> None:
    page = page_as(java_script_enabled=False)
    page.goto(PAGE)
    page.locator(".pick").first.click()
    page.get_by_role("button", name="Save and next").click()
    page.get_by_role("link", name="take back the last answer").click()
    sheet_of(page, 0)
    expect(page.locator(".pick input").first).to_be_checked()


def test_the_page_after_the_last_picture_takes_it_back_too(page_as: Callable[..., Page], serve_study: Callable[..., LiveServer]) -> None:
    page = opened(page_as(server=serve_study(n_images=1)))
    press(page, *ANSWERED)
    expect(page.get_by_role("link", name="Go over your answers")).to_be_visible()
    page.wait_for_load_state("load")
    page.keyboard.press("t")
    sheet_of(page, 0)


@pytest.mark.parametrize("path", ["/d/pilot/refine", "/d/pilot/refine/quick"])
def test_experts_take_back_their_last_answer_too(page_as: Callable[..., Page], live_server: LiveServer, path: str) -> None:
    dispute(live_server, 0, [0], [1])
    dispute(live_server, 1, [1], [1, 2])
    page = page_as(Role.EXPERT)
    page.goto(path)
    sheet = page.locator("refine-desk[data-ready] > .sheet")
    expect(sheet).to_be_focused()
    before = sheet.get_attribute("data-assignment"), sheet.get_attribute("data-label")
    for key in ["y"] if path.endswith("quick") else ["2", "Enter"]:
        page.keyboard.press(key)
    expect(page.get_by_text("answered", exact=True)).to_be_hidden()
    expect(page.locator("refine-desk")).to_have_attribute("data-unsent", "0")
    page.keyboard.press("t")
    expect(page.get_by_text("answered", exact=True)).to_be_visible()
    assert (sheet.get_attribute("data-assignment"), sheet.get_attribute("data-label")) == before
