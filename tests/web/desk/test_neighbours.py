"""The card of a label shows what people mix it up with, and says nothing of the image that is judged."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.answering import answer
from tests.studies import HIERARCHY, Study, ready_study
from tests.web.conftest import Browser

from multilabelfy.annotation.model import Role


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path, concepts=HIERARCHY, n_images=12)
    yield ready
    ready.workspace.close()


def neighbours(somebody: Browser, label: int) -> tuple[str, list[str]]:
    """The heading of the list, and the names in it."""
    sheet = somebody.get("/d/pilot/annotate").text
    address = re.search(r'data-neighbours="([^"]+)"', sheet)
    assert address
    text = somebody.get(f"{address[1]}/{label}").text
    return "".join(re.findall(r"<h\d>(.*?)</h\d>", text)), re.findall(r"<b>(.*?)</b>", text)


def mix_up(study: Study, one: set[int], other: set[int]) -> None:
    """Two people answer the first image, each with a set of their own."""
    answer(study, "Ada", 0, yes=one)
    answer(study, "Ben", 0, yes=other)


def test_labels_that_people_chose_instead_of_one_another_stand_side_by_side(study: Study, browser_of: Callable[..., Browser]) -> None:
    mix_up(study, {0}, {2})
    assert neighbours(browser_of("Ada"), 0) == ("Often mixed up with", ["Egyptian cat"])
    assert neighbours(browser_of("Ada"), 2) == ("Often mixed up with", ["tabby"])


def test_where_nobody_mixed_it_up_the_nearest_below_the_same_concept_stand_there(study: Study, browser_of: Callable[..., Browser]) -> None:
    mix_up(study, {0}, {0, 2})  # one found more: nobody chose one instead of the other
    assert neighbours(browser_of("Ada"), 1) == ("Near it", ["tabby", "Egyptian cat", "lynx"])


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
