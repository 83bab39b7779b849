"""An expert decides with keys alone, in both styles."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.answering import answer, state_of
from tests.browser.live import LiveServer
from tests.deciding import latest_of_image

from multilabelfy.annotation.model import Role, Vote
from multilabelfy.annotation.study.protocol import BLIND
from multilabelfy.dataset.model import ImageState
from multilabelfy.refinement.model import EmptyReason, Refinement
from multilabelfy.web.app import utcnow

pytestmark = pytest.mark.browser


def dispute(server: LiveServer, image: int, first: list[int], second: list[int], note: str = "") -> None:
    """Ada and Bob answer an image."""
    answer(server.study, "Ann", image, first, note=note, now=utcnow())
    answer(server.study, "Bob", image, second, now=utcnow())


def decision(server: LiveServer, image: int) -> Refinement:
    """What stands of an image."""
    with server.study.workspace.store.reading() as c:
        found = latest_of_image(c, server.study.images[image].id)
    assert found is not None
    return found


def saved(page: Page) -> None:
    """Wait until nothing that was decided here is unsent."""
    expect(page.locator("refine-desk")).to_have_attribute("data-unsent", "0", timeout=20_000)


def open_refine(page_as: Callable[..., Page], server: LiveServer) -> Page:
    """The refine page of an expert."""
    page = page_as(Role.EXPERT, server=server)
    page.goto("/d/pilot/refine")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Which labels are valid"))
    expect(page.locator("refine-case")).to_be_focused()
    return page


def test_the_open_style_from_the_union_to_the_next_image_by_keys(
    serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]
) -> None:
    server = serve_study()
    dispute(server, 0, [0], [1], note="only the ears")
    dispute(server, 1, [1], [1, 2])
    page = open_refine(page_as, server)
    expect(page.get_by_text("only the ears")).to_be_visible()
    expect(page.get_by_role("checkbox", name="tabby")).to_be_checked()
    page.keyboard.press("2")  # the tiger cat is not valid
    expect(page.get_by_role("checkbox", name="tiger cat")).not_to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 decided · 1 disputed")).to_be_visible()
    assert decision(server, 0).answer_revealed == {0: Vote.YES, 1: Vote.NO}
    expect(page.locator("refine-case")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # asked once, since nothing was changed
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to refine now")
    assert decision(server, 1).labels() == (1, 2)
    assert state_of(server.study, 1) is ImageState.REFINED


def test_the_blind_style_answers_first_and_keeps_both(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    server = serve_study(protocol=BLIND)
    dispute(server, 0, [0], [1], note="a hint")
    page = open_refine(page_as, server)
    expect(page.get_by_text("a hint")).to_have_count(0)
    expect(page.locator(".tally")).to_have_count(0)
    expect(page.get_by_role("checkbox", name="tabby")).not_to_be_checked()
    place, other = (page.locator("[data-part=row]", has_text=name).locator("kbd").inner_text() for name in ("tabby", "tiger cat"))
    page.keyboard.press(place)
    page.keyboard.press("Enter")
    expect(page.get_by_text("a hint")).to_be_visible()
    expect(page.get_by_role("checkbox", name="tabby")).to_be_checked()
    page.keyboard.press(place)
    page.keyboard.press(other)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to refine now")
    found = decision(server, 0)
    assert found.answer_blind is not None
    assert (found.answer_blind[0], found.answer_blind[1]) == (Vote.YES, Vote.NO)
    assert found.answer_revealed is not None
    assert (found.answer_revealed[0], found.answer_revealed[1]) == (Vote.NO, Vote.YES)


def test_an_empty_set_wants_its_reason_by_keys(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    server = serve_study()
    dispute(server, 0, [0], [1])
    page = open_refine(page_as, server)
    page.keyboard.press("1")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("No label is chosen")
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Say why")
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to refine now")
    assert (decision(server, 0).labels(), decision(server, 0).reason) == ((), EmptyReason.UNUSABLE)


def test_a_label_from_the_search_joins_and_a_note_goes_along(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    server = serve_study()
    dispute(server, 0, [0], [1])
    page = open_refine(page_as, server)
    page.keyboard.press("/")
    page.keyboard.type("golden")
    expect(page.get_by_role("option", name="golden retriever")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("c")
    expect(page.locator(".note textarea:visible")).to_be_focused()  # the choice before it is kept first
    page.keyboard.type("behind the sofa 1 2")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to refine now")
    assert decision(server, 0).labels() == (0, 1, 11)
    assert decision(server, 0).note == "behind the sofa 1 2"


def test_a_text_that_no_label_has_is_named_as_missing_by_one_key(
    serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]
) -> None:
    server = serve_study()
    dispute(server, 0, [0], [1])
    page = open_refine(page_as, server)
    page.keyboard.press("/")
    page.keyboard.type("flamethrower")
    expect(page.get_by_text("No label is called “flamethrower”.")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Is a label missing from this set?")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("/")
    expect(page.get_by_label("Search all labels")).to_have_value("")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to refine now")
    assert decision(server, 0).missing_label == "flamethrower"


def test_back_to_a_decision_and_on_again(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    server = serve_study()
    dispute(server, 0, [0], [1])
    dispute(server, 1, [1], [1, 2])
    page = open_refine(page_as, server)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # asked once, since nothing was changed
    expect(page.get_by_text("1 decided")).to_be_visible()
    expect(page.locator("refine-desk > refine-case")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", name="Your decision")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Which labels are valid?", exact=True)).to_be_visible()
    saved(page)
    assert decision(server, 0).revision == 2
    page.keyboard.press("ArrowRight")  # the last one is left for later, and is the only one: it comes back
    expect(page.get_by_text("1 decided · 1 disputed")).to_be_visible()


def test_without_scripts_the_form_works(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    server = serve_study()
    dispute(server, 0, [0], [1])
    server.accept_complaints()  # of the refusal, which is a 422
    page = page_as(Role.EXPERT, server=server, java_script_enabled=False)
    page.goto("/d/pilot/refine")
    page.get_by_role("checkbox", name="tabby").uncheck()
    page.get_by_role("checkbox", name="tiger cat").uncheck()
    page.get_by_role("button", name="Decide and next").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why the picture has none")
    page.get_by_role("radio", name="a rendition").check()
    page.get_by_role("button", name="Decide and next").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to refine now")
    assert decision(server, 0).reason is EmptyReason.RENDITION
