"""The team page of one dataset: add, change a role, take out; owners of the dataset alone reach nobody outside of it."""

import re
from collections.abc import Callable

import pytest
from tests.studies import NOW, Study
from tests.web.access.test_teams import OTHER, add_dataset
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role
from multilabelfy.workflows.team import people

PAGE = "/d/pilot/team"


@pytest.fixture
def olga(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("Olga", Role.OWNER)


@pytest.fixture
def owner_here(study: Study, clock: Clock) -> Browser:
    """The owner of this dataset alone."""
    made = people.invite(study.workspace, "Own", Role.OWNER, NOW, dataset="pilot").link
    browser = Browser(study, clock)
    assert browser.post(made[made.index("/sign-in/") :]).status_code == 303
    return browser


def test_somebody_new_gets_a_link_which_opens_this_dataset(olga: Browser, visitor: Browser, study: Study) -> None:
    add_dataset(study)
    page = olga.post(f"{PAGE}/add", data={"name": "Ada", "role": "expert"})
    link = re.findall(r'value="http://study\.test(/sign-in/[\w-]+)"', page.text)[0]
    visitor.post(link)
    assert visitor.get("/d/pilot/refine").status_code == 200
    assert visitor.get(f"/d/{OTHER}").status_code == 404


def test_an_owner_of_the_workspace_adds_somebody_known_and_hands_a_link_over(olga: Browser, study: Study) -> None:
    add_dataset(study)
    people.invite(study.workspace, "Ada", None, NOW, dataset=OTHER)
    assert "Somebody of the workspace" in olga.get(PAGE).text
    added = olga.post(f"{PAGE}/add-known", data={"someone": study.person("Ada").id, "role": "expert"})
    assert (added.status_code, "/sign-in/" in added.text, "It works once." in added.text) == (200, True, True)
    assert olga.post(f"{PAGE}/add", data={"name": "Ada", "role": "expert"}).status_code == 422
    assert "pilot</a>: expert" in olga.get("/team").text


def test_somebody_of_the_same_name_is_asked_about(owner_here: Browser, study: Study) -> None:
    owner_here.post(f"{PAGE}/add", data={"name": "Ada", "role": "annotator"})
    refused = owner_here.post(f"{PAGE}/add", data={"name": "Ada", "role": "annotator"})
    assert refused.status_code == 422
    assert "Somebody of this name is in the team already." in refused.text
    assert owner_here.post(f"{PAGE}/add", data={"name": "Ada", "role": "annotator", "another": "true"}).status_code == 200
    assert len(study.named("Ada")) == 2
    assert "A name has 1 to 100 characters." in owner_here.post(f"{PAGE}/add", data={"name": " ", "role": "annotator"}).text


def test_a_role_is_changed_here_and_somebody_taken_out(owner_here: Browser, browser_of: Callable[..., Browser], study: Study) -> None:
    ada = browser_of("Ada")
    number = study.person("Ada").id
    assert ada.get("/d/pilot/refine").status_code == 403
    page = owner_here.post(f"{PAGE}/{number}/role", data={"role": "expert"})
    assert ada.get("/d/pilot/refine").status_code == 303
    ada.post(re.findall(r'value="http://study\.test(/sign-in/[\w-]+)"', page.text)[0])
    assert ada.get("/d/pilot/refine").status_code == 200
    owner_here.post(f"{PAGE}/{number}/remove")
    assert ada.get("/d/pilot/annotate").status_code == 303
    assert people.teams_of_all(study.workspace).get(number, {}) == {}


def test_owners_of_the_workspace_stay_what_they_are(owner_here: Browser, olga: Browser, study: Study) -> None:
    number = study.person("Olga").id
    assert "owns the workspace" in owner_here.get(PAGE).text
    assert owner_here.post(f"{PAGE}/{number}/role", data={"role": "annotator"}).status_code == 403
    assert owner_here.post(f"{PAGE}/{number}/links").status_code == 403
    assert olga.get("/team").status_code == 200


def test_the_navigation_leads_to_the_team_that_one_may_see(owner_here: Browser, olga: Browser) -> None:
    assert f'href="{PAGE}"' in owner_here.get("/d/pilot").text
    assert 'href="/team' not in owner_here.get("/d/pilot").text
    assert 'href="/team?back=' in olga.get("/d/pilot").text


def test_an_invitation_on_the_page_of_the_workspace_names_the_dataset(olga: Browser, study: Study) -> None:
    add_dataset(study)
    assert f"<option>{OTHER}</option>" in olga.get("/team").text
    olga.post("/team/invite", data={"name": "Ada", "role": "expert", "dataset": OTHER})
    assert people.teams_of_all(study.workspace)[study.person("Ada").id] == {OTHER: Role.EXPERT}
    refused = olga.post("/team/invite", data={"name": "Bob"})
    assert refused.status_code == 422
    assert "There are several datasets" in refused.text
