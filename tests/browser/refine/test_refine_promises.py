"""What PAGES promises of the refine page, each promise by its own name."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from tests.answering import answer
from tests.browser.live import LiveServer
from tests.browser.refine.test_refine_keys import decision, dispute, open_refine, saved

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import BLIND, PAPER
from multilabelfy.store.dataset import images
from multilabelfy.web.app import utcnow

pytestmark = pytest.mark.browser
QUIET_BLIND = replace(BLIND, audit_share=0.0, two_expert_share=0.0)


def rows(page: Page) -> list[str]:
    """The names of the labels in view, in their order."""
    return page.locator("refine-desk > refine-case [data-part=row] .names b").all_inner_texts()


def test_it_shows_the_union_of_what_was_chosen_added_or_disputed(
    serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]
) -> None:
    server = serve_study()
    answer(server.study, "Ann", 0, [0], maybe=[2], now=utcnow())
    answer(server.study, "Bob", 0, [0, 1], added=[11], now=utcnow())
    page = open_refine(page_as, server)
    assert set(rows(page)) == {"tabby", "tiger cat", "Egyptian cat", "golden retriever"}


def test_disputed_labels_come_first_with_how_the_earlier_answers_split(
    serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]
) -> None:
    server = serve_study()
    dispute(server, 0, [0, 3], [0])
    page = open_refine(page_as, server)
    assert rows(page) == ["lynx", "tabby"]
    expect(page.locator("[data-part=row]").first.locator(".tally")).to_contain_text("✓1")
    expect(page.locator("[data-part=row]").first.locator(".tally")).to_contain_text("–1")


def test_it_is_without_names(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    server = serve_study()
    dispute(server, 0, [0], [1], note="only the ears")
    page = open_refine(page_as, server)
    expect(page.get_by_text("annotator 1", exact=True)).to_be_visible()
    text = page.locator("body").inner_text()
    assert not any(name in text.split() for name in ("Ann", "Bob"))


def test_in_the_blind_protocol_labels_are_shuffled_by_expert(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    server = serve_study(protocol=QUIET_BLIND, n_images=8)
    for image in range(8):
        dispute(server, image, [image, image + 1, image + 2], [image])
    orders = []
    page = open_refine(page_as, server)
    for image in range(8):
        labels = [int(row.get_attribute("data-label") or "") for row in page.locator("refine-desk > .sheet [data-part=row]").all()]
        orders.append([label - min(labels) for label in labels])
        page.keyboard.press("ArrowRight")
        if image < 7:
            expect(page.locator("refine-desk > refine-case")).to_be_focused()
            page.wait_for_load_state("networkidle")
    assert len({tuple(order) for order in orders}) > 1  # not the order of the labels, nor one order for all


def test_in_the_blind_protocol_votes_and_notes_open_after_the_answer_which_may_be_kept_or_changed(
    serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]
) -> None:
    server = serve_study(protocol=QUIET_BLIND)
    dispute(server, 0, [0], [1], note="a hint")
    page = open_refine(page_as, server)
    expect(page.get_by_text("a hint")).to_have_count(0)
    expect(page.locator(".tally")).to_have_count(0)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("a hint")).to_be_visible()
    expect(page.locator("refine-desk > refine-case")).to_be_focused()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to refine now")
    found = decision(server, 0)
    assert found.answer_blind is not None
    assert sorted(found.answer_blind.values()) == [0, 2]
    assert found.labels() == (0, 1)


def test_in_the_papers_protocol_votes_and_notes_are_open_from_the_start(
    serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]
) -> None:
    server = serve_study(protocol=PAPER)
    dispute(server, 0, [0], [1], note="only the ears")
    page = open_refine(page_as, server)
    expect(page.get_by_text("only the ears")).to_be_visible()
    expect(page.locator(".tally")).to_have_count(2)


def test_the_least_certain_image_comes_first(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    server = serve_study()
    for image in range(3):
        dispute(server, image, [image], [image + 1])
    with server.study.workspace.store.writing() as c:
        for number, value in enumerate((0.1, 0.9, 0.5)):
            images.set_triage(c, server.study.images[number].id, value)
    page = open_refine(page_as, server)
    for image in (1, 2, 0):
        expect(page.locator("refine-desk > .sheet img.judged")).to_have_attribute(
            "src", f"/pictures/{server.study.images[image].token}-1600.webp"
        )
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")  # asked once, since nothing was changed


def test_the_expert_may_filter_by_label_pair_of_labels_reason_or_annotator(
    serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]
) -> None:
    server = serve_study()
    dispute(server, 0, [0], [1])
    answer(server.study, "Ann", 3, [3], now=utcnow())
    answer(server.study, "Bob", 3, [3], maybe=[4], now=utcnow())
    page = open_refine(page_as, server)
    page.locator("details.filter summary").click()
    page.get_by_label("in which somebody chose").fill("lynx")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("details.filter summary")).to_have_text("only lynx")
    assert "lynx" in rows(page)
    for query, names in (("label=tabby&other=tiger+cat", {"tabby", "tiger cat"}), ("why=maybe", {"lynx", "remote control"})):
        page.goto(f"/d/pilot/refine?{query}")
        expect(page.locator("refine-desk > refine-case")).to_be_focused()
        assert set(rows(page)) == names
    page.locator("details.filter summary").click()
    people = page.get_by_label("answered by").locator("option").all_inner_texts()
    assert len(people) == 3  # anybody, and two annotators without their names
    assert not {"Ann", "Bob"} & set(people)


def test_a_cell_of_the_disagreements_leads_to_its_cases(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    server = serve_study()
    dispute(server, 0, [0], [1])
    page = page_as(Role.EXPERT, server=server)
    page.goto("/d/pilot/disagreements?pair=0-1")
    page.get_by_role("link", name="Decide on these").click()
    expect(page.locator("details.filter summary")).to_have_text("only tabby or tiger cat")
    assert set(rows(page)) == {"tabby", "tiger cat"}


def test_the_next_picture_is_here_before_enter(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    server = serve_study()
    for image in range(2):
        dispute(server, image, [image], [image + 1])
    page = open_refine(page_as, server)
    page.wait_for_load_state("networkidle")
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
