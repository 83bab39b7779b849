"""Experts talk about an image: notes, passing it to somebody else, bringing it back; without scripts, and nothing of it before its time."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.studies import Study, ready_study
from tests.web.conftest import Browser, Clock
from tests.web.refine.test_refine import PAGE, dispute, fields

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import BLIND

NOTE = {"id": "note-number-one", "text": "is it a toy?"}


@pytest.fixture
def blind_study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path / "blind", protocol=replace(BLIND, two_expert_share=0.0, audit_share=0.0))
    yield ready
    ready.workspace.close()


def case_of(browser: Browser) -> str:
    """The address of the case that this expert has now; empty where there is none."""
    page = browser.get(PAGE).text
    return fields(page)["address"] if "refine-case" in page else ""


def test_a_note_stays_with_the_image_and_the_next_expert_reads_it(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [0], [1])
    eve = browser_of("Eve", Role.EXPERT)
    case = case_of(eve)
    assert eve.post(f"{case}/note", data=NOTE).headers["location"] == case
    eve.post(f"{case}/note", data=NOTE)  # sent again: it is there once
    assert eve.get(case).text.count("is it a toy?") == 1
    eve.post(f"{case}/later")
    assert "is it a toy?" in browser_of("Fay", Role.EXPERT).get(PAGE).text


@pytest.mark.parametrize("wrong", [{"text": "  "}, {"text": "x" * 3000}, {"id": "?"}])
def test_a_note_that_does_not_fit_is_refused(browser_of: Callable[..., Browser], study: Study, wrong: dict[str, str]) -> None:
    dispute(study, 0, [0], [1])
    eve = browser_of("Eve", Role.EXPERT)
    assert eve.post(f"{case_of(eve)}/note", data={**NOTE, **wrong}).status_code == 422


def test_a_case_that_is_passed_on_goes_to_somebody_else_and_not_back_to_oneself(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [0], [1])
    eve, fay = browser_of("Eve", Role.EXPERT), browser_of("Fay", Role.EXPERT)
    case = case_of(eve)
    assert eve.post(f"{case}/pass", data=NOTE).headers["location"] == PAGE
    assert case_of(eve) == ""
    eve.get(case)  # a look at its old address does not take it back
    theirs = case_of(fay)
    assert theirs
    assert "passed it on" in fay.get(theirs).text
    fay.post(f"{theirs}/pass", data={"id": "pass-number-two", "text": "no idea either"})
    assert case_of(fay) == ""
    assert case_of(eve)  # and so it may come back, with both notes
    assert "no idea either" in eve.get(PAGE).text


def test_a_case_that_is_passed_by_name_comes_first_and_to_nobody_else(browser_of: Callable[..., Browser], study: Study) -> None:
    eve, fay, gil = (browser_of(name, Role.EXPERT) for name in ("Eve", "Fay", "Gil"))
    dispute(study, 0, [0], [1])
    case = case_of(eve)
    eve.post(f"{case}/pass", data={**NOTE, "to": str(study.person("Gil").id)})
    dispute(study, 1, [1, 2, 3], [4])  # more urgent
    assert "picture" in gil.get(PAGE).text
    assert "passed it to you" in gil.get(PAGE).text
    assert "passed it to" not in fay.get(PAGE).text


def test_nobody_can_be_given_what_they_annotated_or_what_nobody_else_may_decide(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [0], [1])
    eve = browser_of("Eve", Role.EXPERT)
    case = case_of(eve)
    assert "There is no other expert to pass it to." in eve.get(case).text
    assert "Nobody else may decide" in eve.post(f"{case}/pass", data=NOTE).text
    browser_of("Fay", Role.EXPERT)
    refused = eve.post(f"{case}/pass", data={**NOTE, "to": str(study.person("Ann").id)})
    assert (refused.status_code, "choose another one" in refused.text) == (422, True)


def test_in_the_blind_style_notes_open_after_the_own_answer_and_name_nobody(blind_study: Study, clock: Clock) -> None:
    dispute(blind_study, 0, [0], [1])
    eve, fay = (Browser(blind_study, clock).sign_in(name, Role.EXPERT) for name in ("Eve", "Fay"))
    first = fields(eve.get(PAGE).text)
    assert eve.post(f"{first['address']}/note", data=NOTE).status_code == 403
    eve.post(f"{first['address']}/pass", data=NOTE)
    before = fay.get(PAGE).text
    assert "is it a toy?" not in before
    assert "Another expert passed this picture on." in before
    form = fields(before)
    fay.post(form["address"], data={"id": form["id"], "yes": ["0"]})
    after = fay.get(form["address"]).text
    assert "is it a toy?" in after
    assert "expert 1" in after
    assert "Eve" not in after


def test_an_expert_brings_a_decided_image_back_with_the_reason_and_the_history_shows_it(
    browser_of: Callable[..., Browser], study: Study
) -> None:
    dispute(study, 0, [0], [1])
    eve, fay = browser_of("Eve", Role.EXPERT), browser_of("Fay", Role.EXPERT)
    form = fields(eve.get(PAGE).text)
    eve.post(form["address"], data={"id": form["id"], "yes": ["1"]})
    image = f"/d/pilot/images/{study.images[0].id}"
    assert fay.post(f"{image}/reopen", data={"id": "back-number-one", "text": "both are in it"}).status_code == 303
    page = fay.get(image).text
    assert "both are in it" in page
    assert "decided" in page
    assert "both are in it" in fay.get(PAGE).text  # and the next one to decide reads it
