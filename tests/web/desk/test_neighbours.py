"""The card of a label shows what people mix it up with, and says nothing of the image that is judged."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.answering import answer
from tests.studies import HIERARCHY, Study, ready_study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import PAPER


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path, concepts=HIERARCHY, n_images=12)
    yield ready
    ready.workspace.close()


def neighbours(somebody: Browser, label: int, page: str = "annotate") -> tuple[str, list[str]]:
    """The heading of the list, and the names in it."""
    sheet = somebody.get(f"/d/pilot/{page}").text
    address = re.search(r'data-neighbours="([^"]+)"', sheet)
    assert address
    text = somebody.get(f"{address[1]}/{label}").text
    return "".join(re.findall(r"<h\d>(.*?)</h\d>", text)), re.findall(r"<b>(.*?)</b>", text)


def mix_up(study: Study, one: set[int], other: set[int], image: int = 0) -> None:
    """Two people answer an image, each with a set of their own."""
    answer(study, "Ada", image, yes=one)
    answer(study, "Ben", image, yes=other)


@pytest.fixture
def cem(browser_of: Callable[..., Browser]) -> Browser:
    """Somebody who holds the first picture."""
    browser = browser_of("Cem")
    browser.get("/d/pilot/annotate")
    return browser


def test_labels_that_people_chose_instead_of_one_another_stand_side_by_side(study: Study, cem: Browser) -> None:
    mix_up(study, {0}, {2}, image=4)
    assert neighbours(cem, 0) == ("Often mixed up with", ["Egyptian cat"])
    assert neighbours(cem, 2) == ("Often mixed up with", ["tabby"])


def test_where_nobody_mixed_it_up_the_nearest_below_the_same_concept_stand_there(study: Study, cem: Browser) -> None:
    mix_up(study, {0}, {0, 2}, image=4)  # one found more: nobody chose one instead of the other
    assert neighbours(cem, 1) == ("Near it", ["tabby", "Egyptian cat", "lynx"])


def test_of_an_own_picture_and_of_a_disputed_one_for_an_expert_nothing_is_told(study: Study, browser_of: Callable[..., Browser]) -> None:
    ada, ed = browser_of("Ada"), browser_of("Ed", Role.EXPERT)
    before = neighbours(ada, 0), neighbours(ed, 0)
    mix_up(study, {0}, {2}, image=4)
    assert (neighbours(ada, 0), neighbours(ed, 0)) == before


@pytest.fixture
def thrice(tmp_path: Path) -> Iterator[Study]:
    """A study that asks three people about each picture."""
    ready = ready_study(tmp_path / "thrice", concepts=HIERARCHY, n_images=12, protocol=replace(PAPER, overlap=3))
    yield ready
    ready.workspace.close()


def test_nobody_learns_of_a_picture_to_come_by_looking_before_and_after_others_answered(thrice: Study) -> None:
    cem = Browser(thrice, Clock()).sign_in("Cem")
    before = neighbours(cem, 5)
    mix_up(thrice, {5}, {7}, image=5)  # Cem may be the third
    assert neighbours(cem, 5) == before


def test_the_image_that_is_judged_does_not_betray_its_own_answers(study: Study, browser_of: Callable[..., Browser]) -> None:
    mix_up(study, {0}, {2})
    expert = browser_of("Ed", Role.EXPERT)
    address = re.search(r'data-neighbours="([^"]+)"', expert.get("/d/pilot/refine").text)
    assert address
    assert "mixed up" not in expert.get(f"{address[1]}/0").text


def test_somebody_else_s_picture_is_refused(study: Study, browser_of: Callable[..., Browser]) -> None:
    address = re.search(r'data-neighbours="([^"]+)"', browser_of("Ada").get("/d/pilot/annotate").text)
    assert address
    assert browser_of("Ben").get(f"{address[1]}/0").status_code == 403


def test_a_label_that_there_is_not_has_no_neighbours(study: Study, browser_of: Callable[..., Browser]) -> None:
    assert neighbours(browser_of("Ada"), 999) == ("", [])
