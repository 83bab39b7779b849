"""How the annotate page looks and loads: nothing jumps, nothing is hidden, on every window and without scripts."""

from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, Response, expect
from tests.browser.annotate.test_annotate_keys import PAGE, ahead, opened, press, settle, stored
from tests.browser.live import LiveServer

from multilabelfy.annotation.model import Vote
from multilabelfy.annotation.study.protocol import BLIND

pytestmark = pytest.mark.browser
FIXED = ("img.judged", ".panel", ".panel-head", ".fives", ".chosen", ".others", ".go", ".aside-actions", "header")


def boxes(page: Page, selectors: tuple[str, ...] = FIXED) -> dict[str, Any]:
    """Where these parts of the page are, in whole pixels."""
    rounded = "at => { const { x, y, width, height } = at.getBoundingClientRect(); return { x, y, width, height } }"
    found = {selector: page.locator(selector).first.evaluate(rounded) for selector in selectors}
    return {selector: {name: round(value) for name, value in box.items()} for selector, box in found.items()}


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def test_nothing_jumps_between_fives_between_pictures_and_when_labels_are_chosen(
    serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]
) -> None:
    page = ahead(opened(page_as(server=serve_study(protocol=BLIND, size=(640, 480), n_images=2))))
    expect(page.locator("img.judged.fitted")).to_be_visible()
    before = boxes(page)
    press(page, "1", "2", "3", "4")
    assert boxes(page) == before
    press(page, "s", *["Enter"] * 3)
    assert boxes(page) == before
    press(page, "Enter")
    expect(page.locator("answer-sheet")).to_have_attribute("data-assignment", "2")
    assert boxes(page) == before


def test_the_picture_is_the_largest_thing(page_as: Callable[..., Page], serve_study: Callable[..., LiveServer]) -> None:
    page = opened(page_as(server=serve_study(size=(1600, 1200), n_images=1)))
    expect(page.locator("img.judged.fitted")).to_be_visible()
    found = boxes(page, ("img.judged", ".panel"))
    areas = {selector: box["width"] * box["height"] for selector, box in found.items()}
    assert areas["img.judged"] > areas[".panel"]


def test_small_pictures_are_enlarged_to_most_of_their_place_but_no_more_than_four_times(
    serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]
) -> None:
    page = opened(page_as(server=serve_study(sizes=((100, 60), (200, 150)), n_images=2)))
    expect(page.locator("img.judged.fitted")).to_be_visible()
    found = boxes(page, ("img.judged",))["img.judged"]
    assert (found["width"], found["height"]) == (400, 240)
    page.set_viewport_size({"width": 360, "height": 740})
    found = boxes(page, ("img.judged", "figure.picture"))
    assert found["img.judged"]["width"] == round(0.6 * found["figure.picture"]["width"])


def test_a_picture_as_many_data_sets_have_fills_most_of_its_place_on_every_window(
    serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]
) -> None:
    page = opened(page_as(server=serve_study(size=(200, 150), n_images=2)))
    expect(page.locator("img.judged.fitted")).to_be_visible()
    for width, height in ((1280, 800), (2560, 1440), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        shown, place = boxes(page, ("img.judged", "figure.picture")).values()
        assert max(shown["width"] / place["width"], shown["height"] / place["height"]) >= 0.45


def test_odd_pictures_stay_inside_their_place(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    page = opened(page_as(server=serve_study(sizes=((4000, 100), (100, 4000), (40, 40)), n_images=3)))
    for number in range(1, 4):
        expect(page.locator(f"answer-sheet[data-assignment='{number}'] img.judged.fitted")).to_be_visible()
        found = boxes(page, ("img.judged", "figure.picture"))
        picture, place = found["img.judged"], found["figure.picture"]
        assert picture["width"] <= place["width"]
        assert picture["height"] <= place["height"]
        press(page, "ArrowRight")


def test_every_window_shows_the_page_without_scrolling_sideways(look_at: Callable[..., Page]) -> None:
    page = opened(look_at("paper"))
    press(page, "1", "2", "3", "4", "5")
    for width, height in ((360, 740), (640, 400), (768, 1024), (1280, 800), (1366, 640), (2560, 1300)):
        page.set_viewport_size({"width": width, "height": height})
        assert overflow(page) == 0
        expect(page.locator("[data-part=go]")).to_be_in_viewport()
        expect(page.locator("img.judged")).to_be_in_viewport()
        if width > 900:
            assert page.evaluate("document.documentElement.scrollHeight - innerHeight") == 0
            expect(page.locator("[data-part=row]:visible").last).to_be_in_viewport(ratio=1)


def test_on_a_phone_rows_are_tapped_and_targets_are_large_enough(page_as: Callable[..., Page], live_server: LiveServer) -> None:
    page = opened(page_as(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True))
    small = page.evaluate(
        """[...document.querySelectorAll('answer-sheet :is(.pick, button, .choice, a, summary)')]
           .filter(one => one.checkVisibility() && !one.matches('.dot, .chip-off'))
           .map(one => [one.className, Math.round(one.getBoundingClientRect().height)]).filter(([, height]) => height < 44)"""
    )
    assert small == []
    page.locator(".pick:visible").nth(1).tap()
    for five in range(4):
        expect(page.locator("[data-part=place]")).to_have_text(f"five {five + 1} of 4")
        page.locator("[data-part=go]").tap(position={"x": 10 + 30 * five, "y": 10})  # elsewhere each time: no double tap
    expect(page.locator("answer-sheet")).to_have_attribute("data-assignment", "2")
    expect(page.locator("annotate-desk")).to_have_attribute("data-unsent", "0")
    assert stored(live_server)[0].answers == {1: Vote.YES}


def test_the_mouse_has_an_equally_short_way(page_as: Callable[..., Page], live_server: LiveServer) -> None:
    page = opened(page_as())
    page.locator(".names:visible").nth(3).click()
    for name in ("Next five", "Next five", "Next five", "Save and next"):
        page.get_by_role("button", name=name).click()
    expect(page.locator("answer-sheet")).to_have_attribute("data-assignment", "2")
    expect(page.locator("annotate-desk")).to_have_attribute("data-unsent", "0")
    assert stored(live_server)[0].answers == {3: Vote.YES}


def test_without_scripts_the_same_form_works_with_all_fives_and_one_button(page_as: Callable[..., Page], live_server: LiveServer) -> None:
    live_server.accept_complaints()  # of the 422
    page = page_as(java_script_enabled=False)
    page.goto(PAGE)
    expect(page.locator(".row:visible")).to_have_count(20)
    assert overflow_without_scripts(page) <= 1280
    page.get_by_role("checkbox", name="sunglasses").check()
    page.get_by_role("button", name="Save and next").click()
    expect(page.locator("answer-sheet").first).to_have_attribute("data-assignment", "2")
    page.get_by_role("button", name="Save and next").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing is chosen yet")
    page.get_by_role("checkbox", name="no label fits").check()
    page.get_by_role("button", name="Save and next").click()
    assert stored(live_server)[0].answers == {17: Vote.YES}
    page.get_by_role("link", name="previous").click()
    expect(page.get_by_role("checkbox", name="no label fits")).to_be_checked()


def overflow_without_scripts(page: Page) -> float:
    """The right edge of the panel."""
    box = page.locator(".panel").bounding_box()
    assert box is not None
    return box["x"] + box["width"]


def test_the_first_page_is_light(page_as: Callable[..., Page], live_server: LiveServer) -> None:
    page = page_as()
    page.wait_for_load_state("networkidle")  # of the page after signing in
    page.goto("about:blank")
    requests: list[Response] = []
    page.on("response", lambda response: requests.append(response))
    page.goto(PAGE, wait_until="load")
    seen = [response for response in requests if response.request.resource_type != "fetch"]
    first = [response for response in seen if not is_ahead(page, response)]
    assert len(first) <= 20
    sizes = [response.request.sizes()["responseBodySize"] for response in first if response.request.resource_type != "image"]
    assert sum(sizes) < 150_000


def is_ahead(page: Page, response: Response) -> bool:
    """Whether a picture belongs to a sheet that waits, not to the one in view."""
    path = response.url.removeprefix(page.url.split("/d/")[0])
    shown = page.locator(".five:visible summary img, .judged").evaluate_all("images => images.map(image => image.getAttribute('src'))")
    return response.request.resource_type == "image" and "/static/" not in path and path not in shown


def test_the_next_pictures_are_in_the_browser_before_they_are_asked_for(page_as: Callable[..., Page], live_server: LiveServer) -> None:
    page = opened(page_as())
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on(
        "request", lambda request: asked.append(f"{request.method} {request.resource_type} {request.url.removeprefix(live_server.address)}")
    )
    press(page, "1", *["Enter"] * 4)
    assert page.locator("img.judged").evaluate("image => image.complete && image.naturalWidth > 0")
    assert page.locator("[data-part=row]:visible summary img").evaluate_all("all => all.every(one => one.complete)")
    page.wait_for_load_state("networkidle")
    own = page.locator("img.judged").get_attribute("src")
    assert not [line for line in asked if own and own in line]


@pytest.fixture
def pictureless(page_as: Callable[..., Page], live_server: LiveServer) -> Page:
    """The annotate page while no picture can be shown."""
    live_server.accept_complaints()
    page = page_as()
    page.route("**/pictures/*", lambda route: route.fulfill(status=502, body=""))
    opened(page)
    expect(page.locator("answer-sheet missing-picture").first).to_contain_text("This picture cannot be shown now")
    return page


def test_a_picture_that_does_not_show_is_named_until_it_does_and_leaves_the_page_working(pictureless: Page) -> None:
    page = pictureless
    missing = page.locator("answer-sheet missing-picture").first
    page.unroute("**/pictures/*")
    missing.get_by_role("button", name="Try again").click()
    expect(missing).to_be_hidden()
    assert page.locator("img.judged").first.evaluate("image => image.naturalWidth > 0")
    press(page, "f", "1", "Enter")
    expect(page.locator("answer-sheet")).to_have_attribute("data-assignment", "2")


def test_an_answer_about_a_picture_that_does_not_show_is_asked_once(pictureless: Page) -> None:
    page = pictureless
    press(page, "1", *["Enter"] * 4)
    expect(page.locator("answer-sheet [data-part=refusal]")).to_contain_text("cannot be shown now")
    expect(page.locator("answer-sheet")).to_have_attribute("data-assignment", "1")
    press(page, "Enter")
    expect(page.locator("answer-sheet")).to_have_attribute("data-assignment", "2")


def test_whoever_says_that_a_picture_is_unfit_is_not_asked_whether_they_saw_it(pictureless: Page) -> None:
    press(pictureless, "f", "1", "Enter")
    expect(pictureless.locator("answer-sheet")).to_have_attribute("data-assignment", "2")


def test_the_page_has_one_heading_and_every_control_a_name(look_at: Callable[..., Page]) -> None:
    page = opened(look_at("paper"))
    assert page.locator("h1:visible").count() == 1
    unnamed = page.evaluate(
        """[...document.querySelectorAll('button, a[href], summary, input:not([type=hidden]), textarea')]
           .filter(one => one.checkVisibility() && !(one.textContent.trim() || one.ariaLabel || one.labels?.length))
           .map(one => one.outerHTML)"""
    )
    assert unnamed == []


def test_the_keyboard_alone_reaches_every_control_and_focus_is_seen(look_at: Callable[..., Page]) -> None:
    page = opened(look_at("paper"))
    names: list[str] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        at = page.evaluate("(({ name, dataset, tagName }) => name || dataset.part || tagName)(document.activeElement)")
        if at == "BODY":
            break
        names.append(at)
        assert page.evaluate(
            """(() => { const at = document.activeElement; const seen = [at, at.nextElementSibling, at.closest('.choice')];
               return seen.some(one => one && getComputedStyle(one).outlineStyle !== 'none') })()"""
        ), at
    assert {"yes", "outcome", "go", "dot"} <= set(names)


def test_the_look_follows_the_system_s_dark_mode(look_at: Callable[..., Page]) -> None:
    page = opened(look_at("paper", color_scheme="dark"))
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(27, 28, 30)"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_look_of_one_s_own_goes_before_the_system_s(page_as: Callable[..., Page], live_server: LiveServer, scripts: bool) -> None:
    page = page_as(java_script_enabled=scripts)
    systems: tuple[tuple[str, Literal["light", "dark"], str], ...] = (
        ("dark", "light", "rgb(27, 28, 30)"),
        ("light", "dark", "rgb(233, 233, 231)"),
    )
    for theme, system, ground in systems:
        page.emulate_media(color_scheme=system)
        page.goto("/me")
        page.get_by_label("Light or dark").select_option(theme)
        page.get_by_role("button", name="Save").click()
        page.goto(PAGE)
        expect(page.locator("body")).to_have_css("background-color", ground)


def test_after_a_long_stretch_the_page_offers_a_rest(page_as: Callable[..., Page]) -> None:
    page = page_as()
    page.clock.install()
    opened(page)
    rest = page.get_by_text("a short rest keeps the eye fresh")
    for _ in range(55):
        page.clock.fast_forward(60_000)
        page.keyboard.press("1")
    settle(page)
    expect(rest).to_be_hidden()  # not in the middle of a picture
    press(page, "ArrowRight")
    expect(rest).to_be_visible()
    page.clock.fast_forward(6 * 60_000)
    press(page, "ArrowRight")
    expect(rest).to_be_hidden()
