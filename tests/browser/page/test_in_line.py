"""What belongs together stands in line: a key's caps and what they do, a button and what it sends."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.browser.scenes import Scenes

from multilabelfy.annotation.model import Role

pytestmark = pytest.mark.browser
WIDTHS = (1280, 1024, 360)
FORMS = ("/d/pilot/images", "/d/pilot/images?n_labels=many", "/d/pilot/labels", "/d/pilot/comments", "/d/pilot/settings",
         "/d/pilot/proposals", "/team", "/team/answers")  # fmt: skip
LEFTS = "all => all.map(one => Math.round(one.getBoundingClientRect().left))"
ALONE = """forms => forms.flatMap(form => {
  const box = one => one.getBoundingClientRect();
  const fields = [...form.querySelectorAll("input, select, summary")].filter(one => box(one).width);
  const inLine = (button, field) => box(field).bottom > box(button).top && box(field).top < box(button).bottom;
  const buttons = [...form.querySelectorAll("button")].filter(one => box(one).width);
  return buttons.filter(button => !fields.some(field => inLine(button, field))).map(button => button.textContent);
})"""


@pytest.fixture
def open_page(scenes: Scenes, request: pytest.FixtureRequest) -> Callable[..., Page]:
    def opened(scene: str, role: Role, path: str, width: int, locale: str = "en-GB") -> Page:
        page = scenes.page(scene, role, viewport={"width": width, "height": 800}, locale=locale)
        request.addfinalizer(page.close)
        page.goto(path)
        return page

    return opened


@pytest.mark.parametrize(
    ("scene", "role", "path"),
    [
        ("fresh", Role.ANNOTATOR, "/d/pilot/annotate"),
        ("disputed", Role.EXPERT, "/d/pilot/refine"),
        ("disputed", Role.EXPERT, "/d/pilot/refine/quick"),
    ],
)
def test_in_the_help_on_keys_what_a_key_does_is_in_one_column(open_page: Callable[..., Page], scene: str, role: Role, path: str) -> None:
    page = open_page(scene, role, path, 1280)
    expect(page.locator("html.scripted .desk .sheet").first).to_be_focused()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        for group in dialog.locator("section").all():
            assert len(set(group.locator("dd").evaluate_all(LEFTS))) == 1, width
            assert len(set(group.locator("dt > kbd:first-child").evaluate_all(LEFTS))) == 1, width
    assert len(set(dialog.locator("dd").evaluate_all(LEFTS))) == 1  # on the phone all groups stand below each other


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_no_button_stands_alone_in_a_line_below_what_it_sends(open_page: Callable[..., Page], locale: str) -> None:
    page = open_page("worked", Role.OWNER, "/", 1280, locale)
    alone = []
    for path in FORMS:
        page.goto(path)
        expect(page.locator("form.filters, .several").first).to_be_attached()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            alone += [(path, width, button) for button in page.locator("form.filters, .several").evaluate_all(ALONE)]
    assert alone == []


@pytest.mark.parametrize("path", ["/d/pilot", "/d/pilot/images", "/team?back=/d/pilot"])
def test_on_a_phone_the_open_section_stands_in_the_header_with_room_on_both_sides(open_page: Callable[..., Page], path: str) -> None:
    page = open_page("worked", Role.OWNER, path, 360, "de-DE")
    open_section = page.locator(".sections [aria-current]")
    expect(open_section).to_be_in_viewport(ratio=1)
    box = open_section.bounding_box()
    assert box is not None
    assert box["x"] >= 6
    assert box["x"] + box["width"] <= 354
