"""Experts talk about a picture by keys: a note, and passing it on; what they write is as safe as a decision."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.browser.live import LiveServer, cut_off
from tests.browser.refine.test_refine_keys import dispute, open_refine, saved

from multilabelfy.annotation.model import Role

pytestmark = pytest.mark.browser


def test_a_note_and_a_pass_by_keys_and_the_next_expert_reads_them(
    serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]
) -> None:
    server = serve_study()
    dispute(server, 0, [0], [1])
    other = page_as(Role.EXPERT, server=server, name="Fay")
    page = open_refine(page_as, server)
    page.keyboard.press("d")
    page.keyboard.type("is it a toy? 1 2")
    page.get_by_role("button", name="Add the note").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What experts said")).to_be_visible()
    expect(page.locator(".discussion")).to_contain_text("is it a toy? 1 2")
    expect(page.locator("refine-desk > refine-case")).to_be_focused()
    page.keyboard.press("d")
    page.keyboard.type("I cannot tell cats apart")
    page.get_by_role("button", name="Pass it on").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to refine now")
    other.goto("/d/pilot/refine")
    expect(other.locator(".discussion")).to_contain_text("I cannot tell cats apart")


def test_a_note_is_kept_without_a_connection_and_sent_with_it(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    server = serve_study()
    server.accept_complaints()
    dispute(server, 0, [0], [1])
    page = open_refine(page_as, server)
    cut_off(page)
    page.keyboard.press("d")
    page.keyboard.type("is it a toy?")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator("save-status")).to_have_text("1 answer kept here, no connection")
    page.context.set_offline(False)
    saved(page)
    expect(page.locator(".discussion")).to_contain_text("is it a toy?")
