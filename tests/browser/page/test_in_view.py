"""What somebody works with is in view on every window, also on a phone: what was chosen, what can be said of the picture, and the way on.
Nothing lies on the picture, no message covers what it names, and a picture that was answered says so."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.annotate.test_annotate_keys import ahead
from tests.browser.live import cut_off
from tests.browser.scenes import Scenes

from multilabelfy.annotation.model import Role

pytestmark = pytest.mark.browser
ANNOTATE, REFINE, QUICK = "/d/pilot/annotate", "/d/pilot/refine", "/d/pilot/refine/quick"
DESKS = [("fresh", Role.ANNOTATOR, ANNOTATE), ("disputed", Role.EXPERT, REFINE), ("disputed", Role.EXPERT, QUICK)]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
BOX = "one => { const { left, top, right, bottom } = one.getBoundingClientRect(); return [left, top, right, bottom] }"


@pytest.fixture
def opened(scenes: Scenes, request: pytest.FixtureRequest) -> Callable[..., Page]:
    """`opened("fresh", Role.ANNOTATOR, path)`: a listening page that sends nothing."""

    def open_page(scene: str, role: Role, path: str, **options: Any) -> Page:
        page = scenes.page(scene, role, **options)
        request.addfinalizer(page.close)
        page.goto(path)
        expect(page.locator("html.scripted .desk .sheet").first).to_be_focused()
        ahead(page)
        cut_off(page)
        return page

    return open_page


def test_on_a_phone_what_was_chosen_what_can_be_said_and_the_way_on_are_in_view(opened: Callable[..., Page]) -> None:
    page = opened("fresh", Role.ANNOTATOR, ANNOTATE, **PHONE)
    for row in range(3):
        page.locator(".pick:visible").nth(row).tap()
    expect(page.locator(".chip:visible")).to_have_count(3)
    for y in (0, 10_000):
        page.evaluate(f"scrollTo(0, {y})")
        for one in (*page.locator(".chip:visible").all(), page.locator("img.judged"), page.locator("[data-part=go]")):
            expect(one).to_be_in_viewport()
        for name in ("no label fits", "cannot tell", "unfit picture"):
            expect(page.locator(".choice", has_text=name)).to_be_in_viewport(ratio=1)


def test_on_a_phone_an_expert_sees_what_is_valid_none_of_it_and_the_way_on(opened: Callable[..., Page]) -> None:
    page = opened("disputed", Role.EXPERT, REFINE, **PHONE)
    page.locator(".chip:visible, .pick:visible").last.tap()
    for one in (page.locator(".choice", has_text="no label is valid"), page.locator("[data-part=go]")):
        expect(one).to_be_in_viewport(ratio=1)
    page.locator(".choice", has_text="no label is valid").tap()
    page.locator("[data-part=go]").tap()
    expect(page.get_by_role("alert")).to_be_in_viewport(ratio=1)
    for one in (*page.locator(".reasons .choice:visible").all(), page.locator("[data-part=go]")):
        expect(one).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
@pytest.mark.parametrize(("scene", "role", "path", "n"), [(*desk, n) for desk, n in zip(DESKS, (3, 5, 4), strict=True)])
def test_on_a_phone_the_ways_to_other_pictures_are_in_view_in_one_line(
    opened: Callable[..., Page], scene: str, role: Role, path: str, n: int, locale: str
) -> None:
    page = opened(scene, role, path, **PHONE, locale=locale)
    ways = page.locator(".aside-actions > :visible")
    expect(ways).to_have_count(n)
    for y in (0, 10_000):
        page.evaluate(f"scrollTo(0, {y})")
        for way in ways.all():
            expect(way).to_be_in_viewport(ratio=1)
    assert len({round(top) for _, top, _, _ in ways.evaluate_all(f"all => all.map({BOX})")}) == 1
    rows = page.locator("[data-part=five]:visible .row:visible")
    page.evaluate("scrollTo(0, 0)")
    for row in rows.all()[:5] if scene == "fresh" else []:
        expect(row).to_be_in_viewport(ratio=1)
        assert not overlap(row, page.locator(".foot:visible"))


@pytest.mark.parametrize(("scene", "role", "path"), DESKS)
def test_a_finger_sees_no_key_caps(opened: Callable[..., Page], scene: str, role: Role, path: str) -> None:
    page = opened(scene, role, path, **PHONE)
    for width, height in ((360, 740), (1024, 768)):
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator("kbd").first).to_be_attached()
        expect(page.locator("kbd:visible"), f"in a window {width} px wide").to_have_count(0)


@pytest.mark.parametrize("window", [PHONE, {}], ids=["phone", "wide"])
def test_a_press_on_the_picture_enlarges_it(opened: Callable[..., Page], window: dict[str, object]) -> None:
    page = opened("fresh", Role.ANNOTATOR, ANNOTATE, **window)
    picture = page.locator("img.judged:visible")
    picture.tap() if window else picture.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="lighter").click()
    expect(page.locator("[data-part=image]")).to_have_css("filter", "brightness(1.5)")
    page.get_by_role("button", name="close").click()
    expect(picture).to_have_css("filter", "brightness(1.5)")


@pytest.mark.parametrize(("scene", "role", "path"), DESKS[:2])
def test_nothing_lies_on_the_picture(opened: Callable[..., Page], scene: str, role: Role, path: str) -> None:
    page = opened(scene, role, path)
    for width, height in ((360, 740), (1280, 800), (2560, 1440)):
        page.set_viewport_size({"width": width, "height": height})
        at_rest(page)
        picture = page.locator("img.judged:visible")
        tools = page.locator(".picture-tools button:visible, .aside-actions > *:visible").all()
        assert [tool.inner_text() for tool in tools if overlap(picture, tool)] == [], width
        assert tools


def at_rest(page: Page) -> None:
    """Whatever follows the size of the window has followed it."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_a_message_covers_nothing_that_it_names(opened: Callable[..., Page]) -> None:
    page = opened("fresh", Role.ANNOTATOR, ANNOTATE)
    for key in ("1", "2", *["Enter"] * 4):
        page.keyboard.press(key)
    message = page.get_by_role("alert")
    expect(message).to_contain_text("several objects")
    for width, height in ((1280, 800), (1366, 640), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        at_rest(page)
        for one in (message, *page.locator(".relation .choice").all(), page.locator("[data-part=go]")):
            expect(one, f"in a window {width} px wide").to_be_in_viewport(ratio=1)
        for one in page.locator(".relation .choice, .others .choice, .chip:visible, [data-part=go]").all():
            assert not overlap(message, one), (width, one.inner_text())


def test_an_answered_picture_says_so_when_one_goes_back(opened: Callable[..., Page]) -> None:
    page = opened("fresh", Role.ANNOTATOR, ANNOTATE)
    expect(page.get_by_text("answered", exact=True)).to_be_hidden()
    for key in ("1", *["Enter"] * 4, "ArrowLeft"):
        page.keyboard.press(key)
    expect(page.get_by_text("answered", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answer, to keep or to change")
    expect(page.get_by_role("button", name="Next picture")).to_be_visible()
    page.keyboard.press("2")
    expect(page.get_by_role("button", name="Save and next")).to_be_visible()


def test_on_a_phone_the_header_keeps_its_items(opened: Callable[..., Page]) -> None:
    page = opened("disputed", Role.EXPERT, REFINE, **PHONE)
    expect(page.get_by_role("link", name="Multilabelfy")).to_be_in_viewport(ratio=1)
    expect(page.locator(".way")).to_contain_text("decided")
    expect(page.locator(".way")).to_contain_text("disputed")
    page.locator(".person summary").tap()
    for link in ("pilot", "One label at a time", "Guidelines"):
        expect(page.locator(".person").get_by_role("link", name=link, exact=True)).to_be_in_viewport(ratio=1)
    page.locator(".person").get_by_role("button", name="keys").tap()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_on_a_phone_a_row_shows_all_its_reference_pictures_and_the_mark_has_room(opened: Callable[..., Page]) -> None:
    page = opened("fresh", Role.ANNOTATOR, ANNOTATE, **PHONE)
    shown = page.locator(".row:visible summary").evaluate_all("all => all.map(one => one.scrollWidth - one.clientWidth)")
    assert shown == [0] * 5
    status, sign = page.locator(".saved"), page.locator(".save-menu [data-part=sign]")
    expect(status).to_have_text("all saved")
    assert sign.evaluate(BOX)[0] - status.evaluate(BOX)[2] >= 2


def overlap(one: Locator, other: Locator) -> bool:
    """Whether two boxes share more than their edges."""
    left, top, right, bottom = one.evaluate(BOX)
    other_left, other_top, other_right, other_bottom = other.evaluate(BOX)
    return bool(min(right, other_right) - max(left, other_left) > 1 and min(bottom, other_bottom) - max(top, other_top) > 1)
