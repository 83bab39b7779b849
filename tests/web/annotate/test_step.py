"""A step: an answer is committed and the next sheet received, by one request and in one transaction, with few statements."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from tests.counting import statements, transactions, waits
from tests.studies import Study, look_at_all, ready_study
from tests.web.annotate.test_annotate import PAGE, form_in
from tests.web.conftest import Browser, Clock
from tests.web.refine.test_refine import PAGE as REFINE
from tests.web.refine.test_refine import dispute, fields

from multilabelfy.annotation.model import Role
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import exemplars
from multilabelfy.store.schema import images
from multilabelfy.web.annotate.fresh_sheets import SheetsPage, sheet_html, sheet_pieces
from multilabelfy.web.annotate.sheet_view import view_of
from multilabelfy.web.page.rendering import rendered
from multilabelfy.web.page.text.packed import in_json
from multilabelfy.workflows.annotating import desk
from multilabelfy.workflows.showing import references_beside
from multilabelfy.workflows.showing.addresses import strip_of

N_STATEMENTS = {"step": 23, "ahead": 11, "decision": 22, "case": 34}
N_WAITS = {"step": 5, "ahead": 8, "decision": 16, "case": 34}
"""How often a server of PostgreSQL is waited for."""
JSON = {"Accept": "application/json"}
NUMBERS = re.compile(r'<answer-sheet[^>]* data-assignment="(\d+)"')


@pytest.fixture
def long_study(tmp_path: Path, tables_url: str) -> Iterator[Study]:
    """A study of twelve images with the same twenty labels, on either database."""
    ready = ready_study(tmp_path / "study", n_images=12, n_labels=20, n_exemplars=2, database_url=tables_url)
    yield ready
    ready.workspace.close()


def step(browser: Browser, page: str, number: int, **said: Any) -> dict[str, Any]:
    """Answer the first sheet of a page as its script does, and say what was answered."""
    fields = form_in(page)
    opened = {name: "1" for name in fields if name.startswith("opened-")}
    given = {"id": f"answer-{number:08}", "scripted": "1", "yes": int(fields["action"].rsplit("/", 1)[1]) + 1, **opened, **said}
    answer = browser.post(fields.pop("action"), data={**fields, **given}, headers=JSON)
    assert answer.status_code == 200, answer.text
    saved: dict[str, Any] = answer.json()
    return saved


def test_an_answer_brings_the_sheets_that_the_page_lacks(study: Study, browser_of: Callable[..., Browser]) -> None:
    look_at_all(study)
    ada = browser_of("Ada")
    page = ada.get(PAGE).text
    assert NUMBERS.findall(step(ada, page, 1, held="1")["ahead"]) == ["2", "3", "4", "5"]
    again = ada.get(f"{PAGE}/2").text
    assert NUMBERS.findall(step(ada, again, 2, held="2.3.4.5")["ahead"]) == ["6"]
    last = ada.get(f"{PAGE}/3").text
    assert step(ada, last, 3, held="3.4.5.6")["ahead"].strip() == ""


def test_a_page_that_does_not_say_what_it_has_gets_nothing(browser_of: Callable[..., Browser]) -> None:
    ada = browser_of("Ada")
    assert step(ada, ada.get(PAGE).text, 1) == {"saved": "answer-00000001", "answered": 1, "images": 6}


def test_an_answer_waits_for_no_picture_that_was_not_looked_at(study: Study, browser_of: Callable[..., Browser]) -> None:
    ada = browser_of("Ada")
    page = ada.get(PAGE).text
    with study.workspace.store.writing() as c:
        c.execute(update(images).values(fingerprint=None))
    assert "ahead" not in step(ada, page, 1, held="1")
    with study.workspace.store.reading() as c:
        assert len(annotations.history(c, study.images[0].id)) == 1
    assert NUMBERS.findall(ada.get(f"{PAGE}/ahead?held=1").text) == ["2", "3", "4", "5"]


def test_a_refused_answer_brings_nothing_and_hands_out_nothing(browser_of: Callable[..., Browser]) -> None:
    ada = browser_of("Ada")
    fields = form_in(ada.get(PAGE).text)
    refused = ada.post(fields.pop("action"), data={**fields, "scripted": "1", "held": "1"}, headers=JSON)
    assert (refused.status_code, "ahead" in refused.json()) == (422, False)
    assert NUMBERS.findall(ada.get(f"{PAGE}/ahead?held=1").text) == ["2", "3", "4"]


def test_a_step_is_one_transaction_with_few_statements(long_study: Study) -> None:
    """Who is it; then: the answer, what it changes, the next image and its sheet. What never changes was read at the steps before."""
    look_at_all(long_study)
    ada = Browser(long_study, Clock()).sign_in("Ada")
    held = NUMBERS.findall(ada.get(PAGE).text)
    held += NUMBERS.findall(ada.get(f"{PAGE}/ahead?held={held[0]}").text)
    sheets = {number: ada.get(f"{PAGE}/{number}/sheet").text for number in held}
    for number in held[:2]:
        held += NUMBERS.findall(step(ada, sheets[number], int(number), held=".".join(held))["ahead"])
    with transactions() as begun, statements() as run, waits() as waited:
        answer = step(ada, sheets[held[2]], 3, held=".".join(held))
    assert len(NUMBERS.findall(answer["ahead"])) == 1
    assert begun == ["asking", "writing"]
    check("step", long_study, run, waited)
    with statements() as run, waits() as waited:
        assert len(NUMBERS.findall(ada.get(f"{PAGE}/ahead?held={'.'.join(held[3:])}").text)) == 1
    check("ahead", long_study, run, waited)


def test_an_expert_s_decision_and_the_next_case_take_few_statements(long_study: Study) -> None:
    look_at_all(long_study)
    for number in range(4):
        dispute(long_study, number, [number], [number + 1])
    eve = Browser(long_study, Clock()).sign_in("Eve", Role.EXPERT)
    for number in range(3):
        form = fields(eve.get(REFINE).text)
        with statements() as run, waits() as waited:
            said = {"id": f"decision-{number:08}", "scripted": "1", "yes": str(number)}
            assert eve.post(form["address"], data=said, headers=JSON).status_code == 200
        with statements() as more, waits() as waited_more:
            assert eve.get(f"{REFINE}/ahead?held={form['address'].rsplit('/', 1)[1]}").status_code == 200
    check("decision", long_study, run, waited)
    check("case", long_study, more, waited_more)


def check(what: str, study: Study, run: list[str], waited: list[object]) -> None:
    """That it took its number of statements, and on PostgreSQL of waits."""
    assert len(run) == N_STATEMENTS[what], "\n".join(run)
    assert len(waited) == (N_WAITS[what] if study.workspace.store.file is None else 0), what


def test_nothing_is_drawn_or_rendered_while_others_wait_to_write(
    study: Study, browser_of: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    look_at_all(study)
    ada = browser_of("Ada")
    page = ada.get(PAGE).text
    drawn: list[bool] = []

    def strip_when_free(*args: Any) -> Any:
        drawn.append(study.workspace.store._gate.locked())
        return strip_of(*args)

    monkeypatch.setattr(references_beside, "strip_of", strip_when_free)
    assert NUMBERS.findall(step(ada, page, 1, held="1")["ahead"]) == ["2", "3", "4", "5"]
    assert len(drawn) > 0
    assert not any(drawn)


def test_a_sheet_put_together_from_what_is_kept_is_the_one_that_its_template_draws(
    study: Study, browser_of: Callable[..., Browser]
) -> None:
    ada = browser_of("Ada")
    ada.get(PAGE)
    person, now = study.person("Ada"), Clock()()
    for sheet in desk.next_work(study.workspace, "pilot", person, now).sheets:
        for searching in (False, True):
            view = view_of(replace(sheet, by_search_first=searching, is_practice=searching), PAGE, 1600, now)
            drawn = rendered("annotate/_sheets.html", SheetsPage([view]))
            assert sheet_html(view) == drawn
            assert b"".join(piece.plain for piece in sheet_pieces(view)) == in_json(drawn)


def test_what_another_process_changes_of_the_reference_pictures_shows_on_the_next_sheet(
    study: Study, browser_of: Callable[..., Browser]
) -> None:
    look_at_all(study)
    ada = browser_of("Ada")
    rows = re.compile(r'data-label="(\d+)".*?(/strips/\w+|no-strip)', re.DOTALL)
    before = rows.findall(ada.get(PAGE).text)
    with Store.open(study.workspace.store.url) as other, other.writing() as c:
        for exemplar in exemplars.of_labels(c, study.dataset.id, [3])[3]:
            exemplars.remove(c, exemplar.id)
    after = rows.findall(ada.get(PAGE).text)
    assert [label for label, strip in after if strip == "no-strip"] == ["3"]
    assert [row for row in before if row[0] != "3"] == [row for row in after if row[0] != "3"]
