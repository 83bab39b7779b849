"""Another answer under a used id: never dropped as “saved”. Back brings a page without scripts again, id and all."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.checking import NO_CHECKS, gold_study
from tests.databases import only_sqlite
from tests.studies import Study, ready_study
from tests.web.annotate.test_annotate import PAGE, answer, form_in, stored
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.store.answers import check_answers

JSON = {"Accept": "application/json"}
OPENED = {f"opened-{five}": "0" for five in range(4)}


@pytest.fixture
def study(tmp_path: Path, tables_url: str) -> Iterator[Study]:
    ready = ready_study(tmp_path / "study", n_images=3, n_exemplars=1, database_url=tables_url)
    yield ready
    ready.workspace.close()


@pytest.fixture
def ada(study: Study) -> Browser:
    return Browser(study, Clock()).sign_in("Ada")


def said(study: Study) -> list[list[int]]:
    return [sorted(one.answers) for one in stored(study)]


def test_back_another_choice_and_save_is_a_revision(ada: Browser, study: Study) -> None:
    page = ada.get(PAGE).text
    answer(ada, page, yes=[1])
    assert answer(ada, page, yes=[2]).status_code == 303
    assert said(study) == [[1], [2]]
    assert answer(ada, page, yes=[1]).status_code == 303  # and back to the first choice
    assert said(study) == [[1], [2], [1]]


@only_sqlite("tables_url")
@pytest.mark.parametrize(
    "changed",
    [
        {"outcome": "none", "yes": []},
        {"yes": [1], "note": "but small"},
        {"yes": [1], "missing": "hat stand"},
        {"yes": [], "outcome": "unfit", "reason": "poor"},
        {"yes": [1, 26], "added": [26]},
        {"yes": [1], "outcome": "cannot-tell"},
    ],
)
def test_whatever_differs_is_another_answer(ada: Browser, study: Study, changed: dict[str, Any]) -> None:
    page = ada.get(PAGE).text
    answer(ada, page, yes=[1])
    answer(ada, page, **changed)
    assert len(stored(study)) == 2


def test_the_same_form_sent_again_is_stored_once_also_after_a_revision(ada: Browser, study: Study) -> None:
    page = ada.get(PAGE).text
    for choice in ([1], [1], [2], [2]):
        assert answer(ada, page, yes=choice).status_code == 303
    assert said(study) == [[1], [2]]


@only_sqlite("tables_url")
def test_what_does_not_fit_is_refused_under_a_used_id_too(ada: Browser, study: Study) -> None:
    page = ada.get(PAGE).text
    answer(ada, page, yes=[1])
    assert answer(ada, page).status_code == 422
    assert said(study) == [[1]]


def test_a_script_is_told_that_other_content_was_not_saved(ada: Browser, study: Study) -> None:
    form: dict[str, Any] = form_in(ada.get(PAGE).text) | OPENED | {"scripted": "1"}
    address = form.pop("action")
    for _ in range(2):  # its acknowledgement may have been lost
        assert ada.post(address, data={**form, "yes": [1]}, headers=JSON).json()["saved"] == form["id"]
    refused = ada.post(address, data={**form, "yes": [2]}, headers=JSON)
    assert refused.status_code == 409
    assert "was not saved" in refused.json()["error"]
    assert said(study) == [[1]]


@only_sqlite("tables_url")
def test_an_id_of_another_pictures_answer_is_refused(ada: Browser, study: Study) -> None:
    page = ada.get(PAGE).text
    first = form_in(page)
    answer(ada, page, yes=[1])
    second = form_in(ada.get(PAGE).text)
    address = second.pop("action")
    for headers in (JSON, {}):
        sent = ada.post(address, data={**second, "id": first["id"], "yes": [1]}, headers=headers)
        assert sent.status_code == 409
    assert stored(study, 1) == []


def test_an_answer_to_a_check_is_revised_by_back_as_well(tmp_path: Path) -> None:
    checked = gold_study(tmp_path / "checked", replace(NO_CHECKS, n_practice=1), {3: (GoldKind.PRACTICE, (3,))})
    ada = Browser(checked, Clock()).sign_in("Ada")
    page = ada.get(PAGE).text
    answer(ada, page, yes=[3])
    answer(ada, page, yes=[4])
    with checked.workspace.store.reading() as c:
        [standing] = check_answers.iterate_latest(c, checked.dataset.id)
    assert (sorted(standing.answer.answers), standing.answer.revision) == ([4], 2)
    sent = {**form_in(page), **OPENED, "yes": [5]}
    assert ada.post(sent.pop("action"), data=sent, headers=JSON).status_code == 409
    checked.workspace.close()
