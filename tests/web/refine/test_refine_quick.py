"""The quick mode without scripts: one label of one picture at a time, and an ordinary decision when the last one is answered."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.answering import answer, state_of
from tests.studies import Study, ready_study
from tests.web.conftest import Browser, Clock
from tests.web.refine.test_refine import dispute
from tests.web.refine.test_refine import fields as case_fields

from multilabelfy.annotation.model import Role, Vote
from multilabelfy.annotation.study.protocol import BLIND, PAPER
from multilabelfy.dataset.model import ImageState
from multilabelfy.refinement.model import EmptyReason, Refinement
from multilabelfy.store.decisions import refinements

PAGE = "/d/pilot/refine/quick"


def asked(page: str) -> str:
    """The label that is asked; empty where none is."""
    found = re.findall(r"Is “([^”]+)” valid here", page)
    return found[0] if found else ""


def say(browser: Browser, vote: str, address: str = PAGE) -> str:
    """Answer the question of a page; the address of the next one."""
    form = case_fields(browser.get(address).text)
    answered = browser.post(form["address"], data={"id": form["id"], "vote": vote})
    assert answered.status_code == 303, answered.text
    return answered.headers["location"]


def history(study: Study, image: int) -> list[Refinement]:
    """What experts decided on an image."""
    with study.workspace.store.reading() as c:
        return refinements.history(c, study.images[image].id)


def test_the_same_label_is_asked_over_all_its_pictures_before_the_next(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [2, 0], [0])  # the label 2 is in question in three pictures, 3 and 4 in one each
    dispute(study, 1, [2, 1], [1])
    dispute(study, 2, [2, 3, 4], [4])
    eve = browser_of("Eve", Role.EXPERT)
    labels = []
    while label := asked(eve.get(PAGE).text):
        labels.append(label)
        say(eve, "no")
    assert labels == ["Egyptian cat"] * 3 + ["lynx"]
    assert [history(study, image)[0].labels() for image in range(3)] == [(0,), (1,), (4,)]


def test_an_image_is_decided_with_its_last_label_and_says_what_was_shown(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [0, 1], [0, 2])
    eve = browser_of("Eve", Role.EXPERT)
    page = eve.get(PAGE).text
    assert asked(page) == "tiger cat"
    assert "1 yes" in page
    assert "1 no" in page
    assert ">tabby<" in page  # what all chose stands in view
    say(eve, "yes")
    assert state_of(study, 0) is ImageState.DISPUTED
    say(eve, "no")
    assert state_of(study, 0) is ImageState.REFINED
    [decision] = history(study, 0)
    assert decision.shown == (1, 2, 0)
    assert decision.answer_revealed == {0: Vote.YES, 1: Vote.YES, 2: Vote.NO}
    assert decision.answer_blind is None


def test_a_picture_without_a_valid_label_ends_in_its_whole_case_which_asks_why(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [0], [1])
    dispute(study, 3, [3], [4])
    eve = browser_of("Eve", Role.EXPERT)
    say(eve, "no")
    say(eve, "no")
    form = case_fields(page := eve.get(PAGE).text)
    assert "Which labels are valid?" in page
    assert re.search(r'name="none"[^>]* checked', page)
    answered = eve.post(form["address"], data={"id": form["id"], "none": "yes", "reason": "unusable"})
    assert answered.headers["location"] == PAGE  # and the quick mode goes on
    assert history(study, 0)[0].reason is EmptyReason.UNUSABLE
    assert asked(eve.get(PAGE).text) == "lynx"


def test_several_valid_labels_ask_how_they_relate_at_the_end(tmp_path: Path, clock: Clock) -> None:
    study = ready_study(tmp_path / "relation", protocol=replace(PAPER, relation_asked=True))
    dispute(study, 0, [0, 1], [0])
    eve = Browser(study, clock).sign_in("Eve", Role.EXPERT)
    say(eve, "yes")
    page = eve.get(PAGE).text
    assert "How do the valid labels relate?" in page
    assert len(re.findall(r'name="yes" value="\d+"[^>]* checked', page)) == 2
    study.workspace.close()


@pytest.fixture
def blind_study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path / "blind", protocol=replace(BLIND, audit_share=0.0, two_expert_share=0.0, relation_asked=False))
    yield ready
    ready.workspace.close()


def test_in_the_blind_style_every_label_is_asked_without_votes_and_the_reveal_comes_at_the_end(blind_study: Study, clock: Clock) -> None:
    answer(blind_study, "Ann", 0, [0, 1], note="a hint")
    answer(blind_study, "Bob", 0, [0])
    eve = Browser(blind_study, clock).sign_in("Eve", Role.EXPERT)
    labels = set()
    for _ in range(2):
        page = eve.get(PAGE).text
        labels.add(asked(page))
        assert "Earlier answers" not in page
        assert "a hint" not in page
        assert "All chose" not in page
        say(eve, "yes" if asked(page) == "tabby" else "no")
    assert labels == {"tabby", "tiger cat"}
    reveal = eve.get(PAGE).text
    assert "a hint" in reveal
    form = case_fields(reveal)
    eve.post(form["address"], data={"id": form["id"], "yes": ["0", "1"]})
    blind, decided = history(blind_study, 0)
    assert blind.answer_blind == {0: Vote.YES, 1: Vote.NO}
    assert decided.answer_revealed == {0: Vote.YES, 1: Vote.YES}
    assert set(blind.shown) == {0, 1}


def test_an_answer_is_taken_once_and_can_be_changed_on_the_way_back(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [0, 1], [0, 2])
    eve = browser_of("Eve", Role.EXPERT)
    form = case_fields(eve.get(PAGE).text)
    for _ in range(2):
        eve.post(form["address"], data={"id": form["id"], "vote": "yes"})
    back = eve.get(f"{PAGE}/previous").headers["location"]
    assert asked(eve.get(back).text) == "tiger cat"
    assert re.search(r'value="yes"[^>]* aria-current', eve.get(back).text)
    say(eve, "no", back)
    say(eve, "no")
    assert history(study, 0)[0].labels() == (0,)


def test_a_filter_narrows_the_questions(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [0], [1])
    dispute(study, 3, [3], [4])
    eve = browser_of("Eve", Role.EXPERT)
    assert asked(eve.get(f"{PAGE}?label=lynx").text) == "lynx"
    assert asked(eve.get(f"{PAGE}?label=lynx&other=remote+control").text) in {"lynx", "remote control"}
    assert "Nothing matches the filter" in eve.get(f"{PAGE}?label=espresso").text
    assert eve.get(f"{PAGE}?label=zzz").status_code == 422


def test_where_no_single_label_is_in_question_the_page_says_so(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [], [])  # they agree that none fits: the reason is missing
    page = browser_of("Eve", Role.EXPERT).get(PAGE).text
    assert "No single label to settle" in page
    assert "Refine whole pictures" in page


def test_left_for_later_the_picture_comes_back_before_the_end(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [0], [0, 1])
    dispute(study, 3, [3], [3, 4])
    eve = browser_of("Eve", Role.EXPERT)
    first = asked(eve.get(PAGE).text)
    eve.post(f"{case_fields(eve.get(PAGE).text)['address']}/later")
    assert asked(eve.get(PAGE).text) != first
    say(eve, "no")
    assert asked(eve.get(PAGE).text) == first


@pytest.mark.parametrize("wrong", [{"vote": "perhaps"}, {"vote": ""}, {"id": "?"}])
def test_what_does_not_fit_is_refused(browser_of: Callable[..., Browser], study: Study, wrong: dict[str, str]) -> None:
    dispute(study, 0, [0], [1])
    eve = browser_of("Eve", Role.EXPERT)
    form = case_fields(eve.get(PAGE).text)
    assert eve.post(form["address"], data={"id": form["id"], "vote": "yes", **wrong}).status_code == 422
    label = re.sub(r"/\d+$", "/29", form["address"])
    assert eve.post(label, data={"id": form["id"], "vote": "yes"}).status_code == 422  # a label that is not in question
    assert browser_of("Fay", Role.EXPERT).get(form["address"]).status_code == 403
    assert browser_of("Ada").get(PAGE).status_code == 403
