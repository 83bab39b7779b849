"""Comments reach owners, owners answer them, and whoever commented sees the answer."""

from collections.abc import Callable

import pytest
from tests.answering import answer
from tests.studies import NOW, Study
from tests.web.conftest import Browser

from multilabelfy.annotation.model import Outcome, Role
from multilabelfy.store.answers import annotations

PAGE = "/d/pilot/comments"
REPLY = {"id": "answer-number-one", "text": "Count it as a cat."}


def number_of(study: Study, who: str, image: int) -> int:
    """The number of what this person says of an image now."""
    with study.workspace.store.reading() as c:
        found = annotations.notes(c, study.dataset.id)
    person = study.person(who).id
    return next(number for number, said in found if said.annotator == person and said.image == study.images[image].id)


def test_only_owners_read_comments(browser_of: Callable[..., Browser]) -> None:
    assert browser_of("Ada").get(PAGE).status_code == 403
    assert browser_of("Eve", Role.EXPERT).get(PAGE).status_code == 403


def test_an_owner_finds_what_is_open_and_answers_it(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ann", 0, [0], note="is a toy a cat?")
    answer(study, "Bob", 1, outcome=Outcome.UNFIT)
    olga = browser_of("Olga", Role.OWNER)
    page = olga.get(PAGE).text
    assert "2 open" in page
    assert "is a toy a cat?" in page
    assert "unfit picture" in page
    number = number_of(study, "Ann", 0)
    for _ in range(2):  # sent twice, kept once
        assert olga.post(f"{PAGE}/{number}", data=REPLY).status_code == 303
    assert "is a toy a cat?" not in olga.get(PAGE).text
    answered = olga.get(f"{PAGE}?state=answered").text
    assert answered.count("Count it as a cat.") == 1
    assert "Bob" not in answered


def test_another_answer_of_the_same_page_is_a_further_answer(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ann", 0, [0], note="is a toy a cat?")
    olga = browser_of("Olga", Role.OWNER)
    number = number_of(study, "Ann", 0)
    for text in ("Count it as a cat.", "On second thoughts: do not.", "On second thoughts: do not."):
        assert olga.post(f"{PAGE}/{number}", data={**REPLY, "text": text}).status_code == 303
    answered = olga.get(f"{PAGE}?state=answered").text
    assert (answered.count("Count it as a cat."), answered.count("On second thoughts")) == (1, 1)


def test_the_annotator_sees_the_answer_once_as_new(browser_of: Callable[..., Browser], study: Study) -> None:
    ann = browser_of("Ann")
    answer(study, "Ann", 0, [0], note="is a toy a cat?")
    assert "There are no answers yet." in ann.get("/answers").text
    browser_of("Olga", Role.OWNER).post(f"{PAGE}/{number_of(study, 'Ann', 0)}", data=REPLY)
    assert "Replies to you (1)" in ann.get("/").text
    assert "Replies to you (1)" not in browser_of("Bob").get("/").text
    page = ann.get("/answers").text
    assert "Count it as a cat." in page
    assert ">new</span>" in page
    assert ">new</span>" not in ann.get("/answers").text
    assert "Replies to you (1)" not in ann.get("/").text


def test_another_comment_in_a_revision_is_open_again(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ann", 0, [0], note="is a toy a cat?")
    olga = browser_of("Olga", Role.OWNER)
    olga.post(f"{PAGE}/{number_of(study, 'Ann', 0)}", data=REPLY)
    answer(study, "Ann", 0, [0, 1], note="is a toy a cat?")  # the same words: still answered
    assert "Every comment is answered." in olga.get(PAGE).text
    answer(study, "Ann", 0, [0, 1], note="and a drawing?")
    page = olga.get(PAGE).text
    assert "and a drawing?" in page
    assert "Count it as a cat." in page  # what was answered before stands beside it


def test_filters_by_kind_and_states_for_nothing(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    assert "Nobody has commented yet." in olga.get(PAGE).text
    answer(study, "Ann", 0, [0], note="hm", now=NOW)
    assert "No comment matches." in olga.get(f"{PAGE}?kind=missing").text
    assert "hm" in olga.get(f"{PAGE}?kind=note").text
    assert olga.get(f"{PAGE}?kind=nonsense").status_code == 422


@pytest.mark.parametrize("wrong", [{"text": " "}, {"text": "x" * 3000}, {"id": "?"}])
def test_an_answer_that_does_not_fit_is_refused_and_kept_as_typed(
    browser_of: Callable[..., Browser], study: Study, wrong: dict[str, str]
) -> None:
    answer(study, "Ann", 0, [0], note="is a toy a cat?")
    olga = browser_of("Olga", Role.OWNER)
    refused = olga.post(f"{PAGE}/{number_of(study, 'Ann', 0)}", data={**REPLY, **wrong})
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text
    assert {**REPLY, **wrong}["text"] in refused.text
    assert olga.post(f"{PAGE}/99999", data=REPLY).status_code == 404
