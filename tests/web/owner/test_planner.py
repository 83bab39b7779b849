"""The planner: what more answers would bring, for owners alone."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.answering import answer
from tests.careless import careless_study
from tests.studies import Study, ready_study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role

PAGE = "/d/pilot/planner"
N_WAYS = 10


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    """Six people on 30 images; no test here answers anything."""
    ready = careless_study(tmp_path_factory.mktemp("careless"))
    yield ready
    ready.workspace.close()


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.EXPERT])
def test_only_owners_see_it(browser_of: Callable[..., Browser], role: Role) -> None:
    assert browser_of(f"Some {role.value}", role).get(PAGE).status_code == 403


def test_a_study_sees_its_place_and_what_each_way_to_ask_would_bring(browser_of: Callable[..., Browser]) -> None:
    olga = browser_of("Olga", Role.OWNER)
    page = olga.get(PAGE).text
    assert "if people erred as yours have so far, alone and together: 30 images, by 6 simulated studies of 150 images each." in page
    assert '<circle class="plan-today"' in page
    assert "answers an image today" in page
    rows = page.split("<tbody>")[1].split("</tbody>")[0]
    assert rows.count("<tr>") == N_WAYS
    assert "2 answers for every image; experts decide what is disputed" in rows
    assert "2 to 5 answers, until at most 0.4 wrong labels are expected</th>" in rows
    assert page.count('<circle class="plan-point fixed"') == 4 + 1  # and one in the key
    again = olga.get(PAGE).text
    assert again == page  # nobody answered since


def test_a_stated_error_level_replaces_the_own_answers(browser_of: Callable[..., Browser]) -> None:
    page = browser_of("Olga", Role.OWNER).get(f"{PAGE}?sensitivity=90&false_yes=2,5").text
    assert "if people erred as stated below: 30 images" in page
    assert 'value="90"' in page
    assert 'value="2,5"' in page
    assert "plan-today" not in page
    assert f'href="{PAGE}">Back to your own answers</a>' in page


@pytest.mark.parametrize(
    "written", ["sensitivity=5&false_yes=80", "sensitivity=many&false_yes=5", "sensitivity=80", "sensitivity=nan&false_yes=1"]
)
def test_what_is_no_error_level_is_refused_beside_the_form_and_kept_in_it(browser_of: Callable[..., Browser], written: str) -> None:
    page = browser_of("Olga", Role.OWNER).get(f"{PAGE}?{written}")
    assert page.status_code == 200
    assert "State two shares in percent, the first greater than the second, such as 80 and 5." in page.text
    assert 'aria-invalid="true"' in page.text
    assert f'value="{re.split("[=&]", written)[1]}"' in page.text


def test_disagreements_and_settings_lead_there(browser_of: Callable[..., Browser]) -> None:
    olga = browser_of("Olga", Role.OWNER)
    for page in ("/d/pilot/disagreements", "/d/pilot/settings"):
        assert f'href="{PAGE}"' in olga.get(page).text


def test_it_is_german_for_who_reads_german(browser_of: Callable[..., Browser]) -> None:
    page = browser_of("Olga", Role.OWNER).get(PAGE, headers={"Accept-Language": "de"}).text
    assert "2 Antworten für jedes Bild; über Strittiges entscheiden Fachleute" in page
    assert "2 bis 5 Antworten, bis höchstens 0,4 falsche Labels zu erwarten sind" in page


def test_before_the_first_answer_it_asks_for_an_error_level_and_after_it_warns(tmp_path: Path, clock: Clock) -> None:
    new = ready_study(tmp_path)
    olga = Browser(new, clock).sign_in("Olga", Role.OWNER)
    page = olga.get(PAGE).text
    assert "There are no answers yet: give an error level." in page
    assert "plan-figure" not in page
    assert "if people erred as stated below" in olga.get(f"{PAGE}?sensitivity=80&false_yes=5").text
    answer(new, "Ada", 0, [0])
    page = olga.get(PAGE).text
    assert "So far 1 image has answers, too few to tell how people err." in page
    assert "Hardly any label has three votes" in page
    assert "Nobody answers an image twice: some of these ways need more annotators than you have." in page
    new.workspace.close()
