"""The gallery's filter applies as it is typed, and a picture enlarges: what only a browser shows."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from tests.browser.live import LiveServer

from multilabelfy.annotation.model import Role


def test_a_filter_applies_as_it_is_typed_and_labels_complete(live_server: LiveServer, page_as: Callable[..., Page]) -> None:
    page = page_as(Role.EXPERT)
    page.goto("/d/pilot/images")
    expect(page.get_by_role("listitem").filter(has=page.get_by_role("img"))).to_have_count(6)
    field = page.get_by_label("Given label")
    field.press_sequentially("lynx")
    expect(page.get_by_text("1 image matches.")).to_be_visible()
    expect(field).to_be_focused()
    expect(page.locator("#list-given option")).to_have_count(1)
    expect(page).to_have_url(f"{live_server.address}/d/pilot/images?given=lynx")
    page.get_by_label("Final labels").press_sequentially("many")
    expect(page.get_by_text("must be a whole number")).to_be_visible()
    page.get_by_label("Final labels").fill("")
    field.fill("")
    expect(page.get_by_text("6 images")).to_be_visible()
    live_server.accept_complaints()  # of the 422 that says what is wrong


def test_an_answer_that_breaks_off_leads_to_the_filtered_page(live_server: LiveServer, page_as: Callable[..., Page]) -> None:
    page = page_as(Role.EXPERT)
    page.goto("/d/pilot/images")
    page.evaluate("() => { Response.prototype.text = () => Promise.reject(new TypeError('network error')); }")
    page.get_by_label("Given label").fill("lynx")
    expect(page).to_have_url(f"{live_server.address}/d/pilot/images?given=lynx")
    expect(page.get_by_text("1 image matches.")).to_be_visible()


def test_a_picture_enlarges_and_closes_by_escape(live_server: LiveServer, page_as: Callable[..., Page]) -> None:
    page = page_as(Role.EXPERT)
    page.goto(f"/d/pilot/images/{live_server.study.images[0].id}")
    onwards = page.get_by_role("link", name="Next image").bounding_box()
    heading = page.get_by_role("heading", level=1).bounding_box()
    assert onwards
    assert heading
    assert onwards["x"] - heading["x"] < 20  # nothing precedes the first image
    page.get_by_role("link", name="Enlarge image 1").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("status")).not_to_have_text("100%")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("link", name="Enlarge image 1")).to_be_focused()
