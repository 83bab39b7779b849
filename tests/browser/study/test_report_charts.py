"""The report's figures are drawn live under the strict content security policy, and stay what they were where they cannot be."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from tests.answering import answer
from tests.browser.fonts import NARROWEST, WIDEST, hold_at_every_width, set_in
from tests.browser.live import LiveServer, served, study_of_today

from multilabelfy.annotation.model import Role
from multilabelfy.report.findings import chapters_of
from multilabelfy.web.app import utcnow
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.reporting.live_charts import keep_script
from multilabelfy.workflows.reporting.made import PAGE_FILE, report_folder
from multilabelfy.workflows.reporting.writing import report_of_study, write_report

pytestmark = pytest.mark.browser
PAGE = "/d/pilot/report"


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Four images have two labels each by both annotators, and a report tells of them. It is looked at, and not made anew."""
    study, now = study_of_today(tmp_path_factory.mktemp("reported")), utcnow()
    for image in range(4):
        answer(study, "Ann", image, [image, image + 1])
        answer(study, "Bob", image, [image, image + 1])
    resolve(study.workspace, "pilot", now)
    keep_script(study.workspace)
    with served(study) as server:
        tell(server)
        yield server
    study.workspace.close()


def tell(server: LiveServer, *, most: int | None = None) -> None:
    """Make the report of the study, of so many findings."""
    study = server.study
    told = report_of_study(study.workspace, "pilot", now=utcnow())
    findings = told.findings[:most]
    chapters = chapters_of([("Findings", findings)])
    write_report(replace(told, findings=findings, chapters=chapters), report_folder(study.workspace, "pilot"))


@pytest.fixture
def live_server(reported: LiveServer) -> LiveServer:
    """The same, of which nobody has complained yet."""
    return replace(reported, complaints=[])


def first_chart(page: Page) -> str:
    page.goto(PAGE)
    return "live-chart >> nth=0"


def test_a_figure_is_drawn_live_in_its_picture_s_place(live_server: LiveServer, page_as: Callable[..., Page]) -> None:
    page = page_as(Role.OWNER)
    chart = page.locator(first_chart(page))
    before = chart.bounding_box()
    expect(chart).to_have_attribute("data-state", "live")
    assert chart.bounding_box() == before
    drawn = chart.locator("svg")
    expect(drawn.get_by_text("valid labels of an image", exact=True)).to_be_visible()
    picture, live = chart.locator("img").bounding_box(), drawn.bounding_box()
    assert picture
    assert live
    assert abs(picture["width"] - live["width"]) < 2
    assert abs(picture["height"] - live["height"]) < 12  # the browser's letters are a little wider or narrower than the file's
    assert live_server.complaints == []


def test_every_figure_of_the_page_is_drawn(live_server: LiveServer, page_as: Callable[..., Page]) -> None:
    page = page_as(Role.OWNER)
    page.goto(PAGE)
    charts = page.locator("live-chart").all()
    assert len(charts) > 4
    for chart in charts:
        chart.scroll_into_view_if_needed()
        expect(chart).to_have_attribute("data-state", "live")


def test_pointing_and_arrow_keys_say_a_value_in_words(live_server: LiveServer, page_as: Callable[..., Page]) -> None:
    page = page_as(Role.OWNER)
    chart = page.locator(first_chart(page))
    expect(chart).to_have_attribute("data-state", "live")
    said = chart.get_by_role("status")
    chart.locator(".mark-rect path").nth(2).hover()
    expect(said).to_contain_text("2 valid labels: 4 images (95% interval")
    chart.locator("[data-part=canvas]").focus()
    for key, words in (
        ("Home", "0 valid labels: 0 images"),
        ("ArrowRight", "1 valid label: 0 images"),
        ("End", "2 valid labels: 4 images"),
    ):
        page.keyboard.press(key)
        expect(said).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(said).to_be_empty()


def test_a_live_figure_tells_a_screen_reader_what_it_shows(live_server: LiveServer, page_as: Callable[..., Page]) -> None:
    page = page_as(Role.OWNER)
    chart = page.locator(first_chart(page))
    expect(chart).to_have_attribute("data-state", "live")
    canvas = chart.locator("[data-part=canvas]")
    expect(canvas).to_have_attribute("role", "graphics-document")
    expect(canvas).to_have_accessible_name(re.compile("have several valid labels.*Images by number of valid labels; 4 finished images"))
    expect(canvas).to_have_accessible_description("Point at a value, or use the arrow keys, to read it.")


def test_figures_are_dark_in_the_dark_and_print_as_they_were_drawn(live_server: LiveServer, page_as: Callable[..., Page]) -> None:
    page = page_as(Role.OWNER, color_scheme="dark")
    chart = page.locator(first_chart(page))
    expect(chart).to_have_attribute("data-state", "live")
    expect(chart.locator(".figure-frame")).to_have_css("background-color", "rgb(36, 38, 41)")
    expect(chart.locator("svg .mark-rect path").last).to_have_css("fill", "rgb(125, 180, 255)")
    page.emulate_media(media="print")
    expect(chart.locator("img")).to_be_visible()
    expect(chart.locator("img")).to_have_css("filter", "none")
    expect(chart.locator(".figure-frame")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(chart.locator("svg")).to_be_hidden()


def test_a_phone_scrolls_the_figure_and_not_the_page(live_server: LiveServer, page_as: Callable[..., Page]) -> None:
    page = page_as(Role.OWNER, viewport={"width": 360, "height": 740})
    page.goto(PAGE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator(".figure").first.evaluate("(figure) => figure.clientWidth") > 360
    title = page.get_by_role("heading", name=re.compile("have several valid labels(?!, by the posterior)")).bounding_box()
    assert title
    assert title["width"] > 200  # the title stands above the figure, which would cut it


def test_without_scripts_the_picture_is_there(live_server: LiveServer, page_as: Callable[..., Page]) -> None:
    page = page_as(Role.OWNER, java_script_enabled=False)
    page.goto(PAGE)
    expect(page.get_by_role("img", name="Figure:").first).to_be_visible()


def test_where_the_script_is_gone_the_picture_stays(live_server: LiveServer, page_as: Callable[..., Page]) -> None:
    page = page_as(Role.OWNER)
    live_server.accept_complaints()
    page.route("**/charts/*.js", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda request: "/charts/" in request.url):
        chart = page.locator(first_chart(page))
    expect(chart.locator("img")).to_be_visible()
    assert chart.get_attribute("data-state") is None


@pytest.mark.parametrize("letters", [NARROWEST, WIDEST])
def test_no_table_is_cut_off(live_server: LiveServer, page_as: Callable[..., Page], letters: float) -> None:
    """On the page and in the report's file, whatever font somebody has, on every screen and on A4."""
    page = page_as(Role.OWNER, bypass_csp=True)
    page.goto(PAGE)
    set_in(page, letters)
    hold_at_every_width(page)
    page.goto("about:blank")
    page.set_content((report_folder(live_server.study.workspace, "pilot") / PAGE_FILE).read_text(encoding="utf-8"))
    set_in(page, letters)
    hold_at_every_width(page)
