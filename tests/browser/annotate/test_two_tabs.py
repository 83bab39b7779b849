"""Two tabs of one person: one sends at a time, both show the same, nothing is doubled; by locks, and by storage where there are none."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from tests.browser.annotate.test_annotate_keys import PAGE, ahead, opened, press, stored
from tests.browser.annotate.test_annotate_saving import SAVE, all_answers, at, status
from tests.browser.annotate.test_never_lost import votes
from tests.browser.live import LiveServer

pytestmark = pytest.mark.browser


@pytest.fixture
def live_server(serve_study: Callable[..., LiveServer]) -> LiveServer:
    """Here the browser complains of what is broken on purpose."""
    server = serve_study(n_images=12)
    server.accept_complaints()
    return server


@pytest.fixture
def page(page_as: Callable[..., Page]) -> Page:
    return ahead(opened(page_as()))


@pytest.fixture
def plain(page_as: Callable[..., Page], live_server: LiveServer) -> Page:
    """The page as it comes over plain http from a machine with a name: no worker, no locks, no caches."""
    return ahead(opened(page_as(base_url=live_server.address.replace("127.0.0.1", "study.test"))))


def hang(route: Route) -> None:
    """A request that is never answered."""


def second_tab(page: Page) -> Page:
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("html.scripted answer-sheet")).to_be_focused()
    return other


def test_two_tabs_show_the_same_choices_of_the_same_picture(page: Page) -> None:
    other = second_tab(page)
    press(page, "2")
    expect(other.locator("[data-part=row][data-vote=yes]")).to_have_attribute("data-label", "1")
    press(other, "4")
    expect(page.locator("[data-part=row][data-vote=yes]")).to_have_count(2)
    assert votes(page) == {1: "yes", 3: "yes"}


def test_a_picture_that_one_tab_saved_is_not_asked_again_in_the_other(page: Page, live_server: LiveServer) -> None:
    other = second_tab(page)
    press(page, "2", *SAVE)
    at(page, 2)
    at(other, 2)
    press(other, "1", *SAVE)
    at(other, 3)
    at(page, 3)
    status(page, "all saved")
    status(other, "all saved")
    assert [[set(one.answers) for one in stored(live_server, image)] for image in (0, 1)] == [[{1}], [{1}]]


def test_a_picture_that_another_tab_saved_stays_until_a_press_on_it_is_over(page: Page) -> None:
    other = second_tab(page)
    page.bring_to_front()
    page.locator(".names:visible").nth(2).hover()
    page.mouse.down()
    press(other, "2", *SAVE)
    at(other, 2)
    status(other, "all saved")
    at(page, 1)
    page.mouse.up()
    at(page, 2)
    assert votes(page) == {}


def test_one_tab_sends_at_a_time_and_the_header_of_the_other_follows(page: Page, live_server: LiveServer) -> None:
    sent: list[str] = []
    page.context.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    other = second_tab(page)
    held: list[Route] = []
    page.route(f"**{PAGE}/1", lambda route: held.append(route))
    press(page, "1", *SAVE)
    expect(other.locator("save-status")).to_have_text("saving")
    at(other, 2)
    assert len(sent) == 1
    held[0].continue_()
    status(page, "all saved")
    status(other, "all saved")
    expect(other.locator("#progress-text")).to_have_text("1 of 12")
    assert len(sent) == 1
    assert len(stored(live_server)) == 1


def test_a_tab_that_dies_while_it_sends_leaves_the_answer_to_the_other(page: Page, live_server: LiveServer) -> None:
    other = second_tab(page)
    die_while_sending(page, other)
    status(other, "all saved")
    assert all_answers(live_server.study) == [{0}]


def test_a_tab_that_asks_the_server_for_nothing_sends_what_a_dead_one_left(page: Page, live_server: LiveServer) -> None:
    other = ahead(second_tab(page))
    other.route("**/ahead?*", lambda route: route.abort())
    die_while_sending(page, other)
    status(other, "all saved")
    assert all_answers(live_server.study) == [{0}]


def die_while_sending(page: Page, other: Page) -> None:
    page.route(f"**{PAGE}/1", hang)
    press(page, "1", *SAVE)
    expect(other.locator("save-status")).to_have_text("saving")
    page.close()


def test_over_plain_http_a_lock_by_storage_lets_one_tab_send_at_a_time(plain: Page, live_server: LiveServer) -> None:
    sent: list[str] = []
    plain.context.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    other = second_tab(plain)
    held: list[Route] = []
    plain.route(f"**{PAGE}/1", lambda route: held.append(route))
    press(plain, "1", *SAVE)
    at(other, 2)
    expect(other.locator("save-status")).to_have_text("saving")
    other.wait_for_timeout(1_500)  # longer than its first waits
    assert len(sent) == 1
    held[0].continue_()
    status(plain, "all saved")
    status(other, "all saved")
    assert len(stored(live_server)) == 1


def test_over_plain_http_a_dead_tab_holds_nobody_up(plain: Page, live_server: LiveServer) -> None:
    other = second_tab(plain)
    plain.route(f"**{PAGE}/1", hang)
    press(plain, "1", *SAVE)
    at(other, 2)
    plain.close()
    status(other, "all saved")
    assert all_answers(live_server.study) == [{0}]
