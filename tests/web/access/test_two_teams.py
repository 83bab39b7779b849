"""Whoever puts another team's numbers into the addresses of their own dataset learns nothing, at every route and in every role."""

import re
from collections.abc import Callable, Mapping

import pytest
from httpx2 import Response
from sqlalchemy import insert
from tests.studies import NOW, Study, label_space
from tests.web.conftest import Browser, Clock
from tests.web.routes import OF_DATASETS, Asked

from multilabelfy.annotation.model import Role, Task
from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.dataset.model import Image
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.schema import assignments
from multilabelfy.web.app import create_app
from multilabelfy.workflows.team import people
from multilabelfy.workflows.team.people import RANK

JSON = {"Accept": "application/json"}
CANARY = "canary"
NOBODYS = 98_765
OWN_NUMBERS = {"index", "label", "version"}
"""Numbers that each dataset counts for itself: there are no others' among them."""
FORM = {"id": "f" * 32, "yes": "0", "vote": "yes", "text": "a text", "why": "the ears", "kind": "test", "role": "expert", "picture": "1"}
QUERY = {"q": "cat", "move": "first"}
TAKES_NUMBERS = [asked for asked in OF_DATASETS if set(re.findall(r"\{(\w+):int\}", asked.path)) - OWN_NUMBERS]


@pytest.fixture
def theirs(study: Study) -> Mapping[str, int]:
    """The numbers of another team's image, assignment and person, by the parameters that take such; all that is theirs is a canary."""
    people.invite(study.workspace, "Olga", Role.OWNER, NOW)
    for role in Role:
        people.invite(study.workspace, f"One {role.value}", role, NOW, dataset="pilot")
    with study.workspace.store.writing() as c:
        root, space = f"/{CANARY}/root", label_space(5)
        added = datasets.add(c, name=f"{CANARY}-set", images_root=root, reference_root=None, labels=space, protocol=PAPER, seed=1, now=NOW)
        images.add_many(c, added, [Image(f"{CANARY}.png", 0)], token=lambda _: f"{CANARY}-token", queue_place=lambda _: 0)
        image = next(images.iterate(c, added)).id
    ann = people.invite(study.workspace, f"{CANARY} Ann", Role.OWNER, NOW, dataset=f"{CANARY}-set").person.id
    held = {"dataset_id": added, "image_id": image, "annotator_id": ann, "task": Task.ANNOTATE.value, "state": "open", "policy": "queue"}
    times = {"handed_at": NOW, "expires_at": NOW, "inclusion_probability": 1.0}
    with study.workspace.store.writing() as c:
        assignment = c.execute(insert(assignments).values(**held, **times).returning(assignments.c.id)).scalar_one()
    return {"image": image, "assignment": assignment, "someone": ann, "number": assignment}


@pytest.fixture
def signed_in(study: Study, theirs: Mapping[str, int], clock: Clock) -> Callable[[str], Browser]:
    """A browser in which this person is signed in."""
    app = create_app(study.workspace, clock)

    def as_person(name: str) -> Browser:
        browser = Browser(study, clock, app)
        link = people.invite(study.workspace, name, None, NOW).link
        assert browser.post(link[link.index("/sign-in/") :]).status_code == 303
        return browser

    return as_person


def told(browser: Browser, asked: Asked, numbers: Mapping[str, int]) -> tuple[Response, tuple[int, str, str]]:
    """What is answered in one's own dataset to an address with these numbers, and the same without the numbers."""
    values = {"dataset": "pilot"} | dict.fromkeys(OWN_NUMBERS, "0") | {name: str(number) for name, number in numbers.items()}
    address = re.sub(r"\{(\w+)(:\w+)?\}", lambda found: values[found[1]], asked.path)
    answered = browser.request(asked.method, address, params=QUERY, data=FORM if asked.method == "POST" else None, headers=JSON)
    body, way = (
        re.sub(rf"\b({'|'.join(map(str, numbers.values()))})\b", "N", text)
        for text in (answered.text, answered.headers.get("location", ""))
    )
    return answered, (answered.status_code, body, way)


@pytest.mark.parametrize("role", Role)
def test_a_number_of_another_team_is_told_from_none_by_no_route(
    role: Role, theirs: Mapping[str, int], signed_in: Callable[[str], Browser]
) -> None:
    browser, nobodys = signed_in(f"One {role.value}"), dict.fromkeys(theirs, NOBODYS)
    assert len(TAKES_NUMBERS) > 20
    for asked in TAKES_NUMBERS:
        if RANK[role] < RANK[asked.role]:
            continue
        answered, as_theirs = told(browser, asked, theirs)
        assert as_theirs == told(browser, asked, nobodys)[1], asked
        assert answered.status_code >= 400, asked
        assert CANARY not in answered.text + str(answered.headers), asked
