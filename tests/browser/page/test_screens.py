"""The annotate and the refine page on every window, with a thousand labels and the oddest pictures and names: nothing overflows, nothing is
covered, nothing jumps from one picture to the next, and nothing moves where the system asks for no motion."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.annotate.test_annotate_keys import ahead
from tests.browser.live import UNPICTURED, cut_off
from tests.browser.scenes import ASKING, Scenes, disagree, made
from tests.studies import Study, label_space

from multilabelfy.annotation.model import Role
from multilabelfy.dataset.model import LabelSpace
from multilabelfy.workflows.workspace import Workspace

pytestmark = pytest.mark.browser
ANNOTATE, REFINE, QUICK = "/d/pilot/annotate", "/d/pilot/refine", "/d/pilot/refine/quick"
NARROW = 900
WINDOWS: dict[str, tuple[int, int, Literal["light", "dark"]]] = {
    "phone": (360, 740, "light"),
    "tablet": (768, 1024, "dark"),
    "laptop": (1280, 800, "light"),
    "laptop at 200%": (640, 400, "dark"),
    "low": (1366, 640, "light"),
    "large": (2560, 1300, "dark"),
}
PICTURES = ((640, 480), (12_000, 300), (40, 40), (300, 2_400))
LONG = "pneumonoultramicroscopicsilicovolcanoconiosis" * 2
SENTENCE = "a very long name of a thing that somebody once thought needs to be told in ninety letters"


def odd_labels() -> LabelSpace:
    """A thousand labels: the first has one word of 90 letters, the second 60 synonyms, the third a name as long as a line."""
    space = label_space(1_000)
    names = [(LONG,), tuple(f"synonym number {i}" for i in range(60)), (SENTENCE, LONG)]
    return replace(space, labels=tuple(replace(one, names=names[i]) if i < len(names) else one for i, one in enumerate(space.labels)))


def odd(folder: Path) -> Workspace:
    """Odd pictures with odd labels, of which two have no reference pictures."""
    return odd_study(folder).workspace


def odd_disputed(folder: Path) -> Workspace:
    """The same, disputed."""
    study = odd_study(folder)
    disagree(study, range(len(PICTURES)))
    return study.workspace


def odd_study(folder: Path) -> Study:
    return made(
        folder,
        protocol=ASKING,
        labels=odd_labels(),
        n_labels=1_000,
        unpictured=(0, 4, *UNPICTURED),
        n_images=len(PICTURES),
        n_exemplars=4,
        sizes=PICTURES,
    )


@pytest.fixture
def opened(request: pytest.FixtureRequest, scenes: Scenes) -> Callable[..., Page]:
    """`opened(odd, Role.ANNOTATOR, path, "phone")`: a page in this window, listening, with all that it will show here already."""

    def open_page(scene: Callable[[Path], Workspace], role: Role, path: str, window: str) -> Page:
        width, height, colours = WINDOWS[window]
        page = scenes.page(scene, role, viewport={"width": width, "height": height}, color_scheme=colours)
        request.addfinalizer(page.close)
        page.goto(path)
        expect(page.locator("html.scripted .desk .sheet").first).to_be_focused()
        ahead(page)
        cut_off(page)  # what is said here stays here
        return page

    return open_page


@pytest.mark.parametrize("window", WINDOWS)
def test_the_annotate_page_holds_every_picture_and_name(opened: Callable[..., Page], window: str) -> None:
    page = opened(odd, Role.ANNOTATOR, ANNOTATE, window)
    first = places(page)
    for number, size in enumerate(PICTURES):
        expect(page.locator("img.judged.fitted")).to_be_visible()
        look(page, size)
        assert places(page) == first, f"picture {number} moves the page"
        for key in ("1", "2", "3", "s", "Enter", "Enter", "Enter"):
            page.keyboard.press(key)
        expect(page.locator("[data-part=place]").first).to_have_text("five 4 of 4")
        look(page, size)
        assert places(page) == first, f"what is chosen on picture {number} moves the page"
        page.keyboard.press("Enter")
        expect(page.locator(f"annotate-desk > .sheet[data-assignment='{number + 1}']")).to_have_count(0)


def test_the_refine_page_holds_every_picture_and_name(opened: Callable[..., Page]) -> None:
    page = opened(odd_disputed, Role.EXPERT, REFINE, "laptop")
    for _ in range(2):
        expect(page.locator("refine-desk > .sheet img.judged.fitted")).to_be_visible()
        for _ in windows(page):
            look(page)
        case = page.locator("refine-desk > .sheet").get_attribute("data-assignment")
        page.keyboard.press("0")
        expect(page.get_by_role("group", name="No label, because")).to_be_visible()
        expect(page.locator("[data-part=row]:visible")).to_have_count(0)
        for _ in windows(page):
            look(page)
        page.keyboard.press("4")
        page.keyboard.press("Enter")
        expect(page.locator(f"refine-desk > .sheet[data-assignment='{case}']")).to_have_count(0)


def test_the_quick_mode_holds_every_picture_and_name(opened: Callable[..., Page]) -> None:
    page = opened(odd_disputed, Role.EXPERT, QUICK, "laptop")
    for _ in range(2):  # the next one is here already
        expect(page.locator("refine-desk > .sheet img.judged.fitted")).to_be_visible()
        for window in windows(page):
            assert overflow(page) == 0, window
            within_view(page.get_by_role("button", name="yes"))
            within_view(page.get_by_role("button", name="no"))
        label = page.get_by_role("heading", level=1).inner_text()
        page.keyboard.press("y")
        expect(page.get_by_role("heading", level=1)).not_to_have_text(label)


def windows(page: Page) -> Iterator[str]:
    """The page in every window, one after the other."""
    for window, (width, height, colours) in WINDOWS.items():
        page.emulate_media(color_scheme=colours, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )  # what follows the size has followed
        yield window


def look(page: Page, size: tuple[int, int] | None = None) -> None:
    """Nothing is wider than the window, nothing that one works with is out of view or covered, and the picture is in its place."""
    width = page.evaluate("innerWidth")
    assert overflow(page) == 0, width
    if width > NARROW:
        assert page.evaluate("document.documentElement.scrollHeight - innerHeight") == 0
        for row in page.locator("[data-part=row]:visible").all():
            within_view(row)
    within_view(page.locator("[data-part=go]:visible"))
    spilt = page.locator(".row:visible, .panel-head:visible, .others:visible, .go:visible").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)"
        ".map(one => [one.outerHTML.slice(0, 90), one.scrollWidth, one.clientWidth, one.scrollHeight, one.clientHeight])"
    )
    assert spilt == [], width
    picture, place = box(page.locator("img.judged:visible")), box(page.locator("figure.picture:visible"))
    assert picture["width"] <= place["width"] + 1
    assert picture["height"] <= place["height"] + 1
    if size:
        assert picture["width"] <= 4 * size[0] + 1
        assert picture["height"] <= 4 * size[1] + 1


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def within_view(one: Locator) -> None:
    """All of it is in the window, and nothing lies over its middle."""
    expect(one, f"in {one.page.viewport_size}").to_be_in_viewport(ratio=0.99)
    assert one.evaluate(
        "one => { const { x, y, width, height } = one.getBoundingClientRect();"
        " const top = document.elementFromPoint(x + width / 2, y + height / 2); return one === top || one.contains(top) }"
    )


def box(one: Locator) -> dict[str, float]:
    found = one.first.bounding_box()
    assert found is not None
    return {"x": found["x"], "y": found["y"], "width": found["width"], "height": found["height"]}


def places(page: Page) -> list[tuple[int, ...]]:
    """Where the header, the question, the five rows and the buttons are, in whole pixels, over the page's top."""
    return [
        tuple(round(value) for value in place)
        for place in page.locator("header, .panel-head:visible, [data-part=row]:visible, .go:visible").evaluate_all(
            "all => all.map(one => { const { x, y, width, height } = one.getBoundingClientRect();"
            " return [x, one.matches('.go') ? y : y + scrollY, width, height] })"
        )
    ]


@pytest.mark.parametrize(
    ("scene", "role", "path"), [(odd, Role.ANNOTATOR, ANNOTATE), (odd_disputed, Role.EXPERT, REFINE), (odd_disputed, Role.EXPERT, QUICK)]
)
def test_on_a_phone_every_target_has_room_for_a_finger(scenes: Scenes, scene: Callable[[Path], Workspace], role: Role, path: str) -> None:
    page = scenes.page(scene, role, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page.goto(path)
    expect(page.locator("html.scripted .desk .sheet").first).to_be_focused()
    if path == ANNOTATE:
        page.locator(".pick:visible").first.tap()
        expect(page.locator(".chip:visible")).to_have_count(1)
    small = page.evaluate(
        """[...document.querySelectorAll('header :is(a, button, summary), .sheet :is(.pick, button, .choice, a, summary)')]
           .filter(one => one.checkVisibility())
           .map(one => ({ one, ...one.getBoundingClientRect().toJSON() }))
           .filter(({ one, width, height }) => height < 43.5 || width < (one.matches('.dot') ? 24 : 43.5))
           .map(({ one, width, height }) => `${Math.round(width)} × ${Math.round(height)} ${one.outerHTML.slice(0, 60)}`)"""
    )
    page.close()
    assert small == []


def test_nothing_moves_where_the_system_asks_for_no_motion(scenes: Scenes) -> None:
    page = scenes.page(odd, Role.ANNOTATOR, reduced_motion="reduce")
    page.goto(ANNOTATE)
    expect(page.locator("html.scripted .desk .sheet").first).to_be_focused()
    for key in ("1", "Enter", "z"):
        page.keyboard.press(key)
        assert page.evaluate("document.getAnimations().length") == 0
    moving = "[...document.querySelectorAll('*')].filter(one => parseFloat(getComputedStyle(one).transitionDuration) > 0).length"
    assert page.evaluate(moving) == 0
    page.close()


def test_saying_that_a_picture_is_unfit_moves_no_row(scenes: Scenes) -> None:
    page = scenes.page("fresh")
    page.goto(ANNOTATE)
    expect(page.locator("html.scripted .desk .sheet").first).to_be_focused()
    before = places(page)
    page.keyboard.press("f")
    expect(page.get_by_role("group", name="Unfit because")).to_be_visible()
    assert places(page) == before
    page.close()
