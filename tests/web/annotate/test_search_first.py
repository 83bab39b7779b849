"""A share of the images is answered by search alone first: without scripts, form after form."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.checking import NO_CHECKS, gold_study
from tests.studies import Study
from tests.web.annotate.test_annotate import PAGE, answer, form_in, stored
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import AssignmentId, Vote
from multilabelfy.store.answers import annotations
from multilabelfy.store.handing_out import assignments

SEARCH_FIRST = replace(NO_CHECKS, search_first_share=1.0, maybe_allowed=True)


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = gold_study(tmp_path, SEARCH_FIRST, {}, n_images=3)
    yield ready
    ready.workspace.close()


@pytest.fixture
def ada(study: Study) -> Browser:
    return Browser(study, Clock()).sign_in("Ada")


def seen(page: str) -> str:
    """The first sheet without what lies in templates, as a page without scripts shows it."""
    sheet = page[page.index("<answer-sheet") : page.index("</answer-sheet>")]
    return re.sub(r"<template.*?</template>", "", sheet, flags=re.DOTALL)


def rows_in(page: str) -> list[int]:
    return [int(label) for label in re.findall(r'data-part="row" data-label="(\d+)"', seen(page))]


def test_no_candidate_is_in_view_before_the_search_is_done(ada: Browser) -> None:
    page = ada.get(PAGE).text
    assert rows_in(page) == []
    assert "tabby" not in seen(page)
    assert "Go on" in seen(page)
    assert "Search first here" in seen(page)


def test_what_was_found_is_kept_with_the_candidates_and_both_answers_are_stored(ada: Browser, study: Study) -> None:
    page = answer(ada, q="espresso").text
    assert rows_in(page) == [], "a search is no answer"
    assert "espresso" in seen(page)
    page = answer(ada, page, added=[26], yes=[26]).text
    assert len(rows_in(page)) == 20
    assert re.search(r'name="yes" value="26" checked', seen(page))
    done = answer(ada, page, added=[26], yes=[26, 0], maybe=[3])
    assert done.headers["location"] == PAGE
    [said] = stored(study)
    assert said.search_first == {26: Vote.YES}
    assert said.answers == {0: Vote.YES, 3: Vote.MAYBE, 26: Vote.YES}


def test_a_candidate_that_the_search_found_is_ticked_in_its_row(ada: Browser, study: Study) -> None:
    page = answer(ada, q="lynx").text
    assert 'value="3"' in seen(page)
    page = answer(ada, page, added=[3], yes=[3]).text
    assert 'name="added"' not in seen(page)
    assert re.search(r'name="yes" value="3"[^>]*checked', seen(page))
    answer(ada, page, yes=[3])
    assert stored(study)[0].search_first == {3: Vote.YES}


def test_finding_nothing_is_an_answer_too(ada: Browser, study: Study) -> None:
    page = answer(ada).text
    assert len(rows_in(page)) == 20
    answer(ada, page, yes=[1])
    [said] = stored(study)
    assert said.search_first == {}
    assert said.chosen() == {1}


def test_an_unfit_picture_needs_no_candidates(ada: Browser, study: Study) -> None:
    assert answer(ada, outcome="unfit", reason="broken").headers["location"] == PAGE
    assert stored(study)[0].search_first is None


def test_a_form_that_does_not_fit_stays_with_its_candidates(ada: Browser) -> None:
    page = answer(ada).text
    refused = answer(ada, page)
    assert refused.status_code == 422
    assert len(rows_in(refused.text)) == 20


def test_a_revision_keeps_what_was_found_at_first(ada: Browser, study: Study) -> None:
    answer(ada, answer(ada, added=[5], yes=[5]).text, yes=[5])
    page = ada.get(ada.get(f"{PAGE}/previous").headers["location"]).text
    assert len(rows_in(page)) == 20
    answer(ada, page, yes=[6])
    assert [said.search_first for said in stored(study)] == [{5: Vote.YES}] * 2
    assert [set(said.chosen()) for said in stored(study)] == [{5}, {6}]


def test_the_policy_and_the_share_stand_on_the_assignment_and_others_are_asked_as_ever(ada: Browser, study: Study) -> None:
    ada.get(PAGE)
    with study.workspace.store.reading() as c:
        handed = assignments.get(c, AssignmentId(int(form_in(ada.get(PAGE).text)["action"].rpartition("/")[2])))
        assert annotations.searched_first(c, study.dataset.id) == []
    assert (handed.policy, handed.inclusion_probability) == ("search-first", 1.0)


@pytest.mark.parametrize("first", ["3", "3:5", "x", "3:2,4:2", "3:2  4:2"])
def test_a_field_that_our_page_never_sends_is_refused(ada: Browser, first: str) -> None:
    page = answer(ada).text
    assert answer(ada, page, first=first, yes=[1]).status_code == 422


def test_without_the_share_nobody_searches_first(tmp_path: Path) -> None:
    study = gold_study(tmp_path / "plain", replace(SEARCH_FIRST, search_first_share=0.0), {}, n_images=2)
    assert len(rows_in(Browser(study, Clock()).sign_in("Ada").get(PAGE).text)) == 20
    study.workspace.close()
