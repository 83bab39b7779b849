"""Which images experts decide twice, and which the audit drew, can be told by nothing on their pages."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.deciding import LATER, again, agree, case, dispute, expert, say
from tests.studies import Study, ready_study
from tests.web.conftest import Browser

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import BLIND
from multilabelfy.refinement.cases.decision import Decision
from multilabelfy.refinement.model import EmptyReason
from multilabelfy.store.decisions import refinements
from multilabelfy.workflows.refining.desk import decide

UNUSABLE = EmptyReason.UNUSABLE


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path, protocol=replace(BLIND, two_expert_share=0.5, audit_share=1.0))
    yield ready
    ready.workspace.close()


def build(page: str) -> list[str]:
    """The elements of a page's case with the names of their attributes and their classes, in order: all but its words and numbers.

    Some labels have synonyms and some have none: those are left out too.
    """
    case = page[page.index("<refine-case") : page.index("</refine-case>")]
    case = re.sub(r"<small.*?</small>|<span class=\"quiet\">[^<]*</span>", "", case)
    return re.findall(r"</?[a-z][a-z0-9-]*|\b(?:class|role|type|name)=\"[^\"]*\"|\b(?:data|aria)-[a-z-]+(?==)", case)


def test_the_page_of_an_audited_image_is_built_like_that_of_a_disputed_one(browser_of: Callable[..., Browser], study: Study) -> None:
    for image in (0, 2):
        agree(study, image)
    for image in (1, 3):
        dispute(study, image)
    eve = browser_of("Eve", Role.EXPERT)
    pages = []
    for _ in range(4):
        pages.append(eve.get("/d/pilot/refine").text)
        say(study, "Eve", reason=UNUSABLE)
    builds = [build(page) for page in pages]
    assert all(one == builds[0] for one in builds)
    assert len(builds[0]) > 100
    for page in pages:
        assert not re.search(r"audit|two.experts|one.expert|policy|probabilit", page, re.IGNORECASE)


def test_a_second_expert_gets_the_page_that_the_first_one_got(browser_of: Callable[..., Browser], study: Study) -> None:
    agree(study, 0)
    first = browser_of("Eve", Role.EXPERT).get("/d/pilot/refine").text
    say(study, "Eve", 0, 1)
    second = browser_of("Fay", Role.EXPERT).get("/d/pilot/refine").text
    assert build(first) == build(second)
    assert "earlier-title" not in second  # where the votes would stand


def test_nor_does_the_reveal_tell_what_is_decided_twice(browser_of: Callable[..., Browser], study: Study) -> None:
    for image in range(5):
        dispute(study, image)
    eve = browser_of("Eve", Role.EXPERT)
    builds = []
    for n in range(5):
        found = case(study, "Eve")
        assert found is not None
        decision = Decision(f"blind-{n}", frozenset(), reason=UNUSABLE)
        decide(study.workspace, "pilot", expert(study, "Eve"), found.assignment, decision, LATER)
        builds.append(sorted(build(eve.get(f"/d/pilot/refine/{found.assignment}").text)))  # disputed labels stand anywhere
        again(study, "Eve", found.assignment, reason=UNUSABLE)
    with study.workspace.store.reading() as c:
        policies = {one.policy for one in refinements.iterate(c, study.dataset.id)}
    assert policies == {"one-expert", "two-experts"}
    assert all(one == builds[0] for one in builds)


def test_other_experts_decisions_stay_hidden_until_the_image_is_decided(browser_of: Callable[..., Browser], study: Study) -> None:
    agree(study, 0)
    say(study, "Eve", 0, 1)
    page = f"/d/pilot/images/{study.images[0].id}"
    fay, olga = browser_of("Fay", Role.EXPERT), browser_of("Olga", Role.OWNER)
    assert "What other experts decided appears once the image is decided." in fay.get(page).text
    assert "expert 1" not in fay.get(page).text
    assert "Eve" in olga.get(page).text
    say(study, "Fay", 0, 1)
    assert "expert 2" in fay.get(page).text
    assert "then decided by experts (audit)" in fay.get(page).text


def test_notes_open_after_the_own_decision_alike_on_every_image(browser_of: Callable[..., Browser], study: Study) -> None:
    """The third image goes to two experts, the others to one: where notes opened sooner on some, that would tell which."""
    for image in range(3):
        dispute(study, image)
    eve = browser_of("Eve", Role.EXPERT)
    refused = []
    for n in range(3):
        found = case(study, "Eve")
        assert found is not None
        note = {"id": f"note-number-{n}{n}", "text": "is it a toy?"}
        decide(study.workspace, "pilot", expert(study, "Eve"), found.assignment, Decision(f"b-{n}", frozenset(), reason=UNUSABLE), LATER)
        refused.append(eve.post(f"/d/pilot/refine/{found.assignment}/note", data=note).status_code)
        again(study, "Eve", found.assignment, reason=UNUSABLE)
        assert eve.post(f"/d/pilot/refine/{found.assignment}/note", data=note).status_code == 303
    assert refused == [403] * 3
    with study.workspace.store.reading() as c:
        assert len({one.policy for one in refinements.iterate(c, study.dataset.id)}) == 2


def test_three_who_differ_are_shown_to_the_owner_with_the_way_out(browser_of: Callable[..., Browser], study: Study) -> None:
    agree(study, 0)
    for who, label in (("Eve", 0), ("Fay", 1), ("Gus", 2)):
        say(study, who, label)
    olga = browser_of("Olga", Role.OWNER)
    assert "On 1 image three experts decided differently" in olga.get("/d/pilot").text
    page = f"/d/pilot/images/{study.images[0].id}"
    assert "one more decision will be final" in olga.get(page).text
    assert olga.post(f"{page}/reopen", data={"id": "a" * 32, "text": "please look again"}).status_code == 303
    assert "disputed" in olga.get(page).text


def test_the_disagreements_page_says_what_the_experts_decisions_say(browser_of: Callable[..., Browser], study: Study) -> None:
    agree(study, 0)
    olga = browser_of("Olga", Role.OWNER)
    assert "What the experts’ decisions say" not in olga.get("/d/pilot/disagreements").text
    for who in ("Eve", "Fay"):
        say(study, who, 0, 1)
    page = olga.get("/d/pilot/disagreements").text
    for measure in ("Equal sets, before the reveal", "Agreed images that are wrong", "Changed after the reveal"):
        assert measure in page
    assert "Based on 1 of 1 drawn image." in page
