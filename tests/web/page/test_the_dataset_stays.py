"""Whoever opens a page from a dataset's pages keeps that dataset, and the way back to it, in the header."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from tests.studies import Study
from tests.web.conftest import Browser

from multilabelfy.annotation.model import Role
from multilabelfy.workflows.owning.filing import rename_dataset

HEADER = re.compile(r"<header.*?</header>", re.DOTALL)


def links(page: str) -> set[str]:
    """Where the header of a page leads."""
    [header] = HEADER.findall(page)
    return set(re.findall(r'href="([^"]+)"', header))


def keeps(page: str, name: str = "pilot") -> bool:
    """Whether the dataset stands in the header, with its overview behind it."""
    [header] = HEADER.findall(page)
    return f'<a class="study" href="/d/{name}">{name}</a>' in header


@pytest.mark.parametrize("role", list(Role))
def test_no_link_in_a_datasets_header_leads_to_a_page_without_it(browser_of: Callable[..., Browser], role: Role) -> None:
    somebody = browser_of("Olga", role)
    inside = links(somebody.get("/d/pilot/guidelines").text) - {"/", "#main"}
    assert {urlsplit(link).path for link in inside} > {"/me", "/answers"}
    assert [link for link in inside if not keeps(somebody.get(link, follow_redirects=True).text)] == []


def test_it_stays_through_what_is_done_on_the_team_page(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    browser_of("Ada")
    ada = study.person("Ada").id
    forms = re.findall(r'action="(/team/[^"]+)"', olga.get("/team?back=/d/pilot").text)
    assert forms
    assert all(action.endswith("?back=%2Fd%2Fpilot") for action in forms)
    for way, data in (("invite", {"name": "Grace"}), (f"{ada}/role", {"role": "expert"}), (f"{ada}/links", {}), (f"{ada}/deactivate", {})):
        assert keeps(olga.post(f"/team/{way}?back=/d/pilot", data=data, follow_redirects=True).text), way
    assert keeps(olga.get("/team/answers?back=/d/pilot").text)


def test_it_stays_when_own_settings_are_saved(browser_of: Callable[..., Browser]) -> None:
    ada = browser_of("Ada")
    assert keeps(ada.post("/me", data={"keys_on": "yes", "do": "usual", "back": "/d/pilot/annotate"}, follow_redirects=True).text)


def test_a_page_of_it_that_there_is_not_leads_back_to_it(browser_of: Callable[..., Browser]) -> None:
    page = browser_of("Olga", Role.OWNER).get("/d/pilot/images/99999")
    assert page.status_code == 404
    assert keeps(page.text)
    assert '<a class="button" href="/d/pilot">' in page.text


def test_a_renamed_one_stays_under_its_new_name_and_one_that_there_is_not_under_none(
    browser_of: Callable[..., Browser], study: Study
) -> None:
    olga = browser_of("Olga", Role.OWNER)
    rename_dataset(study.workspace, "pilot", "main study")
    assert '<a class="study" href="/d/main%20study">main study</a>' in olga.get("/team?back=/d/pilot").text
    for nowhere in ("/d/nowhere", "https://evil.test/d/pilot", "/team", ""):
        assert 'class="study"' not in olga.get("/team", params={"back": nowhere}).text
