"""Search-first and practice with keys alone, in a real browser: the search, then the candidates; the answer, then what was right."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.live import LiveServer, served
from tests.checking import NO_CHECKS, gold_study
from tests.web.annotate.test_annotate import stored

from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.annotation.model import Vote

pytestmark = pytest.mark.browser
SEARCH_FIRST = replace(NO_CHECKS, search_first_share=1.0, maybe_allowed=True)


@pytest.fixture
def searching(serve_study: Callable[..., LiveServer]) -> LiveServer:
    return serve_study(protocol=SEARCH_FIRST, n_images=3)


@pytest.fixture
def practising(tmp_path: Path) -> Iterator[LiveServer]:
    study = gold_study(tmp_path / "practice", replace(NO_CHECKS, n_practice=1), {2: (GoldKind.PRACTICE, (2, 4))}, n_images=4)
    with served(study) as server:
        yield server
    study.workspace.close()


def begin(page: Page) -> None:
    page.goto("/d/pilot/annotate")
    expect(page.locator("html.scripted answer-sheet")).to_be_focused()


def search(page: Page, text: str) -> None:
    """Find a label by its name and choose it."""
    page.keyboard.press("/")
    page.keyboard.type(text)
    expect(page.get_by_role("option", selected=True)).to_contain_text(text)
    page.keyboard.press("Enter")
    expect(page.locator("answer-sheet [data-part=chip]", has_text=text).first).to_be_visible()


def test_the_search_comes_first_and_enter_brings_the_candidates_with_its_choices_kept(
    page_as: Callable[..., Page], searching: LiveServer
) -> None:
    page = page_as(server=searching)
    begin(page)
    sheet = page.locator("annotate-desk > answer-sheet")
    expect(sheet.locator("[data-part=row]")).to_have_count(0)
    expect(sheet.get_by_role("button", name="Go on")).to_be_visible()
    search(page, "espresso")
    search(page, "lynx")
    page.keyboard.press("Enter")
    expect(sheet.locator("[data-part=row]")).to_have_count(20)
    expect(sheet.get_by_role("heading")).to_have_text("Which of these are in the picture?")
    expect(sheet.locator("[data-part=row][data-label='3']")).to_have_attribute("data-vote", "yes")
    expect(sheet.locator("[data-part=chip][data-label='26']")).to_be_visible()
    page.keyboard.press("1")
    for _ in range(4):
        page.keyboard.press("Enter")
    expect(page.locator("#progress-text")).to_have_text("1 of 3")
    [said] = stored(searching.study)
    assert said.search_first == {3: Vote.YES, 26: Vote.YES}
    assert said.answers == {0: Vote.YES, 3: Vote.YES, 26: Vote.YES}
    assert all(said.screen.opened_at)


def test_a_reload_between_search_and_save_loses_neither_stage(page_as: Callable[..., Page], searching: LiveServer) -> None:
    page = page_as(server=searching)
    begin(page)
    search(page, "espresso")
    page.reload()
    expect(page.locator("[data-part=chip]", has_text="espresso")).to_be_visible()
    expect(page.locator("annotate-desk > answer-sheet [data-part=row]")).to_have_count(0)
    page.keyboard.press("Enter")
    page.keyboard.press("2")
    expect(page.locator("[data-part=row][data-label='1']")).to_have_attribute("data-vote", "yes")
    page.reload()
    expect(page.locator("[data-part=row][data-label='1']")).to_have_attribute("data-vote", "yes")
    expect(page.locator("[data-part=chip]", has_text="espresso")).to_be_visible()
    for _ in range(4):
        page.keyboard.press("Enter")
    expect(page.locator("#progress-text")).to_have_text("1 of 3")
    [said] = stored(searching.study)
    assert (said.search_first, said.answers) == ({26: Vote.YES}, {1: Vote.YES, 26: Vote.YES})


def test_an_unfit_picture_is_saved_before_any_candidate_came(page_as: Callable[..., Page], searching: LiveServer) -> None:
    page = page_as(server=searching)
    begin(page)
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Save and next")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("#progress-text")).to_have_text("1 of 3")
    assert stored(searching.study)[0].search_first is None


def test_practice_shows_what_was_right_and_enter_goes_on_to_what_counts(page_as: Callable[..., Page], practising: LiveServer) -> None:
    page = page_as(server=practising)
    begin(page)
    expect(page.get_by_text("Practice: after your answer you see what was right.")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("2")
    for _ in range(4):
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What was right, and what was not")
    expect(page.get_by_role("region", name="Right")).to_contain_text("Egyptian cat")
    expect(page.get_by_role("region", name="Missed")).to_contain_text("remote control")
    expect(page.get_by_role("region", name="Not in the picture")).to_contain_text("lynx")
    expect(page.get_by_role("link", name="Begin")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("html.scripted answer-sheet")).to_be_focused()
    expect(page.locator("answer-sheet[data-practice]")).to_have_count(0)
    expect(page.locator("#progress-text")).to_have_text("0 of 4")
