"""Nothing that a person did is lost: over lost networks, killed servers, reloads, second tabs and expired sessions."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect
from tests.browser.annotate.test_annotate_keys import PAGE, ahead, opened, press, stored, ticked
from tests.browser.live import LiveServer, cut_off
from tests.browser.serving import ServerProcess
from tests.studies import Study, look_at_all, ready_study

from multilabelfy.annotation.model import Role, Vote
from multilabelfy.store import people
from multilabelfy.store.answers import annotations
from multilabelfy.web.app import utcnow

pytestmark = pytest.mark.browser
SAVE = ["Enter"] * 4


@pytest.fixture
def live_server(serve_study: Callable[..., LiveServer]) -> LiveServer:
    """Here the browser complains of what is broken on purpose."""
    server = serve_study(n_images=12)
    server.accept_complaints()
    return server


@pytest.fixture
def page(page_as: Callable[..., Page]) -> Page:
    return ahead(opened(page_as()))


def status(page: Page, text: str) -> None:
    """Wait until the header says so; that all is saved is held against the outbox."""
    if text == "all saved":
        expect(page.locator("annotate-desk")).to_have_attribute("data-unsent", "0")
    expect(page.locator("save-status")).to_have_text(text)


def at(page: Page, assignment: int) -> None:
    expect(page.locator("answer-sheet")).to_have_attribute("data-assignment", str(assignment))


def until(page: Page, came: Sequence[object]) -> None:
    """Wait until something came; a minute at most."""
    until = time.monotonic() + 60
    while not came:
        assert time.monotonic() < until, "nothing came"
        page.wait_for_timeout(20)


def choose_and_save(page: Page) -> None:
    """The first label. Where the server was away before the picture had come, the page asks once whether one means it."""
    press(page, "1", *SAVE)
    if page.locator("[data-part=refusal]", has_text="cannot be shown now").is_visible():
        press(page, "Enter")


def all_answers(study: Study) -> list[set[int]]:
    """The labels of every answer of the study, in the order of the images; each image once."""
    with study.workspace.store.reading() as c:
        return [set(one.answers) for one in annotations.iterate_latest(c, study.dataset.id)]


def test_a_save_never_blocks_the_next_picture(page: Page) -> None:
    held: list[Route] = []
    page.route(f"**{PAGE}/1", lambda route: held.append(route))
    press(page, "1", *SAVE)
    at(page, 2)
    status(page, "saving")
    press(page, "2")
    assert ticked(page) == [2]
    held[0].continue_()
    status(page, "all saved")


def test_the_word_that_an_answer_is_saved_brings_the_next_sheet(page: Page, live_server: LiveServer) -> None:
    look_at_all(live_server.study)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for number in range(1, 7):
        at(page, number)
        press(page, "1", *SAVE)
        status(page, "all saved")
    at(page, 7)
    assert [url for url in asked if "/ahead" in url] == []
    assert len([url for url in asked if url.rsplit("/", 1)[1] in {"1", "2", "3", "4", "5", "6"}]) == 6


def test_answers_are_kept_without_a_connection_and_sent_with_it(page: Page, live_server: LiveServer) -> None:
    cut_off(page)
    for _ in range(3):
        press(page, "1", *SAVE)
    at(page, 4)
    status(page, "3 answers kept here, no connection")
    assert all_answers(live_server.study) == []
    page.context.set_offline(False)
    status(page, "all saved")
    assert all_answers(live_server.study) == [{0}, {1}, {2}]
    expect(page.locator("#progress-text")).to_have_text("3 of 12")


def test_without_a_connection_the_desk_says_so_when_its_pictures_run_out_and_goes_on_with_it(page: Page) -> None:
    cut_off(page)
    for _ in range(4):
        press(page, "1", *SAVE)
    expect(page.get_by_text("the next picture comes with the connection")).to_be_visible()
    page.context.set_offline(False)
    at(page, 5)
    status(page, "all saved")


def test_an_answer_that_the_server_could_not_take_is_sent_again(page: Page, live_server: LiveServer) -> None:
    failures = [429, 503, 500]

    def fail(route: Route) -> None:
        if failures:
            route.fulfill(status=failures.pop(), body="{}")
        else:
            route.continue_()

    page.route(f"**{PAGE}/1", fail)
    press(page, "1", *SAVE)
    status(page, "1 answer kept here, no connection")
    status(page, "all saved")
    assert failures == []
    assert all_answers(live_server.study) == [{0}]


def test_an_acknowledgement_that_is_lost_does_not_double_the_answer(page: Page, live_server: LiveServer) -> None:
    lost: list[str] = []

    def lose_once(route: Route) -> None:
        answer = route.fetch()  # the server has stored it
        if lost:
            route.fulfill(response=answer)
        else:
            lost.append(route.request.url)
            route.abort()

    page.route(f"**{PAGE}/1", lose_once)
    press(page, "1", *SAVE)
    at(page, 2)
    status(page, "all saved")
    assert lost
    assert len(stored(live_server)) == 1


def test_a_reload_sends_what_was_not_sent_and_goes_on_behind_it(page: Page, live_server: LiveServer) -> None:
    page.route(f"**{PAGE}/1", lambda route: route.abort())
    press(page, "3", *SAVE)
    status(page, "1 answer kept here, no connection")
    page.unroute_all()
    page.on("dialog", lambda dialog: dialog.accept())  # the page asks before it is left with an answer unsent
    page.goto(PAGE)
    at(page, 2)
    status(page, "all saved")
    assert all_answers(live_server.study) == [{2}]


def test_a_page_that_was_made_just_before_its_picture_was_answered_does_not_ask_it_again(
    page_as: Callable[..., Page], live_server: LiveServer
) -> None:
    page = ahead(opened(page_as(service_workers="block")))  # a page that the service worker asks for could not be held back
    on_its_way: list[tuple[Route, APIResponse]] = []
    other = page.context.new_page()
    other.goto("/healthz")
    other.route(f"**{PAGE}", lambda route: on_its_way.append((route, route.fetch())))
    with other.expect_request(f"**{PAGE}"):
        other.evaluate("address => void setTimeout(() => location.assign(address))", PAGE)
    until(other, on_its_way)
    press(page, "1", *SAVE)
    status(page, "all saved")
    [(route, made_before)] = on_its_way
    route.fulfill(response=made_before)
    at(other, 2)
    assert all_answers(live_server.study) == [{0}]


def test_a_word_that_was_long_on_its_way_brings_no_picture_again_that_was_answered_meanwhile(
    page_as: Callable[..., Page], live_server: LiveServer
) -> None:
    page, fetched, saved = page_as(), list[tuple[Route, APIResponse]](), list[tuple[Route, APIResponse]]()
    page.route("**/ahead?held=1", lambda route: fetched.append((route, route.fetch())))
    page.route(f"**{PAGE}/1", lambda route: saved.append((route, route.fetch())))
    opened(page)
    until(page, fetched)
    press(page, "1", *SAVE)
    until(page, saved)  # with the pictures that follow, since none of them was here
    fetched[0][0].fulfill(response=fetched[0][1])
    at(page, 2)
    press(page, "2", *SAVE)
    at(page, 3)
    [(route, answer)] = saved
    assert 'data-assignment="2"' in answer.json()["ahead"]
    route.fulfill(response=answer)
    status(page, "all saved")
    for number in ("3", "4"):  # all that was here before
        press(page, number, *SAVE)
        at(page, int(number) + 1)
    status(page, "all saved")
    assert len(all_answers(live_server.study)) == 4


def test_a_second_tab_sends_an_answer_once(page: Page, live_server: LiveServer) -> None:
    page.route(f"**{PAGE}/1", lambda route: route.abort())
    press(page, "3", *SAVE)
    status(page, "1 answer kept here, no connection")
    other = page.context.new_page()
    other.goto(PAGE)
    at(other, 2)
    status(other, "all saved")
    page.unroute_all()
    status(page, "all saved")
    assert len(stored(live_server)) == 1


def test_an_expired_session_keeps_the_answers_until_one_signs_in_again(page: Page, live_server: LiveServer) -> None:
    study = live_server.study
    with study.workspace.store.writing() as c:
        people.close_sessions_of(c, study.person("Ada").id)
    press(page, "1", *SAVE)
    status(page, "1 answer kept here: sign in again")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(study.invite("Ada", Role.ANNOTATOR, utcnow()))
    page.get_by_role("button", name="Continue as Ada").click()
    page.goto(PAGE)
    status(page, "all saved")
    assert all_answers(study) == [{0}]


def test_signing_out_keeps_unsent_answers_and_they_are_sent_after_signing_in_again(page: Page, live_server: LiveServer) -> None:
    study = live_server.study
    live_server.accept_complaints()
    page.route(f"**{PAGE}/1", lambda route: route.abort())
    press(page, "1", *SAVE)
    status(page, "1 answer kept here, no connection")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/me/sessions")
    with page.expect_response("**/me/sessions/end-all") as signed_out:
        page.get_by_role("main").get_by_role("button", name="Sign out everywhere").click()
    assert signed_out.value.header_value("clear-site-data") == '"cache"'
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.unroute_all()
    assert all_answers(study) == []
    page.goto(study.link("Ada"))
    page.get_by_role("button", name="Continue as Ada").click()
    page.goto(PAGE)
    status(page, "all saved")
    assert all_answers(study) == [{0}]


def test_a_desk_whose_session_ended_says_so_when_its_pictures_run_out(page: Page, live_server: LiveServer) -> None:
    study = live_server.study
    with study.workspace.store.writing() as c:
        people.close_sessions_of(c, study.person("Ada").id)
    for _ in range(4):
        press(page, "1", *SAVE)
    status(page, "4 answers kept here: sign in again")
    expect(page.get_by_text("Your session has ended.")).to_be_visible()


def test_an_answer_is_saved_though_what_follows_it_cannot_be_made(page: Page, live_server: LiveServer) -> None:
    def fail_with_sheets(route: Route) -> None:
        route.fulfill(status=500, body="{}") if "held=" in (route.request.post_data or "") else route.continue_()

    live_server.accept_complaints()
    page.route(f"**{PAGE}/1", fail_with_sheets)
    press(page, "1", *SAVE)
    status(page, "all saved")
    assert all_answers(live_server.study) == [{0}]


def test_another_person_at_the_same_browser_does_not_send_them(page: Page, live_server: LiveServer) -> None:
    study = live_server.study
    page.route(f"**{PAGE}/1", lambda route: route.abort())
    press(page, "1", *SAVE)
    status(page, "1 answer kept here, no connection")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(study.invite("Bob", Role.ANNOTATOR, utcnow()))
    page.get_by_role("button", name="Continue as Bob").click()
    page.unroute_all()  # what Ada's page had under way as she left it has ended by now: it would have been hers, by her session
    page.goto(PAGE)
    status(page, "all saved")
    assert all_answers(study) == []
    page.goto(study.invite("Ada", Role.ANNOTATOR, utcnow()))
    page.get_by_role("button", name="Continue as Ada").click()
    page.goto(PAGE)
    at(page, 2)
    status(page, "all saved")
    assert all_answers(study) == [{0}]


def test_an_answer_that_the_server_refuses_comes_back_with_the_reason(page: Page, live_server: LiveServer) -> None:
    def forge(route: Route) -> None:
        route.continue_(post_data=(route.request.post_data or "").replace("yes=0", "yes=29"))

    page.route(f"**{PAGE}/1", forge)
    press(page, "1", *SAVE)
    at(page, 2)
    link = page.get_by_role("link", name="an answer needs your attention")
    expect(link).to_be_visible()
    page.unroute_all()
    link.click()
    at(page, 1)
    expect(page.get_by_role("alert")).not_to_be_empty()
    assert ticked(page) == [0]  # what was refused stands in the form
    press(page, "2", *SAVE)
    status(page, "all saved")
    assert all_answers(live_server.study) == [{0, 1}]


def test_going_back_revises_and_the_earlier_answer_stays_in_the_history(page: Page, live_server: LiveServer) -> None:
    press(page, "1", *SAVE)
    at(page, 2)
    press(page, "4", "ArrowLeft")
    at(page, 1)
    assert ticked(page) == [0]
    press(page, "2", "Enter")
    at(page, 2)
    assert ticked(page) == [4]  # what was chosen before going back is still chosen
    status(page, "all saved")
    assert [set(one.answers) for one in stored(live_server)] == [{0}, {0, 1}]


def test_going_back_and_changing_nothing_saves_nothing(page: Page, live_server: LiveServer) -> None:
    press(page, "1", *SAVE)
    at(page, 2)
    press(page, "ArrowLeft", "ArrowRight")
    at(page, 2)
    status(page, "all saved")
    assert len(stored(live_server)) == 1


def test_answers_of_an_earlier_visit_can_be_gone_back_to(page: Page, live_server: LiveServer) -> None:
    for assignment in (1, 2, 3):
        at(page, assignment)
        press(page, "1", *SAVE)
        status(page, "all saved")
    page.goto(PAGE)
    at(page, 4)
    for assignment in (3, 2, 1):
        press(page, "ArrowLeft")
        at(page, assignment)
    press(page, "2", "Enter")
    at(page, 2)
    status(page, "all saved")
    assert [set(one.answers) for one in stored(live_server)] == [{0}, {0, 1}]


def test_right_leaves_a_picture_for_later_and_it_comes_back_before_the_end(
    serve_study: Callable[..., LiveServer], page_as: Callable[..., Page]
) -> None:
    server = serve_study(n_images=3)
    page = opened(page_as(server=server))
    press(page, "5", "ArrowRight")
    at(page, 2)
    press(page, "1", *SAVE)
    at(page, 3)
    press(page, "1", *SAVE)
    at(page, 1)
    assert ticked(page) == [4]  # what was chosen before it was left
    press(page, *SAVE)
    expect(page.get_by_role("heading", name="Finished: thank you")).to_be_visible()
    expect(page.locator("dd").first).to_have_text("3")
    assert all_answers(server.study) == [{4}, {1}, {2}]


def test_the_moments_of_the_fives_and_the_time_present_are_recorded(page: Page, live_server: LiveServer) -> None:
    page.clock.install()
    page.goto(PAGE)
    at(page, 1)
    press(page, "1")
    for _ in range(4):
        page.clock.run_for(10_000)
        press(page, "Enter")
    at(page, 2)
    page.clock.resume()
    status(page, "all saved")
    [annotation] = stored(live_server)
    opened_at = [moment for moment in annotation.screen.opened_at if moment]
    assert opened_at == sorted(opened_at)
    assert len(opened_at) == 4
    assert annotation.answers == {0: Vote.YES}


@pytest.fixture
def process(tmp_path: Path) -> Iterator[tuple[ServerProcess, LiveServer]]:
    study = ready_study(tmp_path / "study", n_images=10, now=utcnow())
    server = ServerProcess(study.workspace.folder)
    server.start()
    live = LiveServer(study, server.address)
    live.accept_complaints()
    yield server, live
    server.kill()
    study.workspace.close()


def test_killing_the_server_between_any_two_requests_loses_no_answer(
    process: tuple[ServerProcess, LiveServer], page_as: Callable[..., Page]
) -> None:
    server, live = process
    page = opened(page_as(server=live))
    chance = random.Random(random.randrange(10_000))  # pytest-randomly seeds it, and says with what
    for image in range(10):
        at(page, image + 1)
        if chance.random() < 0.5:
            server.kill()
            choose_and_save(page)
            server.start()
        else:
            choose_and_save(page)
    expect(page.get_by_role("heading", name="Finished: thank you")).to_be_visible(timeout=40_000)
    assert all_answers(live.study) == [{image} for image in range(10)]
    with live.study.workspace.store.reading() as c:
        assert all(len(annotations.history(c, image.id)) == 1 for image in live.study.images)
