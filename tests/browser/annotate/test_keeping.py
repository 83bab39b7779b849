"""What the browser keeps and what not: no store, a full one, plain http, a wrong clock, and answers that cannot be sent."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect
from tests.browser.annotate.test_annotate_keys import PAGE, ahead, opened, press, stored
from tests.browser.annotate.test_annotate_saving import SAVE, all_answers, at, status
from tests.browser.annotate.test_never_lost import votes
from tests.browser.live import LiveServer, cut_off

from multilabelfy.annotation.model import Vote
from multilabelfy.web.app import utcnow

pytestmark = pytest.mark.browser
NO_STORE = "Object.defineProperty(window, 'indexedDB', { value: undefined });"
FULL_STORE = """
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...given) {
    if (given[1] === "readwrite" && window.full) throw new DOMException("no room", "QuotaExceededError");
    return begin.apply(this, given);
  };
"""


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


def answer(dialog: Dialog, asked: list[str]) -> None:
    """Stay on the page, and note what was asked."""
    asked.append(dialog.type)
    dialog.dismiss()


def warning(page: Page) -> Locator:
    """What the header says in plain words about this browser's own store."""
    return page.locator("save-menu [data-part=warning]:visible")


# ---- a browser that keeps nothing, or has no room


def test_where_there_is_no_store_choices_show_at_once_and_the_header_says_so(page_as: Callable[..., Page], live_server: LiveServer) -> None:
    page = page_as()
    page.add_init_script(NO_STORE)
    opened(page)
    menu = page.locator("save-menu")
    expect(warning(page)).to_have_text("this browser keeps nothing")
    menu.locator("summary").click()
    expect(menu.get_by_text("as in a private window")).to_be_visible()
    press(page, "Escape")
    page.locator(".pick:visible").nth(1).click()
    press(page, "1")
    assert votes(page) == {0: "yes", 1: "yes"}
    page.locator("answer-sheet").focus()
    press(page, *SAVE)
    status(page, "all saved")
    assert all_answers(live_server.study) == [{0, 1}]


def test_with_a_full_store_work_goes_on_in_memory_and_leaving_asks(page_as: Callable[..., Page], live_server: LiveServer) -> None:
    page = page_as()
    page.add_init_script(FULL_STORE)
    ahead(opened(page))
    page.evaluate("window.full = true")
    cut_off(page)
    press(page, "1", *SAVE)
    at(page, 2)
    expect(warning(page)).to_have_text("this browser’s store is full")
    asked: list[str] = []
    page.on("dialog", lambda dialog: answer(dialog, asked))
    page.close(run_before_unload=True)
    expect(page.locator("save-status")).to_have_text("1 answer kept here, no connection")
    assert asked == ["beforeunload"]
    page.evaluate("window.full = false")
    page.context.set_offline(False)
    status(page, "all saved")
    press(page, "1")
    expect(warning(page)).to_be_hidden()
    assert all_answers(live_server.study) == [{0}]


def test_leaving_asks_nothing_where_what_is_unsent_is_kept(page: Page) -> None:
    cut_off(page)
    press(page, "1", *SAVE, "2")
    status(page, "1 answer kept here, no connection")
    asked: list[str] = []
    page.on("dialog", lambda dialog: answer(dialog, asked))
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    assert asked == []


# ---- a wrong clock


@pytest.mark.parametrize("jump", [-3_600_000, 3_600_000])
def test_a_clock_that_jumps_changes_no_time_that_is_recorded(page: Page, live_server: LiveServer, jump: int) -> None:
    began = utcnow()
    press(page, "1", "Enter")
    page.evaluate("jump => { const now = Date.now; Date.now = () => now() + jump; }", jump)
    press(page, *SAVE)
    status(page, "all saved")
    [annotation] = stored(live_server)
    moments = [moment for moment in annotation.screen.opened_at if moment]
    assert moments == sorted(moments)
    assert (moments[-1] - moments[0]).total_seconds() < 120
    assert began.timestamp() - 120 < annotation.submitted_at.timestamp() <= utcnow().timestamp()
    assert annotation.answers == {0: Vote.YES}


def test_a_clock_set_back_while_an_answer_waits_does_not_make_it_younger(page: Page) -> None:
    cut_off(page)
    press(page, "1", *SAVE)
    status(page, "1 answer kept here, no connection")
    page.evaluate("{ const now = Date.now; Date.now = () => now() - 3600000; }")
    page.evaluate("{ const now = performance.now.bind(performance); performance.now = () => now() + 5000; }")
    with page.expect_request(f"**{PAGE}/1") as sent:
        page.context.set_offline(False)
    fields = dict(part.split("=") for part in (sent.value.post_data or "").split("&"))
    assert int(fields["age"]) >= 5_000


# ---- what cannot be sent


def test_a_refused_answer_can_be_downloaded_as_a_file_and_then_removed(page: Page, live_server: LiveServer) -> None:
    person = live_server.study.person("Ada").id
    page.route(
        f"**{PAGE}/1", lambda route: route.fulfill(status=422, json={"error": "no", "problems": {"answers": "The picture is gone."}})
    )
    press(page, "3", *SAVE)
    at(page, 2)
    expect(page.get_by_role("link", name="an answer needs your attention")).to_be_visible()
    menu = page.locator("save-menu")
    menu.locator("summary").click()
    expect(menu.get_by_role("button", name="Remove")).to_be_hidden()
    with page.expect_download() as started:
        menu.get_by_role("button", name="Download them").click()
    content = json.loads(Path(started.value.path()).read_text())
    [answer] = content.pop("answers")
    assert content == {"format": "multilabelfy-answers", "version": 1, "person": str(person), "dataset": "pilot"}
    assert set(answer) == {"id", "assignment", "address", "given", "body"}
    assert (answer["assignment"], answer["address"]) == ("1", f"{live_server.address}{PAGE}/1")
    assert ["yes", "2"] in answer["body"]
    assert ["id", answer["id"]] in answer["body"]
    menu.get_by_role("button", name="Remove the refused ones").click()
    expect(menu.get_by_text("Nothing is waiting here.")).to_be_visible()
    page.reload()
    status(page, "all saved")


def test_an_answer_that_is_not_sent_yet_can_be_downloaded_and_is_sent_all_the_same(page: Page, live_server: LiveServer) -> None:
    cut_off(page)
    press(page, "1", *SAVE)
    status(page, "1 answer kept here, no connection")
    page.locator("save-menu summary").click()
    with page.expect_download() as started:
        page.get_by_role("button", name="Download them").click()
    assert len(json.loads(Path(started.value.path()).read_text())["answers"]) == 1
    expect(page.get_by_role("button", name="Remove")).to_be_hidden()
    page.context.set_offline(False)
    status(page, "all saved")
    assert all_answers(live_server.study) == [{0}]


# ---- plain http from another machine


def test_over_plain_http_the_header_says_that_working_without_a_connection_is_off_and_how_to_switch_it_on(plain: Page) -> None:
    assert plain.evaluate("[isSecureContext, 'locks' in navigator, 'serviceWorker' in navigator]") == [False, False, False]
    menu = plain.locator("save-menu")
    expect(warning(plain)).to_have_text("working without a connection is off")
    menu.locator("summary").click()
    expect(menu.get_by_text("multilabelfy serve --tls self-signed")).to_be_visible()
    plain.locator("answer-sheet").focus()
    press(plain, "1", *SAVE)
    status(plain, "all saved")


def test_over_plain_http_choices_and_answers_are_kept_as_well(plain: Page, live_server: LiveServer) -> None:
    press(plain, "2")
    plain.reload()
    at(plain, 1)
    assert votes(plain) == {1: "yes"}
    cut_off(plain)
    press(plain, *SAVE)
    status(plain, "1 answer kept here, no connection")
    plain.context.set_offline(False)
    status(plain, "all saved")
    assert all_answers(live_server.study) == [{1}]
