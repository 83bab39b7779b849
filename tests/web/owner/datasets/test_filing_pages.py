"""Owners rename, archive and delete a dataset on its settings page; whoever has an old address gets where they wanted."""

from collections.abc import Callable

import pytest
from tests.studies import Study
from tests.web.conftest import Browser

from multilabelfy.annotation.model import Role
from multilabelfy.store.answers import annotations
from multilabelfy.workflows.workspace import KEPT

PAGE = "/d/pilot/settings"


@pytest.fixture
def olga(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("Olga", Role.OWNER)


def test_only_owners_can(browser_of: Callable[..., Browser]) -> None:
    eve = browser_of("Eve", Role.EXPERT)
    for path in ("name", "archive", "take-back", "delete"):
        assert eve.post(f"{PAGE}/{path}", data={"name": "pilot"}).status_code == 403
    assert eve.get(f"{PAGE}/delete").status_code == 403


def test_an_old_address_leads_to_the_new_name(olga: Browser) -> None:
    assert olga.post(f"{PAGE}/name", data={"name": "first try"}).headers["location"] == "/d/first%20try/settings#dataset-title"
    moved = olga.get("/d/pilot/images?state=open")
    assert (moved.status_code, moved.headers["location"]) == (307, "/d/first%20try/images?state=open")


def test_an_answer_on_its_way_arrives_under_the_new_name(browser_of: Callable[..., Browser], olga: Browser, study: Study) -> None:
    ada = browser_of("Ada")
    ada.get("/d/pilot/annotate")
    olga.post(f"{PAGE}/name", data={"name": "first try"})
    times = {"elapsed": "4000", "present": "3000", **{f"opened-{five}": "0" for five in range(4)}}
    sent = {"id": "1" * 32, "protocol": "1", "scripted": "1", "yes": "1", **times}
    assert ada.post("/d/pilot/annotate/1", data=sent, follow_redirects=True).status_code == 200
    with study.workspace.store.reading() as c:
        assert [answer.answers for answer in annotations.iterate_latest(c, study.dataset.id)] == [{1: 2}]


def test_a_name_that_cannot_be_is_said_beside_the_field(olga: Browser) -> None:
    refused = olga.post(f"{PAGE}/name", data={"name": "a/b"})
    assert refused.status_code == 422
    assert "Cannot rename" in refused.text


def test_a_dataset_that_never_was_is_not_found(olga: Browser) -> None:
    assert olga.get("/d/nothing/settings").status_code == 404


def test_an_archived_dataset_leaves_the_lists_of_all_but_its_owner(olga: Browser, browser_of: Callable[..., Browser]) -> None:
    ada = browser_of("Ada")
    olga.post(f"{PAGE}/archive")
    assert "pilot" not in ada.get("/").text
    assert "The study is paused" in ada.get("/d/pilot/annotate").text
    assert "1 archived dataset" in olga.get("/").text
    assert "This dataset is archived" in olga.get(PAGE).text
    olga.post(f"{PAGE}/take-back")
    assert "pilot" in ada.get("/").text


def test_a_deletion_asks_for_the_name_and_says_where_the_copy_is(olga: Browser, study: Study) -> None:
    assert "6 images, 0 answers and 0 releases" in olga.get(f"{PAGE}/delete").text
    wrong = olga.post(f"{PAGE}/delete", data={"name": "Pilot"})
    assert (wrong.status_code, "nothing was deleted" in wrong.text) == (422, True)
    gone = olga.post(f"{PAGE}/delete", data={"name": "pilot"})
    copies = list((study.workspace.folder / KEPT).iterdir())
    assert len(copies) == 1
    assert copies[0].name in gone.text
    assert olga.get(PAGE).status_code == 404
