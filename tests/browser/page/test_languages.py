"""The pages in German by keys alone, and the pages as a language that runs from right to left would have them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.answering import answer
from tests.browser.live import LiveServer

from multilabelfy.annotation.model import Role
from multilabelfy.web.app import utcnow

pytestmark = pytest.mark.browser
ANNOTATE = "/d/pilot/annotate"
WIDTHS = (360, 1280)
DESKS = ((Role.ANNOTATOR, "Ann", ANNOTATE), (Role.OWNER, "Olga", "/d/pilot/refine"), (Role.OWNER, "Olga", "/d/pilot/refine/quick"))
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


@pytest.fixture
def disputed(serve_study: Callable[..., LiveServer]) -> LiveServer:
    """A study with two images on which Ann and Bob differ."""
    server = serve_study(n_images=4)
    for image in (0, 1):
        answer(server.study, "Ann", image, [image], note="only the ears", now=utcnow())
        answer(server.study, "Bob", image, [image + 1], now=utcnow())
    return server


def mirrored(page: Page, address: str) -> None:
    """The page as it would be in Arabic or Hebrew."""
    page.goto(address)
    page.evaluate("document.documentElement.dir = 'rtl'")


def stays_in_the_window(page: Page) -> None:
    """On a wide one and on a phone's."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, (page.url, width)
        assert page.evaluate(LEAVING) == [], (page.url, width)


def middle(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2


def test_the_page_in_german_from_the_first_key_to_the_last(page_as: Callable[..., Page]) -> None:
    page = page_as(locale="de-DE")
    page.goto(ANNOTATE)
    expect(page.locator("html.scripted answer-sheet")).to_be_focused()
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


def test_the_status_says_in_german_what_is_kept_without_a_connection(page_as: Callable[..., Page], live_server: LiveServer) -> None:
    live_server.accept_complaints()
    page = page_as(locale="de-DE")
    page.goto(ANNOTATE)
    expect(page.locator("html.scripted answer-sheet")).to_be_focused()
    page.context.set_offline(True)
    page.keyboard.press("f")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("save-status")).to_have_text("1 Antwort hier aufbewahrt, keine Verbindung", timeout=20_000)
    page.context.set_offline(False)
    expect(page.locator("save-status")).to_have_text("gesichert", timeout=30_000)


def test_the_refine_page_in_german(page_as: Callable[..., Page], disputed: LiveServer) -> None:
    page = page_as(Role.EXPERT, server=disputed, locale="de-DE")
    page.goto("/d/pilot/refine")
    expect(page.get_by_role("heading", level=1)).to_have_text("Welche Labels sind gültig?")
    expect(page.get_by_text("Strittig: ihre Mengen sind verschieden.")).to_be_visible()
    expect(page.get_by_text("Person 1")).to_be_visible()
    expect(page.locator("[data-part=go-text]")).to_have_text("Entscheiden und weiter")


def test_german_stays_in_the_window(page_as: Callable[..., Page], disputed: LiveServer) -> None:
    for role, name, address in DESKS:
        page = page_as(role, name=name, server=disputed, locale="de-DE")
        page.goto(address)
        assert page.locator(".sheet").count() > 0
        stays_in_the_window(page)
    for address in PAGES:
        page.goto(address)
        stays_in_the_window(page)


def test_on_a_german_phone_the_enlarged_picture_can_be_closed_and_a_missing_reference_is_read_whole(
    page_as: Callable[..., Page], serve_study: Callable[..., LiveServer]
) -> None:
    server = serve_study(unpictured=(0,))
    page = page_as(server=server, locale="de-DE", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page.goto(ANNOTATE)
    missing = page.locator(".no-strip:visible").first
    assert missing.evaluate("one => one.scrollWidth <= one.clientWidth && one.offsetHeight <= one.closest('.row').clientHeight")
    page.locator("img.judged").tap()
    close = page.get_by_role("button", name="schließen")
    expect(close).to_be_in_viewport(ratio=1)
    close.tap()
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_from_right_to_left_nothing_leaves_the_window(page_as: Callable[..., Page], disputed: LiveServer) -> None:
    for role, name, address in DESKS:
        page = page_as(role, name=name, server=disputed)
        mirrored(page, address)
        assert page.locator(".sheet").count() > 0
        stays_in_the_window(page)
    for address in PAGES:
        mirrored(page, address)
        stays_in_the_window(page)


def test_from_right_to_left_the_panel_stands_on_the_other_side(page_as: Callable[..., Page], disputed: LiveServer) -> None:
    for role, name, address in DESKS:
        page = page_as(role, name=name, server=disputed)
        page.goto(address)
        assert middle(page, ".picture") < middle(page, ".panel")
        mirrored(page, address)
        assert middle(page, ".picture") > middle(page, ".panel")
        assert middle(page, ".product") > 640


def test_from_right_to_left_the_first_stage_stands_at_the_right(page_as: Callable[..., Page], disputed: LiveServer) -> None:
    page = page_as(Role.OWNER, server=disputed)
    mirrored(page, "/d/pilot")
    assert middle(page, ".stage:first-child .stage-number") > middle(page, ".stage:last-child .stage-number")


def test_from_right_to_left_the_popups_of_the_refine_page_open_inside_the_window(
    page_as: Callable[..., Page], disputed: LiveServer
) -> None:
    page = page_as(Role.EXPERT, server=disputed)
    for opener in (".filter > summary", ".talk > summary"):
        mirrored(page, "/d/pilot/refine")
        page.locator(opener).click()
        stays_in_the_window(page)
