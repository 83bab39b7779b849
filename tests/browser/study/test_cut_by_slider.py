"""The cut of the posterior follows its sliders at once, without a request, and counts what the server counts. Models follow at rest."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from tests.answering import answer
from tests.browser.live import LiveServer, served, study_of_today
from tests.deciding import case, expert

from multilabelfy.annotation.model import Role
from multilabelfy.refinement.cases.decision import Decision
from multilabelfy.web.app import utcnow
from multilabelfy.workflows.refining.desk import decide

pytestmark = pytest.mark.browser
PAGE = "/d/pilot/disagreements/posterior"
TEXTS = "[data-count], [data-size], [data-share], [data-shows], [data-command], [data-models] td"
COUNTS = f"""[...document.querySelectorAll('{TEXTS}')].map(at => at.textContent)
  .concat([...document.querySelectorAll('[data-bar]')].map(at => at.value + ' of ' + at.max))"""


@pytest.fixture(scope="module")
def disputing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Four disputed images and an agreed one, and a decision by which experts' time is known. It is looked at, and not changed."""
    study = study_of_today(tmp_path_factory.mktemp("disputing"))
    for image, first, second in ((0, [0], [0]), (1, [1], [1, 2]), (2, [2, 3], [2]), (3, [3], [4]), (4, [4, 5], [4]), (5, [5], [6])):
        answer(study, "Ann", image, first)
        answer(study, "Bob", image, second)
    found = case(study, "Fay")
    assert found is not None
    decision = Decision("fay-1", frozenset({1}), present_ms=40_000)
    decide(study.workspace, "pilot", expert(study, "Fay"), found.assignment, decision, utcnow())
    with served(study) as server:
        yield server
    study.workspace.close()


@pytest.fixture
def live_server(disputing: LiveServer) -> LiveServer:
    """The same, of which nobody has complained yet."""
    return replace(disputing, complaints=[])


def test_a_move_by_key_shows_at_once_what_the_server_says_of_that_cut(live_server: LiveServer, page_as: Callable[..., Page]) -> None:
    page = page_as(Role.OWNER)
    page.goto(f"{PAGE}?threshold=50&margin=0")
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("Threshold").focus()
    for _ in range(30):
        page.keyboard.press("ArrowLeft")
    page.get_by_label("Margin").focus()
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    expect(page).to_have_url(f"{live_server.address}{PAGE}?threshold=20&margin=15")
    expect(page.locator("[role=status]")).to_contain_text("left to experts.")
    measured_by_now(page)
    moved = page.evaluate(COUNTS)
    of_page = [url for url in asked if not url.endswith("/icon.svg")]  # a browser may ask for the icon at each new address
    assert of_page[-1] == f"{live_server.address}{PAGE}/models?threshold=20&margin=15"
    assert len(of_page) < 10  # when a slider rests
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(COUNTS) == moved


def measured_by_now(page: Page) -> None:
    """The figures of models are those of where the sliders rest."""
    expect(page.locator("[data-models]")).to_have_attribute("aria-busy", "false")


def test_models_are_measured_when_a_slider_rests_and_a_server_that_does_not_answer_is_told_of(
    live_server: LiveServer, page_as: Callable[..., Page]
) -> None:
    page = page_as(Role.OWNER)
    page.goto(f"{PAGE}?threshold=50&margin=0")
    shown = page.locator("[data-models]").inner_text()
    assert "model" in shown
    problem = page.get_by_text("The server did not answer")
    expect(problem).to_be_hidden()
    page.context.set_offline(True)
    page.get_by_label("Threshold").fill("97")
    expect(problem).to_be_visible()
    assert page.locator("[data-models]").inner_text() == shown
    page.context.set_offline(False)
    page.get_by_label("Threshold").fill("98")
    expect(problem).to_be_hidden()
    expect(page.locator("[data-models]")).not_to_have_text(shown, use_inner_text=True)
    live_server.complaints.clear()  # the browser's own line about the request that failed


def test_what_the_script_shows_is_what_the_server_wrote(live_server: LiveServer, page_as: Callable[..., Page]) -> None:
    page = page_as(Role.OWNER)
    for cut in ("threshold=50&margin=0", "threshold=20&margin=15", "threshold=97&margin=2", "threshold=2&margin=0"):
        written = page.request.get(f"{live_server.address}{PAGE}?{cut}").text()
        page.goto(f"{PAGE}?{cut}")
        shown = page.evaluate(COUNTS)
        assert shown == page.evaluate(
            f"written => {{ const document = new DOMParser().parseFromString(written, 'text/html'); return {COUNTS} }}", written
        )


def test_the_margin_gives_way_where_no_chance_would_be_left(live_server: LiveServer, page_as: Callable[..., Page]) -> None:
    page = page_as(Role.OWNER)
    page.goto(f"{PAGE}?threshold=50&margin=40")
    page.get_by_label("Threshold").focus()
    page.keyboard.press("End")
    expect(page.get_by_label("Margin")).to_have_value("0")


def test_the_margin_that_gave_way_comes_back_where_there_is_room(live_server: LiveServer, page_as: Callable[..., Page]) -> None:
    page = page_as(Role.OWNER)
    page.goto(f"{PAGE}?threshold=50&margin=40")
    threshold, margin = page.get_by_label("Threshold"), page.get_by_label("Margin")
    for at, effective in (("90", "9"), ("99", "0"), ("70", "29"), ("50", "40")):
        threshold.fill(at)
        expect(margin).to_have_value(effective)
    threshold.fill("80")
    margin.fill("5")
    threshold.fill("50")
    expect(margin).to_have_value("5")  # the newest wish
    expect(page).to_have_url(f"{live_server.address}{PAGE}?threshold=50&margin=5")


def test_the_sentence_below_a_picture_keeps_clear_of_the_line_above_it(live_server: LiveServer, page_as: Callable[..., Page]) -> None:
    page = page_as(Role.OWNER)
    page.goto("/d/pilot/disagreements")
    gaps = page.locator(".tile .sentence").evaluate_all(
        "all => all.map(at => at.getBoundingClientRect().top - at.previousElementSibling.getBoundingClientRect().bottom)"
    )
    assert gaps
    assert min(gaps) >= 4


def test_a_finger_that_scrolls_from_a_slider_leaves_it_where_it_was(live_server: LiveServer, page_as: Callable[..., Page]) -> None:
    page = page_as(Role.OWNER, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page.goto(f"{PAGE}?threshold=50&margin=10")
    box = page.get_by_label("Threshold").bounding_box()
    assert box is not None
    x, y = box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y - 20 * step}]})
        page.evaluate("new Promise(requestAnimationFrame)")  # what comes within a frame counts as one move
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.get_by_role("heading", level=1)).not_to_be_in_viewport()
    expect(page.get_by_label("Threshold")).to_have_value("50")
    expect(page.get_by_label("Margin")).to_have_value("10")
    page.get_by_label("Threshold").tap(position={"x": 0.8 * box["width"], "y": box["height"] / 2})
    expect(page.get_by_label("Threshold")).not_to_have_value("50")


def test_without_scripts_a_cut_is_two_numbers_that_say_what_they_are(live_server: LiveServer, page_as: Callable[..., Page]) -> None:
    page = page_as(Role.OWNER, java_script_enabled=False)
    page.goto(f"{PAGE}?threshold=50&margin=10")
    expect(page.locator(".cut output").first).to_be_hidden()
    page.get_by_label("Threshold").fill("70")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("Threshold")).to_have_value("70")
    expect(page.locator("[data-command]")).to_contain_text("--threshold 0.7 --margin 0.1")
