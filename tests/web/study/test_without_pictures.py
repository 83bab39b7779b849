"""A study without pictures: its pages say so once, show names instead, and ask for no picture; nobody is asked about it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.studies import Study
from tests.votes_elsewhere import study_of_votes
from tests.web.conftest import Browser

from multilabelfy.annotation.model import Role
from multilabelfy.workflows.showing.addresses import THUMB

PAGES = (
    "",
    "/images",
    "/images?state=disputed",
    "/images/{image}",
    "/disagreements",
    "/disagreements?label=0",
    "/disagreements/posterior",
    "/annotators",
    "/comments",
)
OTHERS = ("/labels", "/labels/0", "/settings", "/settings/pictures", "/team", "/planner", "/plan", "/report", "/guidelines", "/proposals")
TOLD = "This study has no pictures"


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    made = study_of_votes(tmp_path)
    yield made
    made.workspace.close()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_would_show_pictures_says_once_that_there_are_none(browser_of: Callable[..., Browser], study: Study, page: str) -> None:
    answer = browser_of("Olga", Role.OWNER).get(f"/d/pilot{page.format(image=study.images[1].id)}")

    assert answer.status_code == 200
    assert answer.text.count(TOLD) == 1
    assert "<img" not in answer.text
    assert "/pictures/" not in answer.text


@pytest.mark.parametrize("page", OTHERS)
def test_every_other_page_opens_and_asks_for_no_picture(browser_of: Callable[..., Browser], study: Study, page: str) -> None:
    answer = browser_of("Olga", Role.OWNER).get(f"/d/pilot{page}")

    assert answer.status_code == 200
    assert "<img" not in answer.text


def test_tiles_and_an_image_page_show_names(browser_of: Callable[..., Browser], study: Study) -> None:
    ed = browser_of("Ed", Role.EXPERT)

    assert [name for name in ("a.jpg", "b.jpg", "c.jpg", "d.jpg") if f">{name}</span>" not in ed.get("/d/pilot/images").text] == []
    page = ed.get(f"/d/pilot/images/{study.images[0].id}").text
    assert page.count("b.jpg") == 1
    assert "annotator 1" in page


def test_owners_read_whose_votes_they_are(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)

    assert "pilot: rater 7" in olga.get(f"/d/pilot/images/{study.images[0].id}").text
    assert "pilot: Bob" in olga.get("/d/pilot/annotators").text
    assert "pilot: Bob" not in olga.get("/team").text  # they never worked here


@pytest.mark.parametrize("desk", ["annotate", "refine", "refine/quick"])
def test_nobody_is_handed_anything_and_the_desk_says_why(browser_of: Callable[..., Browser], study: Study, desk: str) -> None:
    ed = browser_of("Ed", Role.EXPERT)

    page = ed.get(f"/d/pilot/{desk}")

    assert page.status_code == 200
    assert "This dataset was imported without pictures: nobody can be asked about it." in page.text
    assert "Check again" not in page.text
    assert ed.get(f"/d/pilot/{desk}/ahead").text.strip() in ("", "[]") or "sheet" not in ed.get(f"/d/pilot/{desk}/ahead").text


def test_the_overview_sends_nobody_to_a_desk(browser_of: Callable[..., Browser], study: Study) -> None:
    page = browser_of("Ed", Role.EXPERT).get("/d/pilot").text

    assert "came with votes from elsewhere" in page
    assert "without their pictures no expert can decide" in page
    assert "wait for an expert" not in page


def test_a_picture_that_somebody_asks_for_all_the_same_is_not_there(browser_of: Callable[..., Browser], study: Study) -> None:
    answer = browser_of("Ed", Role.EXPERT).get(f"/pictures/{study.images[0].token}-{THUMB}.webp")

    assert answer.status_code == 404
