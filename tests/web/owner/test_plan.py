"""The analysis plan's page: owners write, freeze and amend; its hash is that of the file that it offers."""

import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest
from tests.answering import answer
from tests.studies import NOW, Study
from tests.web.conftest import Browser

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.analysis_plan import default_sections
from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.workflows.owning.configuring import change_protocol

PAGE = "/d/pilot/plan"


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.EXPERT])
def test_only_owners_see_it(browser_of: Callable[..., Browser], role: Role) -> None:
    somebody = browser_of("Eve", role)
    assert somebody.get(PAGE).status_code == 403
    assert somebody.post(PAGE, data={"do": "freeze"}).status_code == 403
    assert somebody.get(f"{PAGE}/1").status_code == 403


def test_before_the_first_it_says_so_and_offers_the_defaults(browser_of: Callable[..., Browser]) -> None:
    page = browser_of("Olga", Role.OWNER).get(PAGE).text
    assert "No plan is frozen." in page
    assert "a plan that is frozen now was there before the first answer" in page
    assert page.count("<textarea") == len(default_sections())
    assert page.count("<h1>") == 1


def test_it_is_frozen_with_its_hash_and_amended_openly(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    assert olga.post(PAGE, data={**default_sections(), "measures": "one", "do": "save"}).status_code == 303
    assert "This draft is saved, and not frozen." in olga.get(PAGE).text
    assert olga.post(PAGE, data={**default_sections(), "measures": "one", "do": "freeze"}).status_code == 303
    page = olga.get(PAGE).text
    assert "before the first answer, Olga" in page
    [shown] = re.findall(r"\b[0-9a-f]{64}\b", page)
    file = olga.get(f"{PAGE}/1")
    assert sha256(file.content).hexdigest() == shown
    assert "attachment" in file.headers["Content-Disposition"]
    answer(study, "Ada", 0, [0])
    olga.post(PAGE, data={**default_sections(), "measures": "two", "do": "freeze"})
    page = olga.get(PAGE).text
    assert "Amendment 1" in page
    assert "after 1 answer," in page
    assert len(set(re.findall(r"\b[0-9a-f]{64}\b", page))) == 2
    assert sha256(olga.get(f"{PAGE}/1").content).hexdigest() == shown


def test_what_does_not_fit_stays_in_the_form_beside_its_reason(browser_of: Callable[..., Browser]) -> None:
    page = browser_of("Olga", Role.OWNER).post(PAGE, data={**default_sections(), "toys": "## Toys", "do": "freeze"})
    assert page.status_code == 422
    assert "## Toys" in page.text
    assert "Headings here begin with ###" in page.text
    assert page.text.count('aria-invalid="true"') == 1


def test_freezing_twice_without_a_change_is_refused(browser_of: Callable[..., Browser]) -> None:
    olga = browser_of("Olga", Role.OWNER)
    olga.post(PAGE, data={**default_sections(), "do": "freeze"})
    page = olga.post(PAGE, data={**default_sections(), "do": "freeze"})
    assert page.status_code == 422
    assert "change something to amend it" in page.text


def test_a_version_that_is_not_there_is_not_found(browser_of: Callable[..., Browser]) -> None:
    assert browser_of("Olga", Role.OWNER).get(f"{PAGE}/3").status_code == 404


def test_the_settings_lead_to_it(browser_of: Callable[..., Browser]) -> None:
    assert f'href="{PAGE}"' in browser_of("Olga", Role.OWNER).get("/d/pilot/settings").text


def test_a_change_of_the_policy_asks_for_an_amendment(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    adaptive = replace(PAPER, overlap_floor=2, overlap_cap=5, overlap_bound=0.2, panel_share=0.25)
    change_protocol(study.workspace, "pilot", adaptive, NOW)
    olga.post(PAGE, data={**default_sections(), "do": "freeze"})
    page = olga.get(PAGE).text
    assert "Policy and stopping rule: Every image is put before at least 2 annotators." in page
    assert "A panel of 25% of the images" in page
    assert "The protocol has changed" not in page
    change_protocol(study.workspace, "pilot", replace(adaptive, overlap_bound=0.1), NOW)
    assert "(Wrong labels that are expected of an image, %): freeze an amendment" in olga.get(PAGE).text
    olga.post(PAGE, data={**default_sections(), "do": "freeze"})
    page = olga.get(PAGE).text
    assert "Amendment 1" in page
    assert "The protocol has changed" not in page
