"""What helps to see the picture, and the person's own keys, in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.browser.live import LiveServer

pytestmark = pytest.mark.browser
PAGE = "/d/pilot/annotate"


@pytest.fixture
def page(look_at: Callable[..., Page]) -> Page:
    return opened(look_at("paper"))


def opened(page: Page) -> Page:
    page.goto(PAGE)
    expect(page.locator("html.scripted answer-sheet")).to_be_focused()
    return page


def brightness(page: Page, selector: str) -> str:
    return str(page.locator(selector).evaluate("image => getComputedStyle(image).filter"))


def test_a_magnifier_shows_what_lies_under_the_pointer(page: Page) -> None:
    lens = page.locator("[data-part=lens]")
    expect(lens).to_be_hidden()
    page.keyboard.press("m")
    expect(lens).to_be_visible()
    box = page.locator("img.judged").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2 + 20, box["y"] + box["height"] / 2 + 10)
    at = lens.bounding_box()
    assert at is not None
    assert abs(at["x"] + at["width"] / 2 - (box["x"] + box["width"] / 2 + 20)) < 2
    assert abs(at["y"] + at["height"] / 2 - (box["y"] + box["height"] / 2 + 10)) < 2
    page.keyboard.press("m")
    expect(lens).to_be_hidden()


def test_a_dark_picture_gets_more_light_also_where_it_is_enlarged(page: Page) -> None:
    page.keyboard.press("l")
    assert brightness(page, "img.judged") == "brightness(1.5)"
    page.keyboard.press("z")
    expect(page.locator("#zoom")).to_be_visible()
    assert brightness(page, "#zoom img") == "brightness(1.5)"
    page.keyboard.press("Escape")
    for _ in range(3):
        page.keyboard.press("l")
    assert brightness(page, "img.judged") == "none"


def test_the_next_picture_has_its_own_light(page_as: Callable[..., Page]) -> None:
    page = opened(page_as())
    page.keyboard.press("l")
    page.keyboard.press("0")
    first = page.locator("answer-sheet").get_attribute("data-assignment")
    for _ in range(4):
        page.keyboard.press("Enter")
    expect(page.locator(f"annotate-desk > answer-sheet:not([data-assignment='{first}'])")).to_be_visible()
    assert brightness(page, "img.judged") == "none"


def test_the_enlarged_picture_keeps_its_place_until_another_one_is_opened(page: Page) -> None:
    page.keyboard.press("z")
    expect(page.locator("#zoom img")).to_have_attribute("style", re.compile("scale"))
    for key in ("+", "+", "ArrowRight"):
        page.keyboard.press(key)
    place = page.locator("#zoom img").get_attribute("style")
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    expect(page.locator("#zoom")).to_be_visible()
    page.evaluate("new Promise(requestAnimationFrame)")
    assert page.locator("#zoom img").get_attribute("style") == place


def test_a_swipe_opens_the_five_beside_and_chooses_nothing(look_at: Callable[..., Page]) -> None:
    page = opened(look_at("paper", has_touch=True, viewport={"width": 390, "height": 800}))
    swipe(page, by=-150)
    expect(page.locator("[data-part=five]:visible")).to_have_attribute("data-five", "1")
    swipe(page, by=150)
    expect(page.locator("[data-part=five]:visible")).to_have_attribute("data-five", "0")
    assert page.locator("input[name=yes]:checked").count() == 0


def swipe(page: Page, by: int) -> None:
    """A finger that moves over the first label in view."""
    box = page.locator("[data-part=row]:visible").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 6):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + by * step / 5, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_moved_key_does_what_the_usual_one_did(page_as: Callable[..., Page], live_server: LiveServer) -> None:
    page = page_as()
    page.goto("/me")
    page.get_by_label("cannot tell").fill("x")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    opened(page).keyboard.press("u")
    expect(page.get_by_role("checkbox", name="cannot tell")).not_to_be_checked()
    page.keyboard.press("x")
    expect(page.get_by_role("checkbox", name="cannot tell")).to_be_checked()


def test_keys_that_are_switched_off_do_nothing_but_enter_and_the_arrows_do(page_as: Callable[..., Page]) -> None:
    page = page_as()
    page.goto("/me")
    page.get_by_label("Letters, digits and signs work as keys").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    for key in ("1", "u", "z"):
        opened(page).keyboard.press(key)
    assert page.locator("input[name=yes]:checked").count() == 0
    expect(page.locator("#zoom")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=five]:visible")).to_have_attribute("data-five", "1")
    page.get_by_role("checkbox", name="no label fits").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="no label fits")).to_be_checked()


def test_an_open_card_holds_the_label_against_its_neighbours(look_at: Callable[..., Page]) -> None:
    page = opened(look_at("fresh"))
    page.keyboard.press("Shift+Digit2")
    card = page.locator(".card[open]")
    expect(card.get_by_role("heading", name="Near it")).to_be_visible()
    expect(card.locator(".beside b")).to_have_text(["tabby", "Egyptian cat", "lynx"])
    expect(card.get_by_role("img", name="3 reference pictures of lynx")).to_be_visible()
