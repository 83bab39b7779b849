"""The report page: empty, made anew in a process of its own, and its files from a fixed list."""

import re
import time
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from tests.answering import answer
from tests.studies import ready_study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role
from multilabelfy.web.assets import charts
from multilabelfy.workflows.reporting.live_charts import script_version

PAGE = "/d/pilot/report"
PATIENCE = 120


def made(browser: Browser) -> str:
    """The page once the report is made (or could not be)."""
    for _ in range(PATIENCE * 4):
        page = browser.get(PAGE).text
        if "is being made" not in page:
            return page
        time.sleep(0.25)
    raise AssertionError("the report is still being made")


@pytest.fixture(scope="module")
def olga(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """An owner who had the report made: images 0 and 1 have other labels than their given ones, and 1 has two. Nobody changes more."""
    study = ready_study(tmp_path_factory.mktemp("reported"))
    for who in ("Ann", "Bob"):
        answer(study, who, 0, [1])
        answer(study, who, 1, [2, 3])
    study.workspace.charts.mkdir()
    (study.workspace.charts / f"{script_version()}.js").write_text("// no need to make the script of live figures here\n")
    browser = Browser(study, Clock()).sign_in("Olga", Role.OWNER)
    assert browser.post(PAGE).status_code == 303
    made(browser)
    yield browser
    study.workspace.close()


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.EXPERT])
def test_only_owners_see_it(browser_of: Callable[..., Browser], role: Role) -> None:
    somebody = browser_of("Eve", role)
    assert somebody.get(PAGE).status_code == 403
    assert somebody.post(PAGE).status_code == 403
    assert somebody.get(f"{PAGE}/report.html").status_code == 403


def test_before_the_first_it_says_what_it_will_be(browser_of: Callable[..., Browser]) -> None:
    page = browser_of("Olga", Role.OWNER).get(PAGE).text
    assert "There is no report yet." in page
    assert "Make the report" in page


def test_it_is_made_and_its_files_are_served_by_name(olga: Browser) -> None:
    page = olga.get(PAGE).text
    assert "could not be made" not in page
    assert "Summary" in page
    whole = olga.get(f"{PAGE}/report.html")
    assert whole.headers["cache-control"] == "no-store"
    assert whole.headers["content-disposition"].startswith("attachment")
    figure = next(part for part in page.split('"') if part.startswith(PAGE) and part.endswith(".svg"))
    drawn = olga.get(figure)
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert "<script" not in drawn.text
    for card in ("dataset-card.md", "croissant.json", "final-labels.parquet"):
        assert f'href="{PAGE}/{card}?download=true"' in page
        assert olga.get(f"{PAGE}/{card}").status_code == 200
    for name in ("report.json", "nothing.csv", "..%2Freport.html", "key", "secret.svg"):
        assert olga.get(f"{PAGE}/{name}").status_code == 404


def test_a_report_of_nothing_is_not_made_and_says_so(browser_of: Callable[..., Browser]) -> None:
    answered = browser_of("Olga", Role.OWNER).post(PAGE)
    assert (answered.status_code, "no image has final labels yet" in answered.text) == (422, True)


def test_a_finding_s_pictures_lead_to_their_images(olga: Browser) -> None:
    page = olga.get(PAGE).text
    assert "The surest" in page
    contents = page.split('<nav class="contents"')[1].split("</nav>")[0]
    chapters = ("The labels", "The models", "The given labels", "The people", "The proposals")
    for chapter in chapters:
        assert f">{chapter}</a>" in contents
    assert page.count('<section class="finding"') == contents.count('href="#') - len(chapters) - contents.count('href="#methods"')
    for shown in olga.study.images[:2]:
        assert f'<a href="/d/pilot/images/{shown.id}"><img src="/pictures/{shown.token}-320.webp"' in page


def test_without_the_script_of_live_figures_they_stay_as_they_were_drawn(olga: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "<live-chart" in olga.get(PAGE).text
    monkeypatch.setattr(charts, "script_version", lambda: "")
    page = olga.get(PAGE).text
    assert "<live-chart" not in page
    assert '<img class="figure"' in page


def test_the_rows_of_a_finding_lead_to_the_images_that_they_are_about(olga: Browser) -> None:
    page = unescape(olga.get(PAGE).text)
    links = set(re.findall(r'<td[^>]*><a href="(/d/pilot/images[^"]*)">', page))
    assert {"/d/pilot/images?n_labels=2", f"/d/pilot/images/{olga.study.images[0].id}", "/d/pilot/images?given=tabby"} <= links
    assert any("&final=" in link for link in links)
    for link in links:
        assert olga.get(link).status_code == 200, link
