"""One label of one picture at a time, by one key each, in both styles; nothing of it is lost."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from tests.browser.annotate.test_annotate_keys import ahead
from tests.browser.live import LiveServer, cut_off
from tests.browser.refine.test_refine_keys import decision, dispute, saved

from multilabelfy.annotation.model import Role, Vote
from multilabelfy.annotation.study.protocol import BLIND
from multilabelfy.refinement.model import EmptyReason

pytestmark = pytest.mark.browser
PAGE = "/d/pilot/refine/quick"


def opened(page_as: Callable[..., Page], server: LiveServer, **options: object) -> Page:
    """The quick mode of an expert."""
    page = page_as(Role.EXPERT, server=server, **options)
    page.goto(PAGE)
    return page


def asked(page: Page, label: str) -> None:
    """Wait until this label is asked, and its keys are listened to."""
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Is “{label}” valid here?")
    expect(page.locator("refine-desk > quick-question")).to_be_focused()


def test_the_same_label_over_many_pictures_one_key_each(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    server = serve_study()
    for image in range(3):
        dispute(server, image, [image, 3], [image])
    page = opened(page_as, server)
    pictures = []
    for key in ("y", "n", "y"):
        asked(page, "lynx")
        pictures.append(page.locator("refine-desk > .sheet img.judged").get_attribute("src"))
        page.keyboard.press(key)
        expect(page.locator(f"refine-desk img.judged[src='{pictures[-1]}']")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to refine now")
    assert len(set(pictures)) == 3
    assert sorted(3 in decision(server, image).labels() for image in range(3)) == [False, True, True]
    assert all(decision(server, image).shown == (3, image) for image in range(3))


def test_the_reference_pictures_and_the_definition_stand_beside_the_picture(
    serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]
) -> None:
    server = serve_study()
    dispute(server, 0, [0], [0, 1], note="only the ears")
    page = opened(page_as, server)
    asked(page, "tiger cat")
    expect(page.get_by_text("the thing called tiger cat")).to_be_visible()
    expect(page.get_by_role("img", name="reference pictures")).to_be_visible()
    expect(page.get_by_text("only the ears")).to_be_visible()
    expect(page.locator(".split")).to_contain_text("1 yes")


def test_no_valid_label_ends_in_the_whole_case_by_keys(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    server = serve_study()
    dispute(server, 0, [0], [1])
    page = opened(page_as, server)
    asked(page, "tabby")
    page.keyboard.press("n")
    asked(page, "tiger cat")
    page.keyboard.press("n")
    expect(page.locator("refine-desk > refine-case")).to_be_focused()
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to refine now")
    assert decision(server, 0).reason is EmptyReason.UNUSABLE


def test_back_over_ones_answers_and_on_again(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    server = serve_study()
    dispute(server, 0, [0, 1], [0, 2])
    page = opened(page_as, server)
    asked(page, "tiger cat")
    page.keyboard.press("y")
    asked(page, "Egyptian cat")
    page.keyboard.press("ArrowLeft")
    asked(page, "tiger cat")
    page.keyboard.press("n")
    asked(page, "Egyptian cat")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Say yes or no")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to refine now")
    assert decision(server, 0).labels() == (0,)


def test_in_the_blind_style_the_votes_open_when_the_last_label_is_answered(
    serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]
) -> None:
    server = serve_study(protocol=replace(BLIND, audit_share=0.0, two_expert_share=0.0, relation_asked=False))
    dispute(server, 0, [0, 1], [0], note="a hint")
    page = opened(page_as, server)
    for _ in range(2):
        expect(page.locator("refine-desk > quick-question")).to_be_focused()
        expect(page.get_by_text("a hint")).to_have_count(0)
        before = page.get_by_role("heading", level=1).inner_text()
        page.keyboard.press("y" if "tabby" in before else "n")
        expect(page.get_by_role("heading", name=before)).to_have_count(0)
    expect(page.get_by_text("a hint")).to_be_visible()
    expect(page.locator("refine-desk > refine-case")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to refine now")
    assert decision(server, 0).answer_blind == {0: Vote.YES, 1: Vote.NO}
    assert decision(server, 0).answer_revealed == {0: Vote.YES, 1: Vote.NO}


def test_answers_are_kept_without_a_connection_and_sent_with_it(
    serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]
) -> None:
    server = serve_study()
    server.accept_complaints()
    for image in range(3):
        dispute(server, image, [image, 3], [image])
    page = opened(page_as, server)
    asked(page, "lynx")
    ahead(page)
    cut_off(page)
    page.keyboard.press("y")
    expect(page.locator("save-status")).to_have_text("1 answer kept here, no connection")
    asked(page, "lynx")  # the next one was here already
    page.context.set_offline(False)
    saved(page)
    expect(page.get_by_text("1 decided · 2 disputed")).to_be_visible()


def test_without_scripts_two_buttons_do_the_same(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    server = serve_study()
    dispute(server, 0, [0, 1], [0])
    page = opened(page_as, server, java_script_enabled=False)
    page.get_by_role("button", name="yes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to refine now")
    assert decision(server, 0).labels() == (0, 1)
