"""The pages in German by keys alone, and the pages as a language that runs from right to left would have them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.browser.annotate.test_annotate_keys import ahead
from tests.browser.live import UNPICTURED, LiveServer, cut_off

from multilabelfy.annotation.model import Role

pytestmark = pytest.mark.browser
ANNOTATE = "/d/pilot/annotate"
WIDTHS = (360, 1280)
DESKS = ((Role.ANNOTATOR, ANNOTATE), (Role.EXPERT, "/d/pilot/refine"), (Role.EXPERT, "/d/pilot/refine/quick"))
PAGES = (
    "/",
    "/d/pilot",
    "/d/pilot/disagreements",
    "/d/pilot/disagreements/posterior",
    "/d/pilot/annotators",
    "/d/pilot/planner",
    "/d/pilot/images",
    "/d/pilot/settings",
    "/team",
    "/me",
)
LEAVING = """() => {
  const cuts = (one) => ["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(one).overflowX);
  const scrolls = (one) => one && (cuts(one) || scrolls(one.parentElement));
  const isOut = ({ left, right, width }) => width > 1 && (left < -1 || right > document.documentElement.clientWidth + 1);
  const all = [...document.body.querySelectorAll("*")].filter((one) => one.checkVisibility() && !one.closest(".skip, .visually-hidden"));
  return all.filter((one) => isOut(one.getBoundingClientRect()) && !scrolls(one.parentElement)).map((one) => one.outerHTML.slice(0, 120));
}"""
"""The elements that leave the window at either side, other than inside of what scrolls or cuts by itself."""


def mirror(page: Page) -> Page:
    """The page as it would be in Arabic or Hebrew."""
    page.evaluate("document.documentElement.dir = 'rtl'")
    return page


def stays_in_the_window(page: Page) -> None:
    """On a wide one and on a phone's."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        where = page.url, width, page.evaluate("document.documentElement.dir")
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, where
        assert page.evaluate(LEAVING) == [], where


def middle(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2


def test_the_page_in_german_from_the_first_key_to_the_last_with_and_without_a_connection(
    page_as: Callable[..., Page], live_server: LiveServer
) -> None:
    live_server.accept_complaints()  # of the connection
    page = page_as(locale="de-DE")
    page.goto(ANNOTATE)
    expect(page.locator("html.scripted answer-sheet")).to_be_focused()
    ahead(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Was davon ist im Bild?")
    expect(page.locator("[data-part=place]").first).to_have_text("Gruppe 1 von 4")
    expect(page.locator("[data-part=go-text]").first).to_have_text("Nächste Gruppe")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=place]").first).to_have_text("Gruppe 2 von 4")
    for _ in range(2):
        page.keyboard.press("Enter")
    expect(page.locator("[data-part=go-text]").first).to_have_text("Speichern und weiter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("Noch ist nichts gewählt.")
    page.keyboard.press("u")
    page.keyboard.press("1")
    expect(page.locator("[data-part=chosen-title]").first).to_have_text("unklar zwischen")
    page.keyboard.press("Enter")
    expect(page.locator("save-status")).to_have_text("gesichert")
    expect(page.locator("#progress-text")).to_contain_text("1 von ")
    cut_off(page)
    for key in ("f", "1", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("save-status")).to_have_text("1 Antwort hier aufbewahrt, keine Verbindung", timeout=20_000)
    page.context.set_offline(False)
    expect(page.locator("save-status")).to_have_text("gesichert", timeout=30_000)


def test_the_refine_page_in_german(look_at: Callable[..., Page]) -> None:
    page = look_at("disputed", Role.EXPERT, locale="de-DE")
    page.goto("/d/pilot/refine")
    expect(page.get_by_role("heading", level=1)).to_have_text("Welche Labels sind gültig?")
    expect(page.get_by_text("Strittig: ihre Mengen sind verschieden; jemand sagte vielleicht.")).to_be_visible()
    expect(page.get_by_text("Person 1").first).to_be_visible()
    expect(page.locator("[data-part=go-text]")).to_have_text("Entscheiden und weiter")


@pytest.mark.parametrize(("role", "address"), DESKS)
def test_where_one_works_german_stays_in_the_window_from_left_to_right_and_from_right_to_left(
    look_at: Callable[..., Page], role: Role, address: str
) -> None:
    page = look_at("disputed", role, locale="de-DE")
    page.goto(address)
    expect(page.locator("html.scripted .desk .sheet").first).to_be_focused()
    assert middle(page, ".picture") < middle(page, ".panel")
    stays_in_the_window(page)
    mirror(page)
    stays_in_the_window(page)
    assert middle(page, ".picture") > middle(page, ".panel")
    assert middle(page, ".product") > 640


def test_on_every_other_page_german_stays_in_the_window_in_both_directions(look_at: Callable[..., Page]) -> None:
    page = look_at("disputed", Role.OWNER, locale="de-DE")
    for address in PAGES:
        page.goto(address)
        stays_in_the_window(page)
        stays_in_the_window(mirror(page))


def test_on_a_german_phone_the_enlarged_picture_can_be_closed_and_a_missing_reference_is_read_whole(
    page_as: Callable[..., Page], serve_study: Callable[..., LiveServer]
) -> None:
    server = serve_study(unpictured=(0, *UNPICTURED))
    page = page_as(server=server, locale="de-DE", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page.goto(ANNOTATE)
    missing = page.locator(".no-strip:visible").first
    assert missing.evaluate("one => one.scrollWidth <= one.clientWidth && one.offsetHeight <= one.closest('.row').clientHeight")
    page.locator("img.judged").tap()
    close = page.get_by_role("button", name="schließen")
    expect(close).to_be_in_viewport(ratio=1)
    close.tap()
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_from_right_to_left_the_first_stage_stands_at_the_right(look_at: Callable[..., Page]) -> None:
    page = look_at("disputed", Role.OWNER)
    page.goto("/d/pilot")
    mirror(page)
    assert middle(page, ".stage:first-child .stage-number") > middle(page, ".stage:last-child .stage-number")


def test_from_right_to_left_the_popups_of_the_refine_page_open_inside_the_window(look_at: Callable[..., Page]) -> None:
    page = look_at("disputed", Role.EXPERT)
    for opener in (".filter > summary", ".talk > summary"):
        page.goto("/d/pilot/refine")
        mirror(page).locator(opener).click()
        stays_in_the_window(page)
