"""Annotating over the web's forms on both databases: twenty at once, and a store that cannot be reached."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.studies import ready_study
from tests.web.annotate.test_annotate import PAGE, answer
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Vote
from multilabelfy.errors import StoreUnavailable
from multilabelfy.store.answers import annotations
from multilabelfy.store.dataset import images
from multilabelfy.web.app import create_app


def test_twenty_at_once_never_give_an_image_more_than_its_overlap(tmp_path: Path, tables_url: str) -> None:
    study = ready_study(tmp_path / "study", n_images=12, n_exemplars=1, database_url=tables_url)
    app = create_app(study.workspace, Clock())
    browsers = [Browser(study, Clock(), app).sign_in(f"person {number}") for number in range(20)]

    def annotate(browser: Browser) -> list[str]:
        given = []
        while "<answer-sheet" in (page := browser.get(PAGE).text):
            given += re.findall(r'action="([^"]+)"', page[page.index("<answer-sheet") :])[:1]
            assert answer(browser, page, outcome="none").status_code == 303
        return given

    with ThreadPoolExecutor(20) as pool:
        given = [address for addresses in pool.map(annotate, browsers) for address in addresses]
    assert len(given) == len(set(given)) == 24
    with study.workspace.store.reading() as c:
        for image in images.iterate(c, study.dataset.id):
            assert (image.n_answers, image.n_leases, len(annotations.history(c, image.id))) == (2, 0, 2)
    study.workspace.close()


def test_an_answer_and_its_revision_come_back_as_they_were_said(tmp_path: Path, tables_url: str) -> None:
    study = ready_study(tmp_path / "study", n_images=2, n_exemplars=1, database_url=tables_url)
    ada = Browser(study, Clock()).sign_in("Ada")
    answer(ada, yes=[3, 26], added=[26], note="ä\n‘quoted’", missing="hat stand")
    answer(ada, ada.get(f"{PAGE}/previous", follow_redirects=True).text, outcome="cannot-tell", yes=[4])
    with study.workspace.store.reading() as c:
        first, second = annotations.history(c, study.images[0].id)
    assert (first.answers, first.unprompted) == ({3: Vote.YES, 26: Vote.YES}, (26,))
    assert (first.note, first.missing_label) == ("ä\n‘quoted’", "hat stand")
    assert (second.unsure_between, second.revision) == ((4,), 2)
    study.workspace.close()


def test_a_store_that_cannot_be_reached_is_told_without_its_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = ready_study(tmp_path / "study", n_images=1, n_exemplars=1)
    ada = Browser(study, Clock()).sign_in("Ada")

    def fail(*_: Any, **__: Any) -> None:
        raise StoreUnavailable(f"Cannot write to sqlite:///{tmp_path}: the disk is full.")

    monkeypatch.setattr(type(study.workspace.store), "writing", fail)
    page = ada.get(PAGE)
    assert page.status_code == 503
    assert "The store cannot be reached" in page.text
    assert str(tmp_path) not in page.text
    study.workspace.close()
