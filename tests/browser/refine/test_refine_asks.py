"""Refining does not answer by itself, and what an expert writes is not lost: ticks of others are asked about, notes wait."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.browser.live import LiveServer
from tests.browser.refine.test_refine_keys import decision, dispute, open_refine, saved
from tests.deciding import latest_of_image
from tests.studies import Study

from multilabelfy.annotation.model import Role, Vote
from multilabelfy.annotation.study.protocol import BLIND

pytestmark = pytest.mark.browser
ASKED = "You have changed nothing"


@pytest.fixture
def page(live_server: LiveServer, page_as: Callable[..., Page]) -> Page:
    """The refine page over two disputed pictures, where labels start ticked."""
    dispute(live_server, 0, [0], [1])
    dispute(live_server, 1, [1], [1, 2])
    return open_refine(page_as, live_server)


def decided(study: Study, image: int) -> bool:
    """Whether anybody has decided this image."""
    with study.workspace.store.reading() as c:
        return latest_of_image(c, study.images[image].id) is not None


@pytest.mark.parametrize("way", ["key", "button"])
def test_labels_that_start_ticked_are_asked_about_once(page: Page, live_server: LiveServer, way: str) -> None:
    go = page.locator("[data-part=go]")
    page.keyboard.press("Enter") if way == "key" else go.click()
    expect(page.get_by_role("alert")).to_contain_text(ASKED)
    assert not decided(live_server.study, 0)
    page.keyboard.press("Enter") if way == "key" else go.click()
    expect(page.locator("#n-decided")).to_have_text("1")
    assert decision(live_server, 0).answer_revealed == {0: Vote.YES, 1: Vote.YES}


def test_a_tick_that_was_changed_and_changed_back_is_a_decision(page: Page) -> None:
    for key in ("1", "1", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#n-decided")).to_have_text("1")


def test_a_decision_about_a_picture_that_does_not_show_is_asked_once(page: Page, live_server: LiveServer) -> None:
    live_server.accept_complaints()
    page.route("**/pictures/judged/*", lambda route: route.fulfill(status=502, body=""))
    page.locator("img.judged").first.evaluate("picture => (picture.src += '?again')")
    expect(page.locator("missing-picture").first).to_be_visible()
    for key in ("1", "1", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("[data-part=refusal]")).to_contain_text("cannot be shown now")
    assert not decided(live_server.study, 0)
    page.keyboard.press("Enter")
    expect(page.locator("#n-decided")).to_have_text("1")


def test_where_an_expert_starts_from_nothing_nothing_is_asked(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    server = serve_study(protocol=BLIND)
    dispute(server, 0, [0], [1])
    page = open_refine(page_as, server)
    for key in ("1", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="What the annotators said")).to_be_visible()
    expect(page.locator("html.scripted refine-desk[data-ready] .sheet").first).to_be_focused()
    page.keyboard.press("Enter")  # one's own answer, kept
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to refine now")


def test_a_note_to_other_experts_that_is_not_sent_survives_leaving(page: Page) -> None:
    case = page.locator("refine-case").get_attribute("data-assignment") or ""
    page.keyboard.press("d")
    page.keyboard.type("is it a toy?")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    expect(page.locator("refine-case")).not_to_have_attribute("data-assignment", case)
    expect(page.locator("form.talking textarea")).to_have_value("")
    page.goto(f"/d/pilot/refine/{case}")
    expect(page.locator("refine-desk[data-ready]")).to_be_visible()
    page.keyboard.press("d")
    expect(page.get_by_label("To other experts")).to_have_value("is it a toy?")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".discussion")).to_contain_text("is it a toy?")
    page.reload()
    expect(page.locator("refine-desk[data-ready]")).to_be_visible()
    expect(page.locator("form.talking textarea")).to_have_value("")


def test_ctrl_and_enter_in_a_note_decide(page: Page, live_server: LiveServer) -> None:
    for key in ("2", "c"):
        page.keyboard.press(key)
    page.keyboard.type("a toy")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#n-decided")).to_have_text("1")
    saved(page)
    assert decision(live_server, 0).note == "a toy"


def test_a_note_that_is_typed_and_sent_in_one_go_decides(page: Page, live_server: LiveServer) -> None:
    keys = [("Digit2", "2", False), ("KeyC", "c", False), ("KeyT", "t", False), ("KeyO", "o", False), ("Enter", "Enter", True)]
    event = "new KeyboardEvent('keydown', {code, key, ctrlKey, bubbles: true, cancelable: true})"
    send = f"keys => keys.forEach(([code, key, ctrlKey]) => document.activeElement.dispatchEvent({event}))"
    page.evaluate(send, keys)  # all before the browser's store has the choice
    expect(page.locator("#n-decided")).to_have_text("1")
    saved(page)
    assert decision(live_server, 0).note == "to"


def test_without_scripts_nothing_is_lost_by_it(page_as: Callable[..., Page], live_server: LiveServer) -> None:
    dispute(live_server, 0, [0], [1])
    page = page_as(Role.EXPERT, java_script_enabled=False)
    page.goto("/d/pilot/refine")
    page.get_by_role("button", name="Decide and next").click()
    assert decided(live_server.study, 0)
