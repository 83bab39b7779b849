"""Whoever only looks takes nothing away; whoever waits learns how many pictures others have, until when, and who, unless it is blind."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.studies import NOW, Study, ready_study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import BLIND, PAPER, AnnotationProtocol
from multilabelfy.store.dataset import progress

PAGE = "/d/pilot/annotate"


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
