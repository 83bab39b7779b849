"""The page about annotators: concerns with their evidence, for owners alone."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.answering import answer
from tests.careless import N_IMAGES, TEAM, answer_all, careless_study
from tests.studies import NOW, Study, ready_study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role

PAGE = "/d/pilot/annotators"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    """Bob never chooses, and Cleo and Finn answer alike; no test here answers anything."""
    ready = careless_study(tmp_path_factory.mktemp("careless"))
    yield ready
    ready.workspace.close()


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.EXPERT])
def test_only_owners_see_it(browser_of: Callable[..., Browser], role: Role) -> None:
    somebody = browser_of(f"Some {role.value}", role)
    assert somebody.get(PAGE).status_code == 403
    if role is Role.EXPERT:
        assert PAGE not in somebody.get("/d/pilot/disagreements").text


def test_a_concern_is_a_sentence_with_counts_and_pictures_to_look_at(browser_of: Callable[..., Browser], study: Study) -> None:
    page = browser_of("Olga", Role.OWNER).get(PAGE).text
    assert "Something to look at for 1 person and 1 pair." in page
    bob = page.split("<h2>Bob</h2>")[1].split('</li>\n<li class="someone')[0]
    assert "Chose no label in a run of 30 answers, out of 30." in bob
    assert bob.count(f'/d/pilot/images/{study.images[0].id}"') > 0
    assert bob.count("<img ") == 10
    assert "Ada" not in bob


def test_everybody_stands_there_once_those_with_a_concern_first(browser_of: Callable[..., Browser]) -> None:
    page = browser_of("Olga", Role.OWNER).get(PAGE).text
    places = [page.index(f"<h2>{name}</h2>") for name in ("Bob", *sorted(set(TEAM) - {"Bob"}))]
    assert places == sorted(places)
    assert page.count("yes where valid</dt>") == len(TEAM)


def test_pairs_stand_below_those_who_answer_alike_first(browser_of: Callable[..., Browser]) -> None:
    page = browser_of("Olga", Role.OWNER).get(PAGE).text.split("Who errs alike")[1]
    assert "votes on a label are worth at most" in page
    assert "<h3>Cleo and Finn</h3>" in page
    assert "Answered alike on 150 of the 150 labels that both saw (images: 30)" in page
    rows = page.split("<tbody>")[1].split("</tbody>")[0]
    assert rows.count("<tr>") == 15
    assert rows.index("Cleo and Finn") < rows.index("Ada and Bob")


def test_disagreements_and_the_datasets_team_lead_there(browser_of: Callable[..., Browser]) -> None:
    olga = browser_of("Olga", Role.OWNER)
    for page in ("/d/pilot/disagreements", "/d/pilot/team"):
        assert f'href="{PAGE}"' in olga.get(page).text


def test_sentences_and_figures_are_german_for_who_reads_german(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    page = olga.get(PAGE, headers={"Accept-Language": "de"}).text
    assert "Wählte in einer Folge von 30 Antworten (von 30) kein Label." in page
    assert "somebody who looks" not in page


def test_before_the_first_answer_it_says_what_will_come_and_after_it_that_it_is_too_few(tmp_path: Path, clock: Clock) -> None:
    new = ready_study(tmp_path)
    page = Browser(new, clock).sign_in("Olga", Role.OWNER).get(PAGE)
    assert page.status_code == 200
    assert "Nobody has cast a vote yet." in page.text
    answer(new, "Ada", 0, [0])
    answer(new, "Bob", 0, [1])
    page = Browser(new, clock).sign_in("Olga", Role.OWNER).get(PAGE)  # another server, which keeps no figures from before
    assert page.text.count("Too few to tell: with fewer than 20 answers, nothing is said.") == 2
    assert "<p>Too few answers to tell.</p>" in page.text
    assert "Nothing stands out." not in page.text
    assert "Hardly any label has three votes" in page.text
    new.workspace.close()


def test_of_one_person_it_says_that_nobody_can_be_compared(tmp_path: Path, clock: Clock) -> None:
    alone = ready_study(tmp_path, n_images=N_IMAGES)
    answer_all(alone, "Bob", TEAM["Bob"], NOW)
    page = Browser(alone, clock).sign_in("Olga", Role.OWNER).get(PAGE).text
    assert re.search(r"That is out of \d+ tests? of people; .* No two people share enough labels to be compared\.", page)
    assert "0 tests" not in page
    alone.workspace.close()
