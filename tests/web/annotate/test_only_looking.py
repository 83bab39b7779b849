"""Whoever only looks takes nothing away; whoever waits learns how many pictures others have, until when, and who, unless it is blind."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.answering import answer
from tests.studies import NOW, Study, ready_study
from tests.web.conftest import Browser, Clock

import multilabelfy.web
from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import BLIND, PAPER, AnnotationProtocol
from multilabelfy.store.dataset import progress

PAGE = "/d/pilot/annotate"
TEMPLATES = Path(multilabelfy.web.__file__).parent / "templates"
TO_OWNERS = ("owner", "account", "saving")  # and to whoever runs the server: one cannot sign in, or work without a connection


def n_held(study: Study) -> dict[str, int]:
    with study.workspace.store.reading() as c:
        return {str(held.person): held.n_images for held in progress.held_now(c, study.dataset.id, NOW)}


def test_an_owners_look_hands_out_nothing_until_they_begin(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    assert "Annotate pictures yourself" in olga.get(PAGE).text
    assert n_held(study) == {}
    assert olga.post(f"{PAGE}/begin").headers["location"] == PAGE
    assert 'data-assignment="' in olga.get(PAGE).text
    assert list(n_held(study).values()) == [1]


def test_nor_does_it_take_what_others_left_lying(browser_of: Callable[..., Browser], study: Study, clock: Clock) -> None:
    for name in ("Ada", "Bob"):
        holder = browser_of(name)
        holder.get(PAGE)
        holder.get(f"{PAGE}/ahead?held=0")
    clock.forward(days=1)
    assert "Annotate pictures yourself" in browser_of("Olga", Role.OWNER).get(PAGE).text


@pytest.mark.parametrize(("page", "listens"), [("/d/pilot/refine", "refine-case"), ("/d/pilot/refine/quick", "quick-question")])
def test_nor_does_an_owners_look_take_a_case_from_experts(
    browser_of: Callable[..., Browser], study: Study, page: str, listens: str
) -> None:
    answer(study, "Ada", 0, [0])
    answer(study, "Bob", 0, [1])
    olga = browser_of("Olga", Role.OWNER)
    for look in (page, f"{page}?label=tiger+cat"):
        assert "Decide on pictures yourself" in olga.get(look).text
        assert f"<{listens}" not in olga.get(look).text
    assert str(study.person("Olga").id) not in n_held(study)
    assert "Decide on pictures yourself" not in olga.get(f"{page}?label=lynx").text  # nothing is there to begin with
    assert f'action="{page}/begin?label=tiger+cat"' in olga.get(f"{page}?label=tiger+cat").text
    assert olga.post(f"{page}/begin?label=tiger+cat").headers["location"] == f"{page}?label=tiger+cat"
    assert f"<{listens}" in olga.get(page).text
    assert n_held(study)[str(study.person("Olga").id)] == 1


def test_an_experts_first_look_is_their_first_case(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ada", 0, [0])
    answer(study, "Bob", 0, [1])
    assert "<refine-case" in browser_of("Eve", Role.EXPERT).get("/d/pilot/refine").text


def test_an_annotators_first_look_is_their_first_picture(browser_of: Callable[..., Browser]) -> None:
    assert 'data-assignment="' in browser_of("Ada").get(PAGE).text


@pytest.fixture(params=[PAPER, BLIND], ids=["open", "blind"])
def small(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Study, AnnotationProtocol]]:
    ready = ready_study(tmp_path, protocol=request.param, n_images=2)
    yield ready, request.param
    ready.workspace.close()


def test_who_waits_learns_for_whom_unless_it_is_blind(small: tuple[Study, AnnotationProtocol]) -> None:
    study, protocol = small
    for name in ("Ada", "Bob", "Cem")[: protocol.overlap]:
        holder = Browser(study, Clock()).sign_in(name)
        holder.get(PAGE)
        holder.get(f"{PAGE}/ahead?held=0")
    waiting = Browser(study, Clock()).sign_in("Dee").get(PAGE).text
    assert "until 6 May 2030" in waiting
    assert ("Ada has 2 images" in waiting) == (protocol is PAPER)
    olga = Browser(study, Clock()).sign_in("Olga", Role.OWNER)
    assert "Ada has 2 images" in olga.get(PAGE).text


@pytest.mark.parametrize("role", list(Role))
def test_only_owners_are_told_of_commands(tmp_path: Path, role: Role) -> None:
    study = ready_study(tmp_path, proposed=False)
    somebody = Browser(study, Clock()).sign_in("Somebody", role)
    for page in ("/", "/d/pilot", PAGE):
        assert role is Role.OWNER or "multilabelfy " not in somebody.get(page).text, page
    study.workspace.close()


def test_where_others_may_read_too_a_command_stands_for_owners_alone() -> None:
    """Read off the templates: the text before a command asks who reads it, and nothing closes that question before the command."""
    loose = []
    for template in TEMPLATES.rglob("*.html"):
        if template.relative_to(TEMPLATES).parts[0] not in TO_OWNERS:
            for before in template.read_text(encoding="utf-8").split("<code>multilabelfy ")[:-1]:
                question = before.rpartition("is_owner %}")[2]
                loose += [template.name] if len(question) == len(before) or "{% endif %}" in question else []
    assert loose == []
