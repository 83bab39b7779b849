"""What an annotator sees of gold and repeats: practice with its feedback, and nothing at all of the rest."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert
from tests.answering import person
from tests.checking import NO_CHECKS, assignment_of, gold_study, next_sheet, work_through
from tests.studies import NOW, Study
from tests.web.annotate.test_annotate import PAGE, answer, form_in
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.annotation.model import Role
from multilabelfy.dataset.model import ImageState
from multilabelfy.store.dataset import images
from multilabelfy.store.handing_out import gold
from multilabelfy.store.schema import assignments

PRACTICE, TEST = GoldKind.PRACTICE, GoldKind.TEST


@pytest.fixture
def practising(tmp_path: Path) -> Iterator[Study]:
    """Two practice images: of image 3 the labels 3 and 5 are valid, of image 4 none."""
    study = gold_study(
        tmp_path / "practising", replace(NO_CHECKS, n_practice=2, maybe_allowed=True), {3: (PRACTICE, (3, 5)), 4: (PRACTICE, ())}
    )
    yield study
    study.workspace.close()


@pytest.fixture
def checked(tmp_path: Path) -> Iterator[Study]:
    """Every answer draws a test image and a repeat."""
    study = gold_study(
        tmp_path / "checked", replace(NO_CHECKS, test_gold_share=1.0, repeat_share=1.0, repeat_after=1), {0: (TEST, (0,))}, n_images=6
    )
    zoe = person(study, "Zoe")
    gone = {"dataset_id": study.dataset.id, "annotator_id": zoe.id, "task": "annotate", "state": "returned", "policy": "fixed-overlap"}
    with study.workspace.store.writing() as c:  # assignments count on from a number that stands nowhere else on a page
        c.execute(insert(assignments).values(id=9000, image_id=study.images[5].id, handed_at=NOW, expires_at=NOW, **gone))
    yield study
    study.workspace.close()


def open_practice(browser: Browser, study: Study, image: int) -> str:
    """The page with this image, which comes first or second."""
    page = browser.get(PAGE).text
    if study.images[image].token not in page[: page.index("</answer-sheet>")]:
        browser.post(re.search(r'action="([^"]+/later)"', page)[1])  # type: ignore[index]
        page = browser.get(PAGE).text
    return page


def test_after_a_practice_picture_comes_what_was_right_missed_and_wrong_and_why(practising: Study) -> None:
    ada = Browser(practising, Clock()).sign_in("Ada")
    page = open_practice(ada, practising, 3)
    assert "Practice: after your answer you see what was right." in page
    done = answer(ada, page, yes=[3, 8])
    assert done.headers["location"].endswith("/feedback")
    told = ada.get(done.headers["location"]).text
    kinds = re.findall(r'class="marks" data-kind="(\w+)".*?<b>([^<]+)</b>', told, re.DOTALL)
    assert kinds == [("right", "lynx"), ("missed", "mouse"), ("wrong", "monitor")]
    assert "because of 3" in told
    assert "Practice 1 of 2" in told
    assert f'href="{PAGE}" autofocus' in told, "Enter goes on"


def test_a_perfect_practice_answer_is_told_so_and_the_last_one_says_that_answers_count_from_now_on(practising: Study) -> None:
    ada = Browser(practising, Clock()).sign_in("Ada")
    for _ in range(2):
        page = ada.get(PAGE).text
        is_third = practising.images[3].token in page[: page.index("</answer-sheet>")]
        done = answer(ada, page, **({"yes": [3, 5]} if is_third else {"outcome": "none"}))
        told = ada.get(done.headers["location"]).text
        assert "All correct" in told
    assert "from now on your answers count" in told
    assert "data-practice" not in ada.get(PAGE).text
    assert "0 of 12" in ada.get(PAGE).text


def test_nobody_sees_feedback_before_their_answer_or_on_anything_but_their_own_practice(practising: Study, checked: Study) -> None:
    ada = Browser(practising, Clock()).sign_in("Ada")
    page = ada.get(PAGE).text
    address = form_in(page)["action"]
    assert ada.get(f"{address}/feedback").headers["location"] == PAGE
    answer(ada, page, outcome="none")
    assert Browser(practising, Clock()).sign_in("Bob").get(f"{address}/feedback").status_code == 403
    eva = Browser(checked, Clock()).sign_in("Eva")
    for _ in range(4):
        address = form_in(eva.get(PAGE).text)["action"]
        assert answer(eva, outcome="none").headers["location"] == PAGE
        assert eva.get(f"{address}/feedback").status_code == 403


def test_a_repeat_is_the_page_of_the_first_time_but_for_its_numbers(checked: Study) -> None:
    ada, pages, replies = Browser(checked, Clock()).sign_in("Ada"), defaultdict[int, list[str]](list), set()
    while (sheet := next_sheet(checked, "Ada")) is not None:
        page = ada.get(PAGE).text
        pages[assignment_of(checked, sheet).image].append(without_numbers(page))
        fields = form_in(page)
        told = ada.post(fields.pop("action"), data={**fields, "outcome": "none"}, headers={"Accept": "application/json"})
        replies.add((told.status_code, tuple(json.loads(told.text))))
    twice = [seen for seen in pages.values() if len(seen) == 2]
    assert len(twice) == 4
    assert all(first == again for first, again in twice)
    assert replies == {(200, ("saved", "answered", "images"))}


def test_gold_is_the_page_that_others_see_of_the_same_image_as_an_ordinary_one(checked: Study) -> None:
    ada = Browser(checked, Clock()).sign_in("Ada")
    answer(ada, outcome="none")
    as_gold = sheet_with(checked, ada.get(PAGE).text)
    with checked.workspace.store.writing() as c:
        gold.retire(c, [checked.images[0].id], NOW)
        images.set_state(c, checked.images[0].id, ImageState.OPEN)
    as_vote = sheet_with(checked, Browser(checked, Clock()).sign_in("Bob").get(PAGE).text)
    assert without_numbers(as_gold) == without_numbers(as_vote)


def sheet_with(study: Study, page: str) -> str:
    """The sheet of image 0, which may wait behind the first."""
    [found] = [sheet for sheet in re.findall(r"<answer-sheet.*?</answer-sheet>", page, re.DOTALL) if study.images[0].token in sheet]
    return str(found)


def without_numbers(page: str) -> str:
    """The sheet without what is of one hand-out: the assignment's number, the answer's id, and the moment."""
    sheet = page[page.index("<answer-sheet") : page.index("</answer-sheet>")]
    sheet = re.sub(r'(name="(?:id|rendered)" value=)"[^"]*"', r"\1", sheet)
    return re.sub(r"\b90\d\d\b", "number", sheet)


def test_an_owner_makes_an_image_gold_on_its_page_and_takes_it_back(checked: Study) -> None:
    olga = Browser(checked, Clock()).sign_in("Olga", Role.OWNER)
    place = f"/d/pilot/images/{checked.images[0].id}"
    assert "Gold: test" in olga.get(place).text
    assert olga.post(f"{place}/gold/retire").status_code == 303
    assert "Gold: test" not in olga.get(place).text


def test_only_owners_say_what_is_gold(checked: Study) -> None:
    eve = Browser(checked, Clock()).sign_in("Eve", Role.EXPERT)
    place = f"/d/pilot/images/{checked.images[0].id}"
    assert 'id="gold"' not in eve.get(place).text
    assert eve.post(f"{place}/gold", data={"kind": "test"}).status_code == 403
    assert eve.post(f"{place}/gold/retire").status_code == 403


def test_an_image_without_final_labels_cannot_be_made_gold(checked: Study) -> None:
    olga = Browser(checked, Clock()).sign_in("Olga", Role.OWNER)
    told = olga.post(f"/d/pilot/images/{checked.images[3].id}/gold", data={"kind": "test"})
    assert told.status_code == 422
    assert "no final labels yet" in told.text


def test_an_annotators_own_part_of_the_overview_counts_checks_as_images(checked: Study) -> None:
    n_done = len(work_through(checked, "Ada"))
    assert f"{n_done}" in Browser(checked, Clock()).sign_in("Ada").get("/d/pilot").text
