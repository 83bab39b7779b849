"""An assignment is its holder's alone, at every address that names one, whoever else asks: on both desks, and in another dataset."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from tests.answering import answer
from tests.studies import NOW, Study
from tests.web.access.test_teams import OTHER, add_dataset
from tests.web.conftest import Browser, Clock
from tests.web.routes import OF_DATASETS, Asked

from multilabelfy.annotation.assignment import SOMEBODY_ELSES, Assignment
from multilabelfy.annotation.model import AssignmentId, Role
from multilabelfy.store.handing_out import assignments
from multilabelfy.web.app import create_app
from multilabelfy.workflows.team import teams
from multilabelfy.workflows.team.people import RANK

FORM = {"id": "an-answer-of-another", "yes": "0", "vote": "yes", "text": "This one is hard."}
"""What each form of both desks takes: so that nothing else is refused."""
NAMING = [
    asked
    for asked in OF_DATASETS
    if ("{assignment" in asked.path and "/feedback" not in asked.path) or asked.path.endswith(("annotate/search", "refine/search"))
]
"""All that name an assignment but practice's feedback, which is closed to its holder too unless they practise."""
AT_THE_DESKS = [asked for asked in NAMING if "/neighbours/" not in asked.path]


@dataclass
class Held:
    """A study in which Ed, an expert, holds one assignment on each desk; others annotate and refine there, too."""

    study: Study
    clock: Clock
    on_desk: Mapping[str, int]

    def browser(self, name: str, role: Role) -> Browser:
        """A browser in which this person is signed in."""
        return Browser(self.study, self.clock).sign_in(name, role)

    def answers(self, browser: Browser, asked: Asked, dataset: str = "pilot", desk: str = "", number: int = 0) -> tuple[int, str]:
        """What is answered to whoever asks for Ed's assignment there (or for the one on this desk, or for a number), and why."""
        number = number or self.on_desk[desk or ("refine" if "/refine" in asked.path else "annotate")]
        query = {"assignment": str(number), "q": "cat"}
        address = asked.in_dataset(dataset, str(number)).replace("/999", "/0")
        answered = browser.request(asked.method, address, params=query, data=FORM, headers={"Accept": "application/json"})
        return answered.status_code, answered.text

    def rows(self) -> list[Assignment]:
        """Ed's assignments as they stand."""
        with self.study.workspace.store.reading() as c:
            return [assignments.get(c, AssignmentId(number)) for number in self.on_desk.values()]


@pytest.fixture
def held(study: Study, clock: Clock) -> Held:
    for who, chosen in (("Ann", 0), ("Bob", 1)):
        answer(study, who, 0, [chosen])
    clock.forward(hours=2)  # what they hold besides comes back
    ed = Browser(study, clock, create_app(study.workspace, clock)).sign_in("Ed", Role.EXPERT)
    for desk in ("annotate", "refine"):
        ed.post(f"/d/pilot/{desk}/begin")
    pages = {desk: ed.get(f"/d/pilot/{desk}").text for desk in ("annotate", "refine")}
    return Held(study, clock, {desk: int(re.findall(rf'action="/d/pilot/{desk}/(\d+)', page)[0]) for desk, page in pages.items()})


@pytest.mark.parametrize("role", Role)
def test_whatever_names_an_assignment_is_closed_to_everybody_but_its_holder(held: Held, role: Role) -> None:
    before, nosy, nobodys = held.rows(), held.browser("Nosy", role), 98_765
    assert len(NAMING) == 17
    for asked in NAMING:
        if RANK[role] >= RANK[asked.role]:
            status, why = held.answers(nosy, asked)
            assert status == 403, asked
            assert any(words in why for words in SOMEBODY_ELSES.values()), asked
            assert held.answers(nosy, asked, number=nobodys) == (status, why), asked
    assert held.rows() == before


def test_ones_own_assignment_is_none_on_the_other_desk_or_in_another_dataset(held: Held) -> None:
    before = held.rows()
    add_dataset(held.study)
    teams.add_person(held.study.workspace, OTHER, "Ed", Role.EXPERT, NOW)
    ed = held.browser("Ed", Role.EXPERT)
    for asked in AT_THE_DESKS:
        other_desk = "annotate" if "/refine" in asked.path else "refine"
        assert held.answers(ed, asked, desk=other_desk)[0] == 403, asked
    for asked in NAMING:
        assert held.answers(ed, asked, dataset=OTHER)[0] == 403, asked
    assert held.rows() == before


def test_practice_tells_somebody_elses_picture_from_none_no_more(held: Held) -> None:
    nosy = held.browser("Nosy", Role.ANNOTATOR)
    [asked] = [asked for asked in OF_DATASETS if "/feedback" in asked.path]
    assert len({held.answers(nosy, asked, number=number) for number in (*held.on_desk.values(), 98_765)}) == 1


def test_its_holder_is_let_in_at_each_of_these_addresses(held: Held) -> None:
    ed = held.browser("Ed", Role.EXPERT)
    looking = [asked for asked in NAMING if asked.method == "GET"]
    assert {held.answers(ed, asked)[0] for asked in looking} <= {200, 204, 303}
