"""A decision, a quick answer or a note under an id that was used with other content: never “saved” and dropped."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.databases import only_sqlite
from tests.studies import Study, ready_study
from tests.web.conftest import Browser, Clock
from tests.web.refine.test_refine import PAGE, dispute, fields

from multilabelfy.annotation.model import Role
from multilabelfy.store.decisions import refinements, remarks
from multilabelfy.store.schema import quick_answers

JSON = {"Accept": "application/json"}


@pytest.fixture
def study(tmp_path: Path, tables_url: str) -> Iterator[Study]:
    ready = ready_study(tmp_path / "study", n_images=3, n_exemplars=1, database_url=tables_url)
    yield ready
    ready.workspace.close()


@pytest.fixture
def eve(study: Study) -> Browser:
    dispute(study, 0, [0], [1])
    return Browser(study, Clock()).sign_in("Eve", Role.EXPERT)


def decided(study: Study) -> list[tuple[tuple[int, ...], str]]:
    with study.workspace.store.reading() as c:
        return [(one.labels(), one.note) for one in refinements.history(c, study.images[0].id)]


def votes(study: Study) -> list[int]:
    """What was answered to single labels, oldest first."""
    with study.workspace.store.reading() as c:
        return list(c.execute(select(quick_answers.c.vote).order_by(quick_answers.c.id)).scalars())


def noted(study: Study) -> list[str]:
    with study.workspace.store.reading() as c:
        return [one.text for one in remarks.of_image(c, study.images[0].id)]


def test_back_another_choice_and_save_is_a_revision(eve: Browser, study: Study) -> None:
    form = fields(eve.get(PAGE).text)
    for yes in (["0"], ["0"], ["1"], ["1"], ["0"]):
        assert eve.post(form["address"], data={"id": form["id"], "yes": yes}).status_code == 303
    eve.post(form["address"], data={"id": form["id"], "yes": ["0"], "note": "the small one"})
    assert decided(study) == [((0,), ""), ((1,), ""), ((0,), ""), ((0,), "the small one")]


def test_a_script_is_told_that_other_content_was_not_saved(eve: Browser, study: Study) -> None:
    form = fields(eve.get(PAGE).text)
    sent = {"id": form["id"], "yes": ["0"]}
    for _ in range(2):
        assert eve.post(form["address"], data=sent, headers=JSON).json()["saved"] == form["id"]
    refused = eve.post(form["address"], data={**sent, "yes": ["1"]}, headers=JSON)
    assert (refused.status_code, "was not saved" in refused.json()["error"]) == (409, True)
    assert decided(study) == [((0,), "")]


@only_sqlite("tables_url")
def test_an_id_of_another_cases_decision_is_refused(eve: Browser, study: Study) -> None:
    dispute(study, 1, [0], [1])
    first = fields(eve.get(PAGE).text)
    eve.post(first["address"], data={"id": first["id"], "yes": ["0"]})
    second = fields(eve.get(PAGE).text)
    assert second["address"] != first["address"]
    for headers in (JSON, {}):
        assert eve.post(second["address"], data={"id": first["id"], "yes": ["0"]}, headers=headers).status_code == 409


def test_a_single_labels_answer_is_changed_by_back_and_refused_to_a_script(eve: Browser, study: Study) -> None:
    dispute(study, 0, [0, 2, 3], [0])
    form = fields(eve.get(f"{PAGE}/quick").text)
    for vote in ("yes", "yes", "no", "no", "yes"):
        assert eve.post(form["address"], data={"id": form["id"], "vote": vote}).status_code == 303
    assert votes(study) == [2, 0, 2]
    assert eve.post(form["address"], data={"id": form["id"], "vote": "no"}, headers=JSON).status_code == 409
    assert votes(study) == [2, 0, 2]


def test_another_note_of_the_same_page_is_a_further_note(eve: Browser, study: Study) -> None:
    case = fields(eve.get(PAGE).text)["address"]
    for text in ("is it a toy?", "is it a toy?", "or a drawing?", "or a drawing?"):
        eve.post(f"{case}/note", data={"id": "note-number-one", "text": text})
    assert noted(study) == ["is it a toy?", "or a drawing?"]
    refused = eve.post(f"{case}/note", data={"id": "note-number-one", "text": "a third"}, headers=JSON)
    assert (refused.status_code, len(noted(study))) == (409, 2)


@only_sqlite("tables_url")
def test_a_second_reason_to_bring_an_image_back_is_kept_as_a_note(eve: Browser, study: Study) -> None:
    form = fields(eve.get(PAGE).text)
    eve.post(form["address"], data={"id": form["id"], "yes": ["0"]})
    image = f"/d/pilot/images/{study.images[0].id}/reopen"
    owner = Browser(study, Clock()).sign_in("Olga", Role.OWNER)
    for browser, text in ((eve, "look again"), (eve, "look again"), (owner, "at the left, too")):
        assert browser.post(image, data={"id": "page-number-one", "text": text}).status_code == 303
    assert noted(study) == ["look again", "at the left, too"]
