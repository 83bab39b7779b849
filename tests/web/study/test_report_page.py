"""The report page: empty, made anew in a process of its own, and its files from a fixed list."""

import re
import time
from collections.abc import Callable
from html import unescape

import pytest
from tests.answering import answer
from tests.studies import NOW, Study
from tests.web.conftest import Browser

from multilabelfy.annotation.model import Role
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.reporting.made import report_folder
from multilabelfy.workflows.reporting.writing import report_of_study, write_report

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


def test_it_is_made_and_its_files_are_served_by_name(browser_of: Callable[..., Browser], study: Study) -> None:
    for image in range(4):
        answer(study, "Ann", image, [image, image + 1])
        answer(study, "Bob", image, [image, image + 1])
    olga = browser_of("Olga", Role.OWNER)
    assert olga.post(PAGE).status_code == 303
    page = made(olga)
    assert "could not be made" not in page
    assert "Summary" in page
    whole = olga.get(f"{PAGE}/report.html")
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


def test_a_finding_s_pictures_lead_to_their_images(browser_of: Callable[..., Browser], study: Study) -> None:
    for image in range(2):
        answer(study, "Ann", image, [image + 1])
        answer(study, "Bob", image, [image + 1])
    resolve(study.workspace, "pilot", NOW)
    write_report(report_of_study(study.workspace, "pilot", now=NOW), report_folder(study.workspace, "pilot"))
    page = browser_of("Olga", Role.OWNER).get(PAGE).text
    assert "The surest" in page
    contents = page.split('<nav class="contents"')[1].split("</nav>")[0]
    chapters = ("The labels", "The models", "The given labels", "The people", "The proposals")
    for chapter in chapters:
        assert f">{chapter}</a>" in contents
    assert page.count('<section class="finding"') == contents.count('href="#') - len(chapters) - contents.count('href="#methods"')
    for shown in study.images[:2]:
        assert f'<a href="/d/pilot/images/{shown.id}"><img src="/pictures/{shown.token}-320.webp"' in page
    assert "<live-chart" not in page  # nobody has made the script yet: the figures stay as they were drawn
    assert '<img class="figure"' in page


def test_the_rows_of_a_finding_lead_to_the_images_that_they_are_about(browser_of: Callable[..., Browser], study: Study) -> None:
    for who in ("Ann", "Bob"):
        answer(study, who, 0, [1])
        answer(study, who, 1, [1, 2])
    resolve(study.workspace, "pilot", NOW)
    write_report(report_of_study(study.workspace, "pilot", now=NOW), report_folder(study.workspace, "pilot"))
    olga = browser_of("Olga", Role.OWNER)
    page = unescape(olga.get(PAGE).text)
    links = set(re.findall(r'<td[^>]*><a href="(/d/pilot/images[^"]*)">', page))
    assert {"/d/pilot/images?n_labels=2", f"/d/pilot/images/{study.images[0].id}", "/d/pilot/images?given=tabby"} <= links
    for link in links:
        assert olga.get(link).status_code == 200, link
