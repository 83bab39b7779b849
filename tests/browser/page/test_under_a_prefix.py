"""Behind a proxy that shows the site under a prefix, a browser signs in, annotates, works without a connection, and opens a report."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.answering import answer
from tests.browser.annotate.test_annotate_keys import press
from tests.browser.annotate.test_annotate_saving import SAVE, all_answers, at, status
from tests.browser.annotate.test_offline import until
from tests.browser.live import LiveServer, study_of_today
from tests.browser.proxy import ReverseProxy, in_a_thread

from multilabelfy.annotation.model import Role
from multilabelfy.report.findings import chapters_of
from multilabelfy.settings import load_settings
from multilabelfy.web.app import create_app, utcnow
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.reporting.live_charts import keep_script
from multilabelfy.workflows.reporting.made import report_folder
from multilabelfy.workflows.reporting.writing import report_of_study, write_report

pytestmark = pytest.mark.browser
PREFIX = "/lab/labels"
PAGE = f"{PREFIX}/d/pilot/annotate"


@dataclass(frozen=True)
class Behind:
    """A study behind a proxy."""

    server: LiveServer
    proxy: ReverseProxy


@pytest.fixture
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    study = study_of_today(tmp_path_factory.mktemp("behind") / "study", n_images=8)
    settings = load_settings(study.workspace.folder, root_path=PREFIX, trusted_proxies="127.0.0.1")
    with in_a_thread(create_app(replace(study.workspace, settings=settings))) as upstream:
        proxy = ReverseProxy(upstream, PREFIX)
        with in_a_thread(proxy) as address:
            yield Behind(LiveServer(study, address), proxy)
    study.workspace.close()


def signed_in(behind: Behind, chromium: Browser, role: Role) -> Page:
    page = chromium.new_context(base_url=behind.server.address, viewport={"width": 1280, "height": 800}).new_page()
    page.goto(PREFIX + behind.server.study.invite(role.value, role, utcnow()))
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(f"{behind.server.address}{PREFIX}/")
    return page


def reported(server: LiveServer) -> None:
    """Four images have final labels, and a report tells of them."""
    for image in range(4):
        answer(server.study, "Ann", image, [image])
        answer(server.study, "Bob", image, [image])
    resolve(server.study.workspace, "pilot", utcnow())
    keep_script(server.study.workspace)
    told = report_of_study(server.study.workspace, "pilot", now=utcnow())
    first = replace(told, findings=told.findings[:1], chapters=chapters_of([("Findings", told.findings[:1])]))
    write_report(first, report_folder(server.study.workspace, "pilot"))


def test_a_browser_annotates_with_and_without_a_connection_and_nothing_is_asked_for_beside_the_prefix(
    behind: Behind, chromium: Browser
) -> None:
    page = signed_in(behind, chromium, Role.ANNOTATOR)
    page.get_by_role("link", name="Annotate").first.click()
    expect(page.locator("html.scripted answer-sheet")).to_be_focused()  # keys that come sooner are nobody's
    for assignment in (1, 2, 3):
        at(page, assignment)
        press(page, "1", *SAVE)
    status(page, "all saved")
    at(page, 4)
    assert page.evaluate("navigator.serviceWorker.ready.then(({ scope }) => new URL(scope).pathname)") == f"{PREFIX}/"
    until(page, f"paths.includes('/offline/sheets{PAGE}/4') && paths.includes('{PAGE}/shell')")
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("html.scripted answer-sheet")).to_be_focused()
    at(page, 4)
    press(page, "1", *SAVE)
    status(page, "1 answer kept here, no connection")
    page.context.set_offline(False)
    status(page, "all saved")
    assert all_answers(behind.server.study)[:4] == [{0}, {1}, {2}, {3}]
    assert behind.proxy.beside == []
    page.context.close()


def test_an_owner_walks_the_pages_opens_the_report_and_signs_out(behind: Behind, chromium: Browser) -> None:
    reported(behind.server)
    page = signed_in(behind, chromium, Role.OWNER)
    page.goto(f"{PREFIX}/d/pilot")
    for name in ("Images", "Labels", "Disagreements", "Comments", "Settings", "Guidelines", "Report"):
        page.get_by_label("Sections").get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("live-chart").first).to_have_attribute("data-state", "live")
    page.goto(f"{PREFIX}/d/pilot/images")
    assert (
        page.locator("main img").evaluate_all(
            "all => Promise.all(all.slice(0, 3).map((one) => one.decode())).then((shown) => shown.length)"
        )
        == 3
    )
    page.locator("summary").filter(has_text="owner").first.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{behind.server.address}{PREFIX}/sign-in")
    assert page.context.cookies() == []
    assert behind.proxy.beside == []
    page.context.close()
