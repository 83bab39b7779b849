"""What is chosen on the annotate page is kept before it shows, and comes back: over reloads, killed tabs and expired sessions."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.browser.annotate.test_annotate_keys import PAGE, ahead, opened, place, press, settle, stored, ticked
from tests.browser.annotate.test_annotate_saving import SAVE, all_answers, at, status
from tests.browser.live import LiveServer, cut_off

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import BLIND
from multilabelfy.store import people
from multilabelfy.web.app import utcnow

pytestmark = pytest.mark.browser

# The browser's store answers when the test says so, or fails as the test says.
SLOW_STORE = """
  const put = IDBObjectStore.prototype.put;
  window.waiting = [];
  IDBObjectStore.prototype.put = function (row) {
    if (this.name === "choices" && window.slow) {
      const keepOpen = () => { if (window.slow) this.count().onsuccess = keepOpen; };
      this.transaction.commit = () => {};
      keepOpen();
    }
    return put.call(this, row);
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


def votes(page: Page) -> dict[int, str]:
    """What is seen as chosen, by label."""
    settle(page)
    rows = page.locator("answer-sheet [data-vote]:not([data-vote=no])").all()
    return {int(row.get_attribute("data-label") or ""): row.get_attribute("data-vote") or "" for row in rows}


def kept(page: Page, table: str) -> int:
    """How many rows the browser's own store has."""
    n: int = page.evaluate(
        """(table) => new Promise((done) => {
          indexedDB.open("multilabelfy-outbox").onsuccess = ({ target: { result } }) => {
            result.transaction(table).objectStore(table).count().onsuccess = (event) => { result.close(); done(event.target.result); };
          };
        })""",
        table,
    )
    return n


# ---- the journal of choices


def test_a_choice_shows_only_once_the_browsers_store_has_it_and_keys_queue_meanwhile(page_as: Callable[..., Page]) -> None:
    page = page_as()
    page.add_init_script(SLOW_STORE)
    opened(page)
    page.evaluate("window.slow = true")
    for key in ("1", "3", "Enter"):
        page.keyboard.press(key)
    assert page.locator("[data-vote=yes]").count() == 0
    assert page.locator("input[name=yes]:checked").count() == 0
    assert place(page) == "five 1 of 4"
    page.evaluate("window.slow = false")
    assert votes(page) == {0: "yes", 2: "yes"}
    assert place(page) == "five 2 of 4"


def test_a_choice_by_key_click_or_tap_comes_back_after_a_reload(page_as: Callable[..., Page]) -> None:
    page = opened(page_as(has_touch=True))
    press(page, "2")
    page.locator(".pick:visible").nth(2).click()
    page.locator(".pick:visible").nth(3).tap()
    expect(page.locator("[data-part=row][data-vote=yes]")).to_have_count(3)
    page.reload()
    at(page, 1)
    assert votes(page) == {1: "yes", 2: "yes", 3: "yes"}


def test_a_sheet_comes_back_whole_after_a_killed_tab(serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]) -> None:
    server = serve_study(protocol=BLIND)
    page = opened(page_as(server=server))
    first, second = (int(row.get_attribute("data-label") or "") for row in page.locator("[data-part=row]:visible").all()[:2])
    press(page, "1", "2", "s", "Enter", "1", "1", "c")
    page.keyboard.type("a dark corner")
    press(page, "Escape", "/")
    page.get_by_label("Is a label missing").fill("unicorn")
    press(page, "Escape")
    before = votes(page)
    context = page.context
    page.close(run_before_unload=False)
    page = context.new_page()
    page.goto(f"{server.address}{PAGE}")
    at(page, 1)
    assert votes(page) == before
    assert len(before) == 3
    assert before[first] == before[second] == "yes"
    expect(page.get_by_role("radio", name="several objects")).to_be_checked()
    assert place(page) == "five 2 of 4"
    expect(page.locator(".dot[data-seen]")).to_have_count(2)
    press(page, *SAVE)
    status(page, "all saved")
    [annotation] = stored(server)
    assert (annotation.note, annotation.missing_label) == ("a dark corner", "unicorn")


def test_a_label_that_was_added_by_search_comes_back(page: Page, live_server: LiveServer) -> None:
    press(page, "/")
    page.keyboard.type("cup")
    expect(page.get_by_role("option", selected=True)).to_contain_text("cup")
    press(page, "Enter")
    expect(page.locator(".chip:visible .chip-name")).to_have_text("cup")
    settle(page)
    page.reload()
    at(page, 1)
    expect(page.locator(".chip:visible .chip-name")).to_have_text("cup")
    press(page, *SAVE)
    status(page, "all saved")
    [annotation] = stored(live_server)
    assert (annotation.unprompted, annotation.screen.search_used) == ((25,), True)


def test_an_outcome_and_its_reason_come_back_and_so_do_the_labels_that_were_set_aside(page: Page) -> None:
    press(page, "1", "4", "f", "2")
    page.reload()
    at(page, 1)
    expect(page.get_by_role("checkbox", name="unfit picture")).to_be_checked()
    expect(page.get_by_role("radio", name="too blurred")).to_be_checked()
    assert ticked(page) == []
    press(page, "f")
    assert ticked(page) == [0, 3]


def test_the_time_before_a_reload_counts(page: Page, live_server: LiveServer) -> None:
    page.clock.install()
    page.goto(PAGE)
    at(page, 1)
    page.clock.run_for(40_000)
    press(page, "1", "Enter")
    page.clock.resume()
    page.reload()
    at(page, 1)
    press(page, *SAVE)
    status(page, "all saved")
    [annotation] = stored(live_server)
    opened_at = [moment for moment in annotation.screen.opened_at if moment]
    assert len(opened_at) == 4
    assert annotation.present_ms >= 39_000


def test_choices_on_a_picture_that_was_left_for_later_come_back_with_it(page: Page) -> None:
    press(page, "5", "ArrowRight")
    at(page, 2)
    status(page, "all saved")
    page.goto(f"{PAGE}/1")
    at(page, 1)
    assert votes(page) == {4: "yes"}


def test_an_expired_session_gives_the_choices_back_after_signing_in_again(page: Page, live_server: LiveServer) -> None:
    study = live_server.study
    press(page, "2")
    with study.workspace.store.writing() as c:
        people.close_sessions_of(c, study.person("Ada").id)
    page.goto(study.invite("Ada", Role.ANNOTATOR, utcnow()))
    page.get_by_role("button", name="Continue as Ada").click()
    page.goto(PAGE)
    at(page, 1)
    assert votes(page) == {1: "yes"}


def test_another_person_at_the_same_browser_sees_none_of_the_choices(page: Page, live_server: LiveServer) -> None:
    press(page, "2")
    page.goto(live_server.study.invite("Bob", Role.ANNOTATOR, utcnow()))
    page.get_by_role("button", name="Continue as Bob").click()
    opened(page)
    assert votes(page) == {}


def test_an_answer_is_either_in_the_journal_or_in_the_outbox(page: Page) -> None:
    cut_off(page)
    press(page, "1")
    assert (kept(page, "choices"), kept(page, "items")) == (1, 0)
    press(page, *SAVE)
    at(page, 2)
    assert (kept(page, "choices"), kept(page, "items")) == (1, 1)  # the choices are those of the second picture: its first five is open
    page.context.set_offline(False)
    status(page, "all saved")
    assert kept(page, "items") == 0


def test_choices_that_were_answered_in_another_browser_meanwhile_are_let_go(
    page: Page, page_as: Callable[..., Page], live_server: LiveServer
) -> None:
    press(page, "2")
    other = opened(page_as(server=live_server))
    press(other, "3", *SAVE)
    status(other, "all saved")
    page.goto(f"{PAGE}/1")
    at(page, 1)
    assert votes(page) == {2: "yes"}


def test_what_waits_in_a_store_of_the_first_version_is_sent(page_as: Callable[..., Page], live_server: LiveServer) -> None:
    page = page_as()
    page.goto("/")
    page.evaluate(
        """async ([person, address]) => {
          const text = await (await fetch(address)).text();
          const form = new DOMParser().parseFromString(text, "text/html").querySelector("form.answer");
          form.elements.scripted.value = "1";
          form.querySelectorAll("[data-part=opened]").forEach((field) => (field.value = "5"));
          const body = [...new FormData(form), ["yes", "3"]];
          const said = { id: form.elements.id.value, assignment: "1", address: form.action, page: address, body };
          const item = { ...said, person, given: Date.now() };
          await new Promise((done) => {
            const request = indexedDB.open("multilabelfy-outbox", 1);
            request.onupgradeneeded = () => request.result.createObjectStore("items", { keyPath: "id" });
            request.onsuccess = () => {
              const put = request.result.transaction("items", "readwrite").objectStore("items").put(item);
              put.transaction.oncomplete = () => { request.result.close(); done(); };
            };
          });
        }""",
        [str(live_server.study.person("Ada").id), PAGE],
    )
    page.goto(PAGE)
    at(page, 2)
    status(page, "all saved")
    assert all_answers(live_server.study) == [{3}]


def test_an_answer_leaves_before_its_revision(page: Page, live_server: LiveServer) -> None:
    cut_off(page)
    press(page, "1", *SAVE)
    at(page, 2)
    for _ in range(3):  # three revisions, each with another label
        press(page, "ArrowLeft")
        at(page, 1)
        press(page, "ArrowUp", "ArrowUp", "ArrowUp", "2", "3", "Enter")
        at(page, 2)
    status(page, "4 answers kept here, no connection")
    page.on("dialog", lambda dialog: dialog.accept())
    page.close()
    page = page.context.new_page()
    page.context.set_offline(False)
    page.goto(f"{live_server.address}{PAGE}")
    status(page, "all saved")
    assert [set(one.answers) for one in stored(live_server)] == [{0}, {0, 1, 2}, {0}, {0, 1, 2}]
