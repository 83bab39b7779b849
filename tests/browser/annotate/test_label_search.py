"""Search over all labels by what stands above them and in spite of a typo, and the hierarchy to look through: with keys alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.browser.live import LiveServer

pytestmark = pytest.mark.browser


@pytest.fixture
def page(look_at: Callable[..., Page]) -> Page:
    """The annotate page of a study with a hierarchy, its search opened by its key."""
    return searching(look_at("fresh"))


def searching(page: Page) -> Page:
    page.goto("/d/pilot/annotate")
    expect(page.locator("html.scripted answer-sheet")).to_be_focused()
    page.keyboard.press("/")
    return page


def found(page: Page) -> list[str]:
    """The first names of what is listed."""
    return page.get_by_role("option").locator("b").all_inner_texts()


def test_a_word_for_what_stands_above_finds_the_labels_below(page: Page) -> None:
    page.keyboard.type("felid")
    expect(page.get_by_role("option")).to_have_count(5)
    assert found(page) == ["tabby", "tiger cat", "Egyptian cat", "lynx", "feline"]


def test_a_typo_finds_the_label_all_the_same(page: Page) -> None:
    page.keyboard.type("remtoe contorl")
    expect(page.get_by_role("option")).to_have_count(1)
    assert found(page) == ["remote control"]


def test_the_hierarchy_is_looked_through_with_keys_alone(page: Page) -> None:
    expect(page.get_by_role("option")).to_have_count(2)
    assert found(page) == ["artifact", "feline"]
    expect(page.get_by_role("option", name="feline")).to_contain_text("4 labels")
    page.keyboard.press("Enter")  # nothing is selected yet
    assert found(page) == ["artifact", "feline"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option", selected=True)).to_contain_text("tabby")
    assert found(page) == ["feline", "tabby", "tiger cat", "Egyptian cat", "lynx"]
    page.keyboard.press("Backspace")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option", selected=True)).to_contain_text("tabby")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("input[name=yes]:checked")).to_have_attribute("value", "1")


@pytest.mark.parametrize("leave", ["Escape", "/"])
def test_each_opening_of_the_search_is_empty(page: Page, leave: str) -> None:
    page.keyboard.type("felid")
    expect(page.get_by_role("option")).to_have_count(5)
    if leave == "Escape":
        page.keyboard.press("Escape")
    else:
        page.locator("summary", has_text="another label").click()
    page.keyboard.press("/")
    expect(page.get_by_label("Search all labels")).to_have_value("")
    expect(page.get_by_label("Search all labels")).to_be_focused()
    assert found(page) != ["tabby", "tiger cat", "Egyptian cat", "lynx", "feline"]
    page.keyboard.type("remote")
    expect(page.get_by_label("Search all labels")).to_have_value("remote")


def test_a_text_that_no_label_has_is_named_as_missing_by_one_key(page_as: Callable[..., Page]) -> None:
    page = searching(page_as())
    missing = page.get_by_label("Is a label missing from this set?")
    page.keyboard.type("flamethrower")
    expect(page.get_by_text("No label is called “flamethrower”.")).to_be_visible()
    expect(page.get_by_role("button", name="say that “flamethrower” is missing from this set")).to_contain_text("Enter")
    page.keyboard.press("Enter")
    expect(missing).to_have_value("flamethrower")
    expect(missing).to_be_focused()
    expect(page.get_by_label("Search all labels")).to_have_value("")
    page.keyboard.press("Enter")  # done: the sheet takes keys again
    expect(missing).to_be_hidden()
    page.keyboard.press("1")
    expect(page.locator("input[name=yes]:checked")).to_have_count(1)
    page.reload()
    expect(page.locator("html.scripted answer-sheet")).to_be_focused()
    assert page.locator("input[name=missing]").input_value() == "flamethrower"


def test_where_other_labels_are_found_one_key_says_that_none_of_them_is_meant(page: Page) -> None:
    missing = page.get_by_label("Is a label missing from this set?")
    page.keyboard.type("flamethrower")
    expect(page.get_by_text("No label is called “flamethrower”.")).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_label("Search all labels").fill("cat")
    expect(page.get_by_role("option", selected=True)).to_contain_text("tiger cat")
    page.keyboard.press("Shift+Enter")
    expect(missing).to_have_value("flamethrower, cat")
    expect(page.locator("input[name=yes]:checked")).to_have_count(0)


def test_a_search_that_failed_names_nothing_as_missing(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    server = serve_study()
    server.accept_complaints()
    page = page_as(server=server)
    page.goto("/d/pilot/annotate")
    expect(page.locator("html.scripted answer-sheet")).to_be_focused()
    page.route("**/search?*", lambda route: route.abort())
    page.keyboard.press("/")
    page.keyboard.type("flamethrower")
    expect(page.get_by_text("The search needs a connection")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Is a label missing from this set?")).to_have_value("")


def test_a_search_that_fails_late_leaves_the_newer_text_to_be_searched(page: Page) -> None:
    page.evaluate(
        """() => {
          const { fetch } = window;
          window.asked = new Promise((tell) => {
            window.fetch = () => new Promise((_, fail) => {
              window.fetch = fetch;
              tell(() => fail(new TypeError("no connection")));
            });
          });
        }"""
    )
    page.keyboard.type("b")
    page.evaluate(
        """async () => {
          const lose = await asked;
          const field = document.activeElement;
          field.value = "artif";
          field.dispatchEvent(new Event("input", { bubbles: true }));
          lose();
        }"""
    )
    expect(page.get_by_role("option", name="artifact")).to_be_visible()


def test_a_concept_that_was_found_is_opened_by_a_click(page: Page) -> None:
    page.keyboard.type("artif")
    page.get_by_role("option", name="artifact").click()
    expect(page.get_by_role("option", name="one step up")).to_be_visible()
    assert found(page)[:2] == ["artifact", "remote control"]


def test_without_a_hierarchy_the_open_search_is_an_empty_field(look_at: Callable[..., Page]) -> None:
    page = look_at("paper")
    page.goto("/d/pilot/annotate")
    expect(page.locator("html.scripted answer-sheet")).to_be_focused()
    with page.expect_response(lambda response: "/search?" in response.url):
        page.keyboard.press("/")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(page.get_by_label("Search all labels")).to_be_focused()
