"""Somebody's name is erased while the votes stay: under one's own pseudonym in exports, as somebody who left beside comments."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.answering import answer
from tests.studies import NOW, Study
from tests.web.conftest import Browser

from multilabelfy.annotation.model import AnnotatorId, Role
from multilabelfy.errors import AnswerRefused, NotAllowed
from multilabelfy.store.answers import annotations
from multilabelfy.workflows.releasing.exports import export
from multilabelfy.workflows.team import erasing, people, security_log
from multilabelfy.workflows.team.security_log import LogFilter

NAME = "Ada Augusta Lovelace"


@pytest.fixture
def olga(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("Olga", Role.OWNER)


def erased(olga: Browser, study: Study) -> int:
    """Erase the name as an owner does; returns the person's number."""
    number = study.person(NAME).id
    assert olga.post(f"/team/{number}/erase", data={"name": NAME}).headers["location"] == "/team"
    return number


def test_the_name_is_asked_for_and_another_one_erases_nothing(olga: Browser, browser_of: Callable[..., Browser], study: Study) -> None:
    browser_of(NAME)
    page = f"/team/{study.person(NAME).id}/erase"
    assert f"write the name: {NAME}" in olga.get(page).text
    refused = olga.post(page, data={"name": "Ada"})
    assert refused.status_code == 422
    assert "This is not the name of the person: nothing was erased." in refused.text
    assert study.person(NAME).active


def test_the_name_is_nowhere_on_pages_and_the_comment_is_by_somebody_who_left(
    olga: Browser, browser_of: Callable[..., Browser], study: Study
) -> None:
    ada = browser_of(NAME)
    answer(study, NAME, 0, [0], note="is this a toy?")
    assert NAME in olga.get("/d/pilot/comments").text
    number = erased(olga, study)
    comments = olga.get("/d/pilot/comments").text
    assert "is this a toy?" in comments
    assert "somebody who left" in comments
    for address in ("/team", "/team/log", "/d/pilot", "/d/pilot/comments", "/d/pilot/team", f"/d/pilot/images/{study.images[0].id}"):
        assert NAME not in olga.get(address).text, address
    assert f"person {number}" in olga.get("/team").text
    assert ada.get("/me").status_code == 303  # signed out
    assert "jemand, der gegangen ist" in olga.get("/d/pilot/comments", headers={"Accept-Language": "de"}).text


def test_the_votes_stay_under_the_same_pseudonym(olga: Browser, browser_of: Callable[..., Browser], study: Study, tmp_path: Path) -> None:
    browser_of(NAME)
    answer(study, NAME, 0, [0])
    before, after = tmp_path / "before.csv", tmp_path / "after.csv"
    export(study.workspace, "pilot", "votes", before)
    erased(olga, study)
    export(study.workspace, "pilot", "votes", after)
    assert after.read_text() == before.read_text()
    with study.workspace.store.reading() as c:
        assert len(annotations.history(c, study.images[0].id)) == 1


def test_links_sessions_addresses_and_settings_go_and_what_was_done_stays_in_the_log(
    olga: Browser, browser_of: Callable[..., Browser], study: Study, visitor: Browser
) -> None:
    link = study.link(NAME)
    browser_of(NAME)
    number = study.person(NAME).id
    erased(olga, study)
    assert visitor.post(link).status_code == 410
    logged = security_log.log_page(study.workspace, LogFilter(person=number)).events
    assert [event.event.kind.value for event in logged] == ["erased", "signed-in", "invited", "joined-team"]
    assert {event.event.address for event in logged} == {""}
    assert people.teams_of_all(study.workspace).get(number) is None


def test_nobody_is_let_in_under_an_erased_name_again(olga: Browser, browser_of: Callable[..., Browser], study: Study) -> None:
    browser_of(NAME)
    number = erased(olga, study)
    assert olga.post(f"/team/{number}/links").status_code == 403
    assert "erased already" in olga.get(f"/team/{number}/erase").text
    with pytest.raises(AnswerRefused):
        erasing.erase(study.workspace, AnnotatorId(number), f"person {number}", NOW)


def test_the_last_owner_cannot_be_erased(olga: Browser, study: Study) -> None:
    with pytest.raises(NotAllowed, match="last owner"):
        erasing.erase(study.workspace, study.person("Olga").id, "Olga", NOW)
    refused = olga.post(f"/team/{study.person('Olga').id}/erase", data={"name": "Olga"})
    assert refused.status_code == 403


def test_the_file_of_the_database_no_longer_holds_the_name(olga: Browser, browser_of: Callable[..., Browser], study: Study) -> None:
    browser_of(NAME)
    file = study.workspace.store.file
    assert file is not None
    erased(olga, study)
    with closing(study.workspace):
        pass
    assert NAME.encode() not in file.read_bytes()
