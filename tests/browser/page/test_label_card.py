"""The label's card and the reference pictures in a row, on both pages: a press never ends the tab, the card never leaves the window nor
hides the picture, and reference pictures are as large as there is room for."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Locator, Page, Route, expect
from tests.browser.live import UNPICTURED
from tests.browser.scenes import ASKING, Scenes, disagree, made
from tests.studies import HIERARCHY, label_space

from multilabelfy.annotation.model import Role
from multilabelfy.dataset.model import LabelSpace
from multilabelfy.workflows.workspace import Workspace

pytestmark = pytest.mark.browser
ANNOTATE, REFINE = "/d/pilot/annotate", "/d/pilot/refine"
MOUSE: dict[str, Any] = {}
TOUCH: dict[str, Any] = {"has_touch": True, "is_mobile": True, "viewport": {"width": 360, "height": 740}}
LAPTOP, LARGE, PHONE = (1280, 800), (2560, 1440), (360, 740)
MANY_WORDS = "A thing that takes many words to tell it from all that is nearly like it. " * 40
CARD = ".card[open] .card-body"
LONG = 500  # milliseconds: more than a card waits for the pointer
PICTURE = """image => {
  const box = image.getBoundingClientRect();
  const scale = Math.min(box.width / image.naturalWidth, box.height / image.naturalHeight);
  const [width, height] = [image.naturalWidth * scale, image.naturalHeight * scale];
  return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
}"""


def until(page: Page, condition: str) -> None:
    """Until this holds on the page. (Playwright's own way evaluates texts as code, which the pages forbid.)"""
    page.evaluate(
        f"""() => new Promise((done, fail) => {{
          const last = performance.now() + 30_000;
          const later = () => (performance.now() > last ? fail(new Error("it never held")) : requestAnimationFrame(look));
          const look = () => ({condition} ? done() : later());
          look();
        }})"""
    )


def wordy(n_labels: int = 30) -> LabelSpace:
    """Every third label takes many words and has many names."""
    space = label_space(n_labels, HIERARCHY)
    names = tuple(f"another name {i}" for i in range(30))
    long = (replace(one, definition=MANY_WORDS, names=(*one.names, *names)) if i % 3 == 2 else one for i, one in enumerate(space.labels))
    return replace(space, labels=tuple(long))


def few(folder: Path) -> Workspace:
    """One reference picture a label, and none for two labels."""
    return pictured(folder, 1)


def usual(folder: Path) -> Workspace:
    """Four reference pictures a label, and none for two labels."""
    return pictured(folder, 4)


def few_disputed(folder: Path) -> Workspace:
    return disputed(folder, 1)


def usual_disputed(folder: Path) -> Workspace:
    return disputed(folder, 4)


def kept(n: int) -> int:
    """How many reference pictures a label needs so that n stand beside it: one never shows, but for a label's only one."""
    return n + 1 if n > 1 else n


def pictured(folder: Path, n: int) -> Workspace:
    return made(
        folder, protocol=ASKING, n_images=3, n_exemplars=kept(n), size=(500, 375), labels=wordy(), unpictured=(1, 4, *UNPICTURED)
    ).workspace


def disputed(folder: Path, n: int) -> Workspace:
    study = made(folder, protocol=ASKING, n_images=3, n_exemplars=kept(n), size=(500, 375), labels=wordy(), unpictured=(1, 4, *UNPICTURED))
    disagree(study, range(3))
    return study.workspace


PAGES = {"annotate": (Role.ANNOTATOR, ANNOTATE), "refine": (Role.EXPERT, REFINE)}
# Both pages show the same rows and cards: touch, and one reference picture a label, are tried on the page that most people use.
PRESSES = (("annotate", MOUSE), ("annotate", TOUCH), ("refine", MOUSE))
SCENES = {("annotate", 1): few, ("annotate", 4): usual, ("refine", 1): few_disputed, ("refine", 4): usual_disputed}


@pytest.fixture
def open_page(scenes: Scenes, request: pytest.FixtureRequest) -> Callable[..., Page]:
    """`open_page("refine", n=1, size=LARGE)`: a page that listens, with so many reference pictures a label; others are the context's."""

    def opened(name: str, n: int = 4, size: tuple[int, int] = LAPTOP, **options: Any) -> Page:
        role, path = PAGES[name]
        page = scenes.page(SCENES[name, n], role, **{"viewport": {"width": size[0], "height": size[1]}, **options})
        request.addfinalizer(page.close)
        crashes: list[str] = []
        page.on("crash", lambda _: crashes.append("the tab has ended"))
        request.addfinalizer(lambda: check(crashes))
        page.goto(path)
        expect(page.locator("html.scripted .desk .sheet").first).to_be_focused()
        expect(page.locator("img.judged.fitted").first).to_be_visible()
        return page

    return opened


def check(crashes: list[str]) -> None:
    assert crashes == []


def summary(page: Page, number: int) -> Locator:
    """The reference pictures of a row in view, counted from 1."""
    return page.locator("[data-part=row]:visible summary").nth(number - 1)


def press(page: Page, what: Locator, how: dict[str, Any], **options: Any) -> None:
    """By the mouse, or by a finger."""
    (what.tap if how.get("has_touch") else what.click)(**options)


def box(what: Locator) -> dict[str, float]:
    found = what.bounding_box()
    assert found is not None
    return {"x": found["x"], "y": found["y"], "width": found["width"], "height": found["height"]}


def is_apart(one: dict[str, float], other: dict[str, float]) -> bool:
    """Whether two boxes share nothing."""
    beside = one["x"] + one["width"] <= other["x"] + 1 or other["x"] + other["width"] <= one["x"] + 1
    return beside or one["y"] + one["height"] <= other["y"] + 1 or other["y"] + other["height"] <= one["y"] + 1


def neighbours_are_there(page: Page) -> None:
    expect(page.locator(f"{CARD} .beside li").first).to_be_attached()


def stand_still(page: Page) -> None:
    """From now on the page's clock goes as far as the test lets it."""
    page.clock.install(time=0)
    page.clock.pause_at(1_000)


# ---- presses


@pytest.mark.parametrize(("name", "how"), PRESSES, ids=["annotate-mouse", "annotate-touch", "refine-mouse"])
def test_a_press_in_an_open_card_closes_it_when_it_is_over(open_page: Callable[..., Page], name: str, how: dict[str, Any]) -> None:
    page = open_page(name, **how)
    press(page, summary(page, 3), how)
    neighbours_are_there(page)
    press(page, page.locator(CARD), how)
    expect(page.locator(".card[open]")).to_have_count(0)
    box_before = page.locator("[data-part=row]:visible input[name=yes]").first.is_checked()
    page.keyboard.press("1")
    expect(page.locator("[data-part=row]:visible input[name=yes]").first).to_be_checked(checked=not box_before)


@pytest.mark.parametrize(("name", "how"), PRESSES, ids=["annotate-mouse", "annotate-touch", "refine-mouse"])
def test_a_press_beside_an_open_card_closes_it_and_does_what_it_does(
    open_page: Callable[..., Page], name: str, how: dict[str, Any]
) -> None:
    page = open_page(name, **how)
    press(page, summary(page, 1), how)
    expect(page.locator(CARD)).to_be_visible()
    dot, heading = (
        page.locator("[data-part=dot]:visible").last,
        page.locator(".panel h1:visible"),
    )  # a scene's cases are for all: none is decided
    press(page, dot if name == "annotate" else heading, how)
    expect(page.locator(".card[open]")).to_have_count(0)
    expect(page.locator("[data-part=five]:visible")).to_have_attribute("data-five", "3" if name == "annotate" else "0")


@pytest.mark.parametrize("name", PAGES)
def test_a_card_stays_while_its_text_is_selected(open_page: Callable[..., Page], name: str) -> None:
    page = open_page(name)
    summary(page, 1).click()
    text = box(page.locator(f"{CARD} .card-title b"))
    page.mouse.move(text["x"] + 1, text["y"] + 8)
    page.mouse.down()
    page.mouse.move(text["x"] + text["width"] - 1, text["y"] + 8, steps=4)
    page.mouse.up()
    assert page.evaluate("new Promise(done => setTimeout(() => done(String(getSelection())), 50))")
    expect(page.locator(CARD)).to_be_visible()


@pytest.mark.parametrize("how", [MOUSE, TOUCH], ids=["mouse", "touch"])
@pytest.mark.parametrize(
    ("scene", "role", "path"),
    [
        ("fresh", Role.ANNOTATOR, ANNOTATE),
        ("disputed", Role.EXPERT, REFINE),
        ("disputed", Role.EXPERT, f"{REFINE}/quick"),
    ],
)
def test_a_press_in_what_a_press_opened_never_ends_the_tab(scenes: Scenes, scene: str, role: Role, path: str, how: dict[str, Any]) -> None:
    page = scenes.page(scene, role, **how)
    page.goto(path)
    expect(page.locator("html.scripted .desk .sheet").first).to_be_focused()
    page.wait_for_load_state("networkidle")
    page.evaluate("addEventListener('click', event => event.target.closest('a, button') && event.preventDefault())")  # nothing leads away
    n = page.locator("summary:visible").count()
    assert n > 0
    for number in range(n):
        opener = page.locator("summary:visible").nth(number)
        press(page, opener, how)
        inside = opener.locator("xpath=..").locator(":scope > :not(summary)").first
        if inside.is_visible():  # what was open already is closed now
            press(page, inside, how, position={"x": 4, "y": 4}, force=True)
        page.keyboard.press("Escape")
        if inside.is_visible():  # a menu of the header
            press(page, opener, how)
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_label_that_is_pressed_is_chosen_though_the_search_finds_others_meanwhile(open_page: Callable[..., Page], name: str) -> None:
    page = open_page(name)
    page.keyboard.press("/")
    page.keyboard.type("bell")
    option = page.locator(".found:visible [data-label]", has_text="bell cote")
    option.hover()
    page.mouse.down()
    page.keyboard.press("Backspace")
    with page.expect_response("**/search?*"):
        page.keyboard.type("ow")
    page.wait_for_load_state("networkidle")
    page.mouse.up()
    expect(page.locator(".chip:visible", has_text="bell cote")).to_be_visible()


# ---- where the card lies


@pytest.mark.parametrize(("name", "n"), [("annotate", 1), ("annotate", 4), ("refine", 4)])
@pytest.mark.parametrize("sizes", [(LAPTOP, LARGE), (PHONE,)], ids=["laptop and large", "phone"])
def test_the_card_is_in_the_window_and_beside_the_picture(
    open_page: Callable[..., Page], name: str, sizes: tuple[tuple[int, int], ...], n: int
) -> None:
    how = TOUCH if sizes == (PHONE,) else MOUSE
    page = open_page(name, n, sizes[0], **how)
    for size in sizes:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for number in range(1, page.locator("[data-part=row]:visible").count() + 1, 2):
            summary(page, number).scroll_into_view_if_needed()
            press(page, summary(page, number), how)
            card_is_in_the_window(page, size)
            page.keyboard.press("Escape")
            page.mouse.move(2, 2)
            expect(page.locator(".card[open]")).to_have_count(0)


def card_is_in_the_window(page: Page, size: tuple[int, int]) -> None:
    """All of it, beside the picture, and its last neighbour can be reached."""
    neighbours_are_there(page)
    card = box(page.locator(CARD))
    assert card["x"] >= 0, size
    assert card["y"] >= 0, size
    assert card["x"] + card["width"] <= size[0], size
    assert card["y"] + card["height"] <= size[1], size
    assert card["height"] > 180, size
    assert is_apart(card, page.locator("img.judged:visible").evaluate(PICTURE)), size
    page.locator(f"{CARD} .beside li").last.scroll_into_view_if_needed()
    expect(page.locator(f"{CARD} .beside li").last).to_be_in_viewport(ratio=0.9)


def test_on_a_phone_that_was_scrolled_the_card_keeps_off_the_picture(open_page: Callable[..., Page]) -> None:
    page = open_page("annotate", size=(360, 560), has_touch=True)  # too low for all of the page
    page.mouse.wheel(0, 500)
    until(page, "scrollY > 50")
    summary(page, 5).tap()
    neighbours_are_there(page)
    assert is_apart(box(page.locator(CARD)), page.locator("img.judged:visible").evaluate(PICTURE))


@pytest.mark.parametrize("name", PAGES)
def test_the_card_stays_while_the_pointer_moves_into_it_and_closes_when_it_leaves(open_page: Callable[..., Page], name: str) -> None:
    page = open_page(name, 1, own=True)
    summary(page, 1).hover()
    neighbours_are_there(page)
    page.locator("header").hover()
    expect(page.locator(".card[open]")).to_have_count(0)
    stand_still(page)
    for width, height in (LAPTOP, LARGE):
        page.set_viewport_size({"width": width, "height": height})
        summary(page, 1).hover()
        page.clock.run_for(LONG)
        expect(page.locator(CARD)).to_be_visible()
        start, card = box(summary(page, 1)), box(page.locator(CARD))
        to = card["x"] + card["width"] / 2, card["y"] + card["height"] / 2
        for step in range(21):  # without hurry
            x, y = start["x"] + 9 + (to[0] - start["x"] - 9) * step / 20, start["y"] + 9 + (to[1] - start["y"] - 9) * step / 20
            page.mouse.move(x, y)
            page.clock.run_for(40)
        page.clock.run_for(LONG)
        expect(page.locator(CARD)).to_be_visible()
        page.locator("header").hover()
        page.clock.run_for(LONG)
        expect(page.locator(".card[open]")).to_have_count(0)


def test_a_click_on_the_pictures_keeps_the_card_that_the_pointer_opened(open_page: Callable[..., Page]) -> None:
    page = open_page("annotate", own=True)
    summary(page, 1).hover()
    neighbours_are_there(page)
    stand_still(page)
    summary(page, 1).click()
    page.locator("header").hover()
    page.clock.run_for(LONG)
    expect(page.locator(CARD)).to_be_visible()


@pytest.mark.parametrize("n", [1, 4])
def test_a_neighbour_is_described_in_a_line_of_whole_words_and_none_of_it_is_cut_off(open_page: Callable[..., Page], n: int) -> None:
    page = open_page("annotate", n)
    page.keyboard.press("Shift+Digit2")
    neighbours_are_there(page)
    wordy_one = page.locator(f"{CARD} .beside li", has_text="A thing that takes many words")
    expect(wordy_one.locator("span")).to_have_text("A thing that takes many words to tell it from all that is nearly like …")
    texts = page.locator(f"{CARD} .beside :is(b, span)")
    for width, height in (LAPTOP, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator(CARD)).to_be_visible()
        cut = texts.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight)")
        assert cut == [], width
    expect(page.locator(f"{CARD} .beside .quiet").last).to_have_css("text-overflow", "clip")


@pytest.mark.parametrize("name", PAGES)
def test_with_the_keyboard_the_card_opens_scrolls_and_closes(open_page: Callable[..., Page], name: str) -> None:
    page = open_page(name)
    page.locator("[data-part=row]:visible input[name=yes]").nth(2).focus()
    page.keyboard.press("Tab")
    neighbours_are_there(page)
    five = page.locator("[data-part=five]:visible").get_attribute("data-five")
    page.keyboard.press("Tab")
    expect(page.locator(CARD)).to_be_focused()
    page.keyboard.press("ArrowDown")
    until(page, "document.activeElement.scrollTop > 0")
    assert page.locator("[data-part=five]:visible").get_attribute("data-five") == five
    page.keyboard.press("Tab")
    expect(page.locator(CARD, has_text="Egyptian cat")).to_have_count(0)


def test_neighbours_whose_answer_breaks_off_are_asked_for_again(open_page: Callable[..., Page]) -> None:
    page = open_page("annotate")
    errors: list[Error] = []
    page.on("pageerror", lambda error: errors.append(error))
    page.evaluate("() => { globalThis.whole = Response.prototype.text; }")
    page.evaluate("() => { Response.prototype.text = () => Promise.reject(new TypeError('network error')); }")
    with page.expect_response("**/neighbours/**"):
        page.keyboard.press("Shift+Digit2")
    expect(page.locator(f"{CARD} [data-part=neighbours]")).not_to_have_attribute("data-asked", "yes")
    page.evaluate("() => { Response.prototype.text = globalThis.whole; }")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Digit2")
    neighbours_are_there(page)
    assert errors == []


def test_the_card_goes_with_its_five(open_page: Callable[..., Page]) -> None:
    page = open_page("annotate")
    page.keyboard.press("Shift+Digit2")
    expect(page.locator(CARD)).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".card[open]")).to_have_count(0)


# ---- the pictures in a row


ALONE = {LAPTOP: 64, LARGE: 190, PHONE: 44}
FOUR = {LAPTOP: 60, (1920, 1080): 110, LARGE: 120, PHONE: 33}


@pytest.mark.parametrize(("name", "n", "heights"), [("annotate", 1, ALONE), ("annotate", 4, FOUR), ("refine", 4, FOUR)])
def test_reference_pictures_grow_with_the_panel_and_keep_their_shape(
    open_page: Callable[..., Page], name: str, n: int, heights: dict[tuple[int, int], int]
) -> None:
    page = open_page(name, n)
    until(page, "[...document.querySelectorAll('.five:not([hidden]) img.strip')].every(one => one.naturalWidth)")
    for (width, height), least in heights.items():
        page.set_viewport_size({"width": width, "height": height})
        strips_are_whole(page, n, least)


def strips_are_whole(page: Page, n: int, least: int) -> None:
    """In a window of this size they are at least so high, lie in their rows and leave room for the names."""
    strips = page.locator("[data-part=row]:visible img.strip")
    found = strips.evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
    assert len(found) >= 2
    for one in found:
        assert one["height"] >= least
        assert one["width"] == pytest.approx(n * one["height"], abs=1)
    rows = page.locator("[data-part=row]:visible").evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
    assert all(row["bottom"] >= strip["bottom"] for row in rows for strip in found if row["top"] < strip["bottom"] < row["bottom"] + 20)
    names = page.locator("[data-part=row]:visible .names b").evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")
    assert min(names) > 90


def test_the_rows_fill_the_height(open_page: Callable[..., Page]) -> None:
    page = open_page("annotate")
    for width, height in (LAPTOP, (1440, 900), LARGE):
        page.set_viewport_size({"width": width, "height": height})
        rows = [box(row) for row in page.locator("[data-part=row]:visible").all()]
        assert len({round(row["height"]) for row in rows}) == 1
        assert box(page.locator(".chosen"))["y"] - (rows[-1]["y"] + rows[-1]["height"]) < 20
        assert box(page.locator(".go"))["y"] - (box(page.locator(".others"))["y"] + box(page.locator(".others"))["height"]) < 20


@pytest.mark.parametrize(("size", "edge"), [(PHONE, 96), (LAPTOP, 96), (LARGE, 224)])
def test_a_row_asks_once_for_pictures_of_the_size_that_it_shows(scenes: Scenes, size: tuple[int, int], edge: int) -> None:
    page = scenes.page(usual, viewport={"width": size[0], "height": size[1]}, service_workers="block")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(ANNOTATE)
    page.wait_for_load_state("networkidle")
    strips = [url for url in asked if "/strips/" in url]
    assert len(strips) == len(set(strips)) >= 3
    assert {url.rsplit("-", 1)[1] for url in strips} == {f"{edge}.webp"}
    page.close()


def test_pictures_that_come_late_move_nothing(scenes: Scenes) -> None:
    page = scenes.page(usual, viewport={"width": 2560, "height": 1440}, service_workers="block")
    page.route("**/strips/*", hang)
    page.goto(ANNOTATE, wait_until="domcontentloaded")
    expect(page.locator("html.scripted .desk .sheet").first).to_be_focused()
    before = page.locator(".five:visible :is(.names, summary, .row)").evaluate_all(BOXES)
    page.unroute("**/strips/*")
    page.goto(ANNOTATE)
    expect(page.locator("html.scripted .desk .sheet").first).to_be_focused()
    page.wait_for_load_state("networkidle")
    assert page.locator(".five:visible :is(.names, summary, .row)").evaluate_all(BOXES) == before
    page.close()


def hang(route: Route) -> None:
    """A request that is never answered."""


BOXES = "all => all.map(one => one.getBoundingClientRect()).map(({ x, y, width, height }) => [x, y, width, height].map(Math.round))"


@pytest.mark.parametrize("name", PAGES)
def test_a_label_without_reference_pictures_says_so(open_page: Callable[..., Page], name: str) -> None:
    page = open_page(name)
    row = page.locator("[data-part=row]:visible", has_text="tiger cat")
    expect(row.locator("summary")).to_have_text("no reference pictures")
    row.locator("summary").click()
    expect(page.locator(CARD)).to_contain_text("This label has no reference pictures.")
    expect(page.locator(CARD)).to_contain_text("the thing called tiger cat")
