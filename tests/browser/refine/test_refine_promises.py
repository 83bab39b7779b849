"""What PAGES promises of the refine page and only a browser shows, each promise by its own name. tests/web/refine has the others."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.answering import answer
from tests.browser.annotate.test_annotate_keys import ahead
from tests.browser.live import LiveServer
from tests.browser.refine.test_refine_keys import dispute, open_refine, saved

from multilabelfy.annotation.model import Role
from multilabelfy.web.app import utcnow

pytestmark = pytest.mark.browser


def test_the_next_picture_is_here_before_enter(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    server = serve_study()
    for image in range(2):
        dispute(server, image, [image], [image + 1])
    page = open_refine(page_as, server)
    ahead(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # asked once, since nothing was changed
    saved(page)
    assert not any("/pictures/" in address or "/strips/" in address for address in asked)


def test_comments_reach_the_owner_and_the_answer_the_annotator(
    serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]
) -> None:
    server = serve_study()
    annotator = page_as(server=server, name="Ann")
    answer(server.study, "Ann", 0, [0], note="is a toy a cat?", now=utcnow())
    owner = page_as(Role.OWNER, server=server)
    owner.goto("/d/pilot/comments")
    owner.get_by_text("Answer", exact=True).click()
    owner.get_by_label("Your answer to Ann").fill("Count it as a cat.")
    owner.get_by_role("button", name="Send the answer").click()
    expect(owner.get_by_text("Every comment is answered.")).to_be_visible()
    annotator.goto("/")
    annotator.locator("details.person summary").click()
    annotator.get_by_role("link", name="Replies to you (1)").click()
    expect(annotator.get_by_text("Count it as a cat.")).to_be_visible()
