"""No decision of an expert is ever lost: over lost networks, servers that fail, reloads, second tabs and expired sessions."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from tests.browser.annotate.test_annotate_keys import ahead
from tests.browser.annotate.test_never_lost import SLOW_STORE, kept
from tests.browser.live import LiveServer, cut_off
from tests.browser.refine.test_refine_keys import decision, dispute, open_refine, saved

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import BLIND
from multilabelfy.refinement.model import EmptyReason, Refinement
from multilabelfy.store import people
from multilabelfy.store.decisions import refinements
from multilabelfy.web.app import utcnow

pytestmark = pytest.mark.browser
PAGE = "/d/pilot/refine"


@pytest.fixture
def server(serve_study: Callable[..., LiveServer]) -> LiveServer:
    """Three disputed pictures; here the browser complains of what is broken on purpose."""
    found = serve_study()
    found.accept_complaints()
    for image in range(3):
        dispute(found, image, [image], [image + 1])
    return found


@pytest.fixture
def page(page_as: Callable[..., Page], server: LiveServer) -> Page:
    return open_refine(page_as, server)


def status(page: Page, text: str) -> None:
    """Wait until the header says so; that all is saved is held against the outbox."""
    if text == "all saved":
        saved(page)
    expect(page.locator("save-status")).to_have_text(text, timeout=20_000)


def at(page: Page, assignment: int) -> None:
    """Wait until this case is in view."""
    expect(page.locator("refine-desk > refine-case")).to_have_attribute("data-assignment", str(assignment), timeout=20_000)


def number(page: Page) -> int:
    """The case in view."""
    return int(page.locator("refine-desk > refine-case").get_attribute("data-assignment") or "")


def decisions(server: LiveServer) -> list[Refinement]:
    """Every decision of the study, revisions included, by image."""
    with server.study.workspace.store.reading() as c:
        return [one for image in server.study.images for one in refinements.history(c, image.id)]


def test_a_decision_never_blocks_the_next_case(page: Page) -> None:
    first = number(page)
    held: list[Route] = []
    ahead(page)
    page.route(f"**{PAGE}/{first}", lambda route: held.append(route))
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # asked once, since nothing was changed
    expect(page.locator(f"refine-case[data-assignment='{first}']")).to_have_count(0)
    expect(page.locator("refine-desk > refine-case")).to_be_focused()
    status(page, "saving")
    held[0].continue_()
    status(page, "all saved")
    expect(page.get_by_text("1 decided · 2 disputed")).to_be_visible()


def test_a_case_that_is_on_its_way_does_not_wait_for_the_decision_before_it(page_as: Callable[..., Page], server: LiveServer) -> None:
    page = page_as(Role.EXPERT, server=server)
    held: list[Route] = []
    page.route(
        f"**{PAGE}/*", lambda route: held.append(route) if "/ahead?" in route.request.url or route.request.post_data else route.continue_()
    )
    with page.expect_request("**/ahead?*"):
        page.goto(PAGE)
    expect(page.locator("html.scripted refine-desk > refine-case")).to_be_focused()
    first = number(page)
    for _ in range(2):  # asked once, since nothing was changed
        page.keyboard.press("Enter")
    expect(page.get_by_text("is on its way")).to_be_visible()
    ahead_of_it, decided = held
    ahead_of_it.continue_()
    expect(page.locator("refine-desk > refine-case")).to_be_focused()
    assert number(page) != first
    status(page, "saving")
    decided.continue_()
    status(page, "all saved")


def test_a_decision_is_kept_without_a_connection_and_sent_with_it(page: Page, server: LiveServer) -> None:
    ahead(page)
    cut_off(page)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # asked once, since nothing was changed
    status(page, "1 answer kept here, no connection")
    assert decisions(server) == []
    page.keyboard.press("Enter")  # the next case was here already
    page.keyboard.press("Enter")  # asked once, since nothing was changed
    status(page, "2 answers kept here, no connection")
    expect(page.get_by_text("the next picture comes with the connection")).to_be_visible()
    page.context.set_offline(False)
    status(page, "all saved")
    expect(page.locator("refine-desk > refine-case")).to_be_focused()
    assert [one.revision for one in decisions(server)] == [1, 1]


def test_a_decision_that_the_server_could_not_take_is_sent_again(page: Page, server: LiveServer) -> None:
    failures = [429, 503, 500]

    def fail(route: Route) -> None:
        if failures and route.request.method == "POST":
            route.fulfill(status=failures.pop(), body="{}")
        else:
            route.continue_()

    page.route(f"**{PAGE}/{number(page)}", fail)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # asked once, since nothing was changed
    status(page, "1 answer kept here, no connection")
    status(page, "all saved")
    assert failures == []
    assert len(decisions(server)) == 1


def test_an_acknowledgement_that_is_lost_does_not_double_the_decision(page: Page, server: LiveServer) -> None:
    lost: list[str] = []

    def lose_once(route: Route) -> None:
        answer = route.fetch()  # the server has stored it
        if lost:
            route.fulfill(response=answer)
        else:
            lost.append(route.request.url)
            route.abort()

    page.route(f"**{PAGE}/{number(page)}", lose_once)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # asked once, since nothing was changed
    status(page, "all saved")
    saved(page)
    assert lost
    assert len(decisions(server)) == 1


def test_a_reload_sends_what_was_not_sent_and_goes_on_behind_it(page: Page, server: LiveServer) -> None:
    first = number(page)
    page.route(f"**{PAGE}/{first}", lambda route: route.abort())
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    status(page, "1 answer kept here, no connection")
    page.unroute_all()
    page.on("dialog", lambda dialog: dialog.accept())  # the page asks before it is left with an answer unsent
    page.goto(PAGE)
    status(page, "all saved")
    expect(page.locator(f"refine-case[data-assignment='{first}']")).to_have_count(0)
    assert [one.labels() for one in decisions(server)] == [(0,)]


def test_a_choice_shows_only_once_the_browsers_store_has_it_and_keys_queue_meanwhile(
    page_as: Callable[..., Page], server: LiveServer
) -> None:
    page = page_as(Role.EXPERT, server=server)
    page.add_init_script(SLOW_STORE)
    page.goto(PAGE)
    expect(page.locator("refine-desk > refine-case")).to_be_focused()
    tabby = page.get_by_role("checkbox", name="tabby")
    expect(tabby).to_be_checked()  # what somebody chose is ticked from the start
    page.evaluate("window.slow = true")
    for key in ("1", "0", "4", "Enter"):
        page.keyboard.press(key)
    page.wait_for_timeout(100)
    expect(tabby).to_be_checked()
    expect(page.get_by_role("checkbox", name="no label is valid")).not_to_be_checked()
    assert decisions(server) == []
    page.evaluate("window.slow = false")
    expect(page.get_by_text("1 decided")).to_be_visible()
    assert [(one.labels(), one.reason) for one in decisions(server)] == [((), EmptyReason.UNUSABLE)]


def test_a_choice_by_mouse_waits_for_the_browsers_store_too(page_as: Callable[..., Page], server: LiveServer) -> None:
    page = page_as(Role.EXPERT, server=server)
    page.add_init_script(SLOW_STORE)
    page.goto(PAGE)
    expect(page.locator("refine-desk > refine-case")).to_be_focused()
    page.evaluate("window.slow = true")
    page.locator("label.choice", has_text="no label is valid").click()
    expect(page.get_by_role("checkbox", name="no label is valid")).not_to_be_checked()
    page.evaluate("window.slow = false")
    expect(page.get_by_role("checkbox", name="no label is valid")).to_be_checked()
    assert kept(page, "choices") == 1


def test_labels_that_none_is_valid_set_aside_come_back_after_a_reload(page: Page) -> None:
    ticked = page.locator("refine-desk > .sheet [data-part=row] input[name=yes]:checked")
    expect(ticked).to_have_count(2)
    page.keyboard.press("0")
    expect(ticked).to_have_count(0)
    page.reload()
    expect(page.get_by_role("checkbox", name="no label is valid")).to_be_checked()
    expect(ticked).to_have_count(0)
    page.keyboard.press("0")
    expect(page.get_by_role("checkbox", name="no label is valid")).not_to_be_checked()
    expect(ticked).to_have_count(2)


def test_choices_that_an_earlier_version_kept_stand_on_their_case_again(page: Page) -> None:
    """It kept a case as the body of its form, with the chips of added labels."""
    chip = '<span class="chip" data-part="chip" data-label="11" data-added><input type="checkbox" name="yes" value="11" checked>dog</span>'
    page.evaluate(
        """(chip) => new Promise((done) => {
          const { keeping, sheet } = document.querySelector("refine-desk");
          const key = keeping.journal.keyOf(sheet.handle);
          const body = [["yes", "11"], ["note", "by the sofa"]];
          const row = { key, owner: key.slice(0, key.lastIndexOf(":")), assignment: sheet.handle, at: Date.now() };
          const entry = { ...row, picture: sheet.picture.getAttribute("src"), body, added: [chip] };
          indexedDB.open("multilabelfy-outbox").onsuccess = ({ target: { result } }) => {
            const transaction = result.transaction("choices", "readwrite");
            transaction.objectStore("choices").put(entry);
            transaction.oncomplete = () => { result.close(); done(); };
          };
        })""",
        chip,
    )
    for _ in range(2):  # what comes back is kept in today's form
        page.reload()
        expect(page.locator("refine-desk > refine-case")).to_be_focused()
        expect(page.locator("[data-part=chosen] [data-added]")).to_have_text("dog")
        expect(page.locator("refine-desk > .sheet [data-part=row] input:checked")).to_have_count(0)
        expect(page.locator("details.note")).to_have_attribute("data-filled", "")


def test_two_tabs_show_the_same_choices_and_a_case_that_one_decided_leaves_the_other(page: Page, server: LiveServer) -> None:
    first = number(page)
    other = page.context.new_page()
    other.goto(f"{PAGE}/{first}")
    expect(other.locator("refine-desk > refine-case")).to_be_focused()
    page.keyboard.press("1")
    boxes = "refine-desk > .sheet [data-part=row] input[name=yes]:checked"
    expect(page.locator(boxes)).to_have_count(1)
    expect(other.locator(boxes)).to_have_count(1)
    page.keyboard.press("Enter")
    expect(other.locator(f"refine-case[data-assignment='{first}']")).to_have_count(0)
    saved(page)
    assert len(decisions(server)) == 1


def test_what_is_chosen_before_it_is_saved_survives_a_reload(page: Page, server: LiveServer) -> None:
    page.keyboard.press("/")
    page.keyboard.type("golden")
    expect(page.get_by_role("option", name="golden retriever")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("2")
    page.keyboard.press("c")
    expect(page.locator(".note textarea:visible")).to_be_focused()  # the choice before it is kept first
    page.keyboard.type("by the sofa")
    page.keyboard.press("Escape")
    expect(page.locator("refine-desk > refine-case")).to_be_focused()
    page.reload()
    expect(page.locator("refine-desk > refine-case")).to_be_focused()
    expect(page.locator("[data-part=chosen]")).to_contain_text("golden retriever")
    page.keyboard.press("Enter")
    saved(page)
    assert [(one.labels(), one.note) for one in decisions(server)] == [((0, 11), "by the sofa")]


def test_an_expired_session_keeps_the_decision_until_one_signs_in_again(page: Page, server: LiveServer) -> None:
    study = server.study
    with study.workspace.store.writing() as c:
        people.close_sessions_of(c, study.person("Ed").id)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # asked once, since nothing was changed
    status(page, "1 answer kept here: sign in again")
    assert decisions(server) == []
    other = page.context.new_page()
    other.goto(study.invite("Ed", Role.EXPERT, utcnow()))
    other.get_by_role("button", name="Continue as").click()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    status(page, "all saved")
    assert len(decisions(server)) == 1


def test_a_refused_decision_names_its_case_and_stands_in_its_form_again(page: Page, server: LiveServer) -> None:
    first = number(page)
    ahead(page)

    def refuse(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=422, json={"error": "", "problems": {"note": "The note does not fit."}})
        else:
            route.continue_()

    page.route(f"**{PAGE}/{first}", refuse)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{PAGE}/{first}*")
    expect(page.get_by_role("alert")).to_have_text("The note does not fit.")
    expect(page.get_by_role("checkbox", name="tiger cat")).not_to_be_checked()
    page.unroute_all()
    page.keyboard.press("Enter")
    status(page, "all saved")
    assert decision(server, 0).labels() == (0,)


def test_a_blind_answer_waits_for_its_votes_without_a_connection(
    serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]
) -> None:
    server = serve_study(protocol=BLIND)
    server.accept_complaints()
    dispute(server, 0, [0], [1], note="a hint")
    page = open_refine(page_as, server)
    cut_off(page)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    status(page, "1 answer kept here, no connection")
    expect(page.get_by_text("What you decided is kept here")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("a hint")).to_be_visible(timeout=20_000)
    status(page, "all saved")
    assert [one.is_decided for one in decisions(server)] == [False]
