"""No page tells a blind expert what was said of an image that they may still be asked about, not even by a look before and after."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.answering import answer
from tests.studies import Study, ready_study
from tests.web.conftest import Browser, Clock
from tests.web.refine.test_refine import PAGE as REFINE
from tests.web.refine.test_refine import fields

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import BLIND, PAPER


@pytest.fixture(params=[replace(BLIND, two_expert_share=0.0, audit_share=0.0), replace(PAPER, audit_share=1.0)], ids=["blind", "audited"])
def study(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path / "study", protocol=request.param, n_images=2)
    yield ready
    ready.workspace.close()


@pytest.fixture
def eve(study: Study) -> Browser:
    return Browser(study, Clock()).sign_in("Eve", Role.EXPERT)


def pages(expert: Browser, study: Study) -> dict[str, str]:
    """Every page on which an image's votes could show, without what is new on it each time."""
    root = "/d/pilot"
    addresses = [f"{root}/images", *(f"{root}/images/{image.id}" for image in study.images)]
    addresses += [f"{root}/images?order={order}" for order in ("disputed", "labels", "suspicious", "score")]
    addresses += [f"{root}/images?label={label}" for label in range(6)] + [f"{root}/labels/{label}" for label in range(6)]
    addresses += [root, f"{root}/labels?q=cat", *(f"{root}/labels?order={order}" for order in ("number", "disputed", "used"))]
    addresses += [f"{root}/disagreements", f"{root}/disagreements?sort=name", f"{root}/disagreements?why=sets-differ"]
    found = {address: expert.get(address) for address in addresses}
    assert all(page.status_code == 200 for page in found.values())
    return {address: re.sub(r'name="id" value="[^"]+"', "", page.text) for address, page in found.items()}


def test_while_answers_come_in_and_change_every_page_stays_as_it_was(study: Study, eve: Browser) -> None:
    answer(study, "Ann", 1, [1], note="the left one")
    before = pages(eve, study)
    for yes, note in (([1, 3], "the left one"), ([2], "a toy")):  # revisions, as their number shows nothing either
        answer(study, "Ann", 1, yes, note=note)
        assert pages(eve, study) == before
    assert "the left one" not in "".join(before.values())


def test_of_a_disputed_image_nothing_shows_before_the_own_answer(study: Study, eve: Browser) -> None:
    answer(study, "Ann", 0, [0], note="the left one")
    answer(study, "Bob", 0, [1])
    address = f"/d/pilot/images/{study.images[0].id}"
    page = eve.get(address).text
    assert "appears once you have answered" in page
    assert [word for word in ("the left one", "annotator 1", "their sets differ", "Disputed because") if word in page] == []
    assert [eve.get(f"/d/pilot/images?label={label}").text.count('<li class="tile">') for label in (0, 1)] == [0, 0]
    for query in ("label=1", "pair=0-1", "why=sets-differ"):
        assert address not in eve.get(f"/d/pilot/disagreements?{query}").text
    form = fields(eve.get(REFINE).text)
    eve.post(form["address"], data={"id": form["id"], "yes": ["0"]})
    opened = eve.get(address).text
    assert "the left one" in opened
    assert eve.get("/d/pilot/images?label=1").text.count('<li class="tile">') == 1


def test_of_a_disputed_image_no_figure_tells_what_was_said(study: Study, eve: Browser) -> None:
    seen = []
    for anns, bobs in ((0, 1), (2, 3)):  # the second time they revise
        answer(study, "Ann", 0, [anns])
        answer(study, "Bob", 0, [bobs])
        seen.append(pages(eve, study))
        links = [eve.get(f"/d/pilot/disagreements?{query}").status_code for query in ("label=0", "label=2", "pair=0-1", "pair=2-3")]
        assert len(set(links)) == 1
    assert seen[0] == seen[1]
    assert "fewer than 5" in seen[0]["/d/pilot/labels/0"]
    form = fields(eve.get(REFINE).text)
    eve.post(form["address"], data={"id": form["id"], "yes": ["0"]})
    assert "fewer than" not in eve.get("/d/pilot/labels/2").text
    assert "pair=2-3" in eve.get("/d/pilot/labels/2").text


def test_a_figure_over_five_images_is_shown_and_one_over_four_is_not(tmp_path: Path) -> None:
    study = ready_study(tmp_path / "study", protocol=replace(BLIND, two_expert_share=0.0, audit_share=0.0), n_images=7)
    eve = Browser(study, Clock()).sign_in("Eve", Role.EXPERT)
    for n in range(6):
        answer(study, "Ann", n, [5])
        answer(study, "Bob", n, [6] if n < 5 else [7])
        page = eve.get("/d/pilot/labels/5").text
        assert ("pair=5-6" in page) == ("pair=5-6" in eve.get("/d/pilot/disagreements").text) == (n >= 4)
    assert "pair=5-7" not in page
    assert "pair=5-7" not in eve.get("/d/pilot/disagreements").text
    assert "fewer than 5" in eve.get("/d/pilot/labels/7").text
    study.workspace.close()


def test_owners_see_everything(study: Study) -> None:
    answer(study, "Ann", 0, [0], note="the left one")
    olga = Browser(study, Clock()).sign_in("Olga", Role.OWNER)
    assert "the left one" in olga.get(f"/d/pilot/images/{study.images[0].id}").text
    assert olga.get("/d/pilot/images?label=0").text.count('<li class="tile">') == 1
    answer(study, "Bob", 0, [1])
    assert "pair=0-1" in olga.get("/d/pilot/labels/0").text
    assert "fewer than" not in olga.get("/d/pilot/labels/0").text + olga.get("/d/pilot/disagreements").text
