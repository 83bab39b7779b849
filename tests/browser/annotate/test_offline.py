"""Without a connection: the pictures that are ready are annotated, over reloads, and sent later; a worker serves nothing else, ever."""

import contextlib
import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, Route, expect
from tests.browser.annotate.test_annotate_keys import PAGE, opened, press
from tests.browser.annotate.test_annotate_saving import SAVE, all_answers, at, status
from tests.browser.annotate.test_never_lost import votes
from tests.browser.live import UNPICTURED, LiveServer, cut_off

from multilabelfy.annotation.model import Role
from multilabelfy.store.dataset import datasets
from multilabelfy.web.app import utcnow

pytestmark = pytest.mark.browser

HELD = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("multilabelfy"));
  const keys = names.length ? await (await caches.open(names[0])).keys() : [];
  return keys.map(({ url }) => new URL(url).pathname);
}"""


DEAF = "ServiceWorker.prototype.postMessage = () => {}"
"""The worker hears nothing more: as where a tab dies before its word arrives."""
TEXTS = f"() => Promise.all([1, 2, 3, 4].map(async (n) => (await caches.match('/offline/sheets{PAGE}/' + n))?.text()))"
"""What is held of the first pictures."""
FORGET = """() => new Promise((done) => {
  indexedDB.open("multilabelfy-outbox").onsuccess = ({ target: { result } }) => {
    const transaction = result.transaction("answered", "readwrite");
    transaction.objectStore("answered").clear();
    transaction.oncomplete = () => done(result.close());
  };
})"""
"""What this browser knows to be answered is gone: as where a power cut took the last things that it wrote."""


@pytest.fixture
def live_server(serve_study: Callable[..., LiveServer]) -> LiveServer:
    """Here the browser complains of what is broken on purpose."""
    server = serve_study(n_images=12)
    server.accept_complaints()
    return server


@pytest.fixture
def page(page_as: Callable[..., Page]) -> Page:
    """The annotate page once four pictures are held."""
    page = opened(page_as())
    wait_for_provisions(page, 4)
    return page


def held(page: Page) -> list[str]:
    paths: list[str] = page.evaluate(HELD)
    return paths


def until(page: Page, condition: str) -> None:
    """Wait until something holds of what is held, `paths`."""
    assert page.evaluate(
        f"""async () => {{
          for (const end = Date.now() + 20000; Date.now() < end; await new Promise((soon) => setTimeout(soon, 50))) {{
            const paths = await ({HELD})();
            if ({condition}) return true;
          }}
          return false;
        }}"""
    ), (condition, held(page))


def wait_for_provisions(page: Page, n: int, n_strips: int = 2) -> None:
    """Until so many sheets are held, with the page around them and their pictures."""
    count = "paths.filter((path) => path.startsWith('{}')).length"
    sheets, pictures, strips = (count.format(start) for start in ("/offline/sheets/", "/pictures/", "/strips/"))
    until(page, f"{sheets} === {n} && {pictures} === {n} && {strips} >= {n_strips} && paths.some((path) => path.endsWith('/shell'))")


@pytest.fixture
def pictured(serve_study: Callable[..., LiveServer]) -> LiveServer:
    """A study in whose first five every label has reference pictures."""
    server = serve_study(n_images=5, unpictured=UNPICTURED)
    server.accept_complaints()
    return server


def test_a_reload_without_a_connection_shows_the_picture_again_with_its_choices(page_as: Callable[..., Page], pictured: LiveServer) -> None:
    page = opened(page_as(server=pictured))
    wait_for_provisions(page, 4, n_strips=6)
    press(page, "2", "Enter")
    cut_off(page)
    page.reload()
    at(page, 1)
    expect(page.locator("html.scripted answer-sheet")).to_be_focused()
    assert votes(page) == {1: "yes"}
    expect(page.locator("[data-part=place]")).to_have_text("five 2 of 4")
    assert page.locator("img.judged").evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    press(page, "ArrowUp")
    strips = page.locator("[data-part=row]:visible summary img")
    assert strips.evaluate_all("all => Promise.all(all.map((one) => one.decode())).then(() => all.length)") == 5


def test_no_page_is_asked_for_ahead_of_the_worker(page: Page) -> None:
    """Without a connection Firefox would show its own error page, whatever the worker holds."""
    state = page.evaluate("navigator.serviceWorker.ready.then(({ navigationPreload }) => navigationPreload.getState())")
    assert not state["enabled"]


@pytest.mark.parametrize(("first", "then", "edge"), [(1280, 1700, 96), (1700, 1280, 224)])
def test_a_window_of_another_width_shows_the_reference_pictures_that_are_held(
    page_as: Callable[..., Page], pictured: LiveServer, first: int, then: int, edge: int
) -> None:
    page = opened(page_as(server=pictured, viewport={"width": first, "height": 900}))
    wait_for_provisions(page, 4, n_strips=6)
    assert {path.rsplit("-", 1)[1] for path in held(page) if path.startswith("/strips/")} == {f"{edge}.webp"}
    cut_off(page)
    page.set_viewport_size({"width": then, "height": 900})
    page.reload()
    at(page, 1)
    strips = page.locator("[data-part=row]:visible summary img")
    assert strips.evaluate_all("all => Promise.all(all.map((one) => one.decode())).then(() => all.length)") == 5


def test_the_pictures_that_are_ready_are_annotated_without_a_connection_over_reloads_and_sent_later(
    page: Page, live_server: LiveServer
) -> None:
    cut_off(page)
    for assignment in (1, 2, 3, 4):
        at(page, assignment)
        press(page, "1", *SAVE)
        page.goto(PAGE)
    expect(page.get_by_text("the next picture comes with the connection")).to_be_visible()
    status(page, "4 answers kept here, no connection")
    assert all_answers(live_server.study) == []
    page.context.set_offline(False)
    at(page, 5)
    status(page, "all saved")
    assert all_answers(live_server.study) == [{0}, {1}, {2}, {3}]


def test_a_proxy_whose_server_is_away_is_no_connection(page: Page) -> None:
    press(page, "2")
    page.context.route(f"**{PAGE}", lambda route: route.fulfill(status=502, body="bad gateway"))
    page.goto(PAGE)
    at(page, 1)
    assert votes(page) == {1: "yes"}


def test_a_closed_browser_opens_again_without_a_connection(page: Page) -> None:
    press(page, "3")
    context = page.context
    page.close()
    context.set_offline(True)
    page = context.new_page()
    page.goto(PAGE)
    at(page, 1)
    assert votes(page) == {2: "yes"}


def test_with_a_connection_a_page_always_comes_from_the_server(page: Page, live_server: LiveServer) -> None:
    workspace = live_server.study.workspace
    with workspace.store.writing() as c:
        datasets.set_paused(c, live_server.study.dataset.id, paused=True)
    page.goto(PAGE)
    expect(page.get_by_role("heading", name="The study is paused")).to_be_visible()


def test_nothing_but_the_annotate_page_is_served_without_a_connection(page: Page) -> None:
    cut_off(page)
    for address in ("/", "/d/pilot", "/d/pilot/guidelines"):
        with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
            page.goto(address)


def test_what_was_held_for_a_picture_is_let_go_once_its_answer_is_acknowledged(page: Page) -> None:
    assert any(path.endswith("/annotate/1") for path in held(page))
    picture = page.locator("img.judged").get_attribute("src")
    press(page, "1", *SAVE)
    status(page, "all saved")
    at(page, 2)
    until(page, f"!paths.some((path) => path.endsWith('/annotate/1')) && !paths.includes('{picture}')")
    wait_for_provisions(page, 4)  # the fifth came instead


@pytest.mark.parametrize("way", ["out", "in"])
def test_signing_out_or_in_lets_go_of_all_that_was_held(page: Page, live_server: LiveServer, way: str) -> None:
    assert held(page)
    if way == "out":
        page.goto("/")
        page.locator("details.person summary").click()
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/sign-in")
    else:
        page.goto(live_server.study.invite("Bob", Role.ANNOTATOR, utcnow()))
        page.get_by_role("button", name="Continue as Bob").click()
    until(page, "paths.length === 0")
    cut_off(page)
    with pytest.raises(Exception, match=r"ERR_(INTERNET_DISCONNECTED|FAILED)"):
        page.goto(PAGE)


def test_choices_and_answers_given_before_signing_out_are_not_let_go(page: Page, live_server: LiveServer) -> None:
    press(page, "2")
    page.locator("details.person summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(live_server.study.invite("Ada", Role.ANNOTATOR, utcnow()))
    page.get_by_role("button", name="Continue as Ada").click()
    page.goto(PAGE)
    at(page, 1)
    assert votes(page) == {1: "yes"}


def test_what_was_answered_never_comes_out_of_what_is_held_even_where_the_word_to_drop_it_was_lost(
    page: Page, live_server: LiveServer
) -> None:
    page.evaluate(DEAF)
    for n in (1, 2):
        press(page, "1", *SAVE)
        at(page, n + 1)
    status(page, "all saved")
    assert {f"{PAGE}/1", f"{PAGE}/2"} <= {path.removeprefix("/offline/sheets") for path in held(page)}
    cut_off(page)
    for address in (f"{PAGE}/1", PAGE):
        page.goto(address)
        at(page, 3)
    until(page, "!paths.some((path) => path.endsWith('/annotate/1') || path.endsWith('/annotate/2'))")
    press(page, "1", *SAVE)
    at(page, 4)
    page.context.set_offline(False)
    status(page, "all saved")
    assert all_answers(live_server.study) == [{0}, {1}, {2}]


def test_an_answer_whose_acknowledgement_is_lost_leaves_what_is_held_with_the_next_one(page: Page) -> None:
    page.evaluate(DEAF)

    def lose(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        route.fetch()
        # The last try may be under way as the connection comes back: then it goes on by itself.
        with contextlib.suppress(BrowserError):
            route.abort()

    page.context.route(f"**{PAGE}/1", lose)
    press(page, "1", *SAVE)
    at(page, 2)
    status(page, "1 answer kept here, no connection")
    page.context.unroute(f"**{PAGE}/1")
    page.goto(PAGE)  # sent again, and acknowledged
    page.evaluate(DEAF)
    status(page, "all saved")
    cut_off(page)
    page.goto(f"{PAGE}/1")
    at(page, 2)


def test_what_the_server_knows_to_be_answered_is_let_go_even_where_this_browser_forgot_it(page: Page) -> None:
    page.evaluate(DEAF)
    press(page, "1", *SAVE)
    at(page, 2)
    status(page, "all saved")
    page.evaluate(FORGET)
    page.goto(PAGE)
    until(page, "!paths.some((path) => path.endsWith('/annotate/1'))")


def test_a_picture_that_the_server_asks_again_is_held_again(page: Page, live_server: LiveServer) -> None:
    """As after a server was set back to a backup: its word is newer than what this browser remembers."""
    page.evaluate("""() => new Promise((done) => {
      indexedDB.open("multilabelfy-outbox").onsuccess = ({ target: { result } }) => {
        const transaction = result.transaction("answered", "readwrite");
        const { person, workspace } = document.querySelector("annotate-desk").dataset;
        const owner = `${workspace}:${person}`;
        transaction.objectStore("answered").put({ key: `${owner}:1`, owner, handle: "1", at: Date.now() });
        transaction.oncomplete = () => done(result.close());
      };
    })""")
    before = page.evaluate(TEXTS)
    page.goto(PAGE)
    at(page, 1)
    until(page, f"(await ({TEXTS})()).every((text, n) => text && text !== {json.dumps(before)}[n])")  # all of them, in their order
    cut_off(page)
    page.goto(PAGE)
    at(page, 1)
