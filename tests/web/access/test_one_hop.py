"""Routes that annotators and experts wait for recognise the person on the thread that handles the request, and refuse as all others do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import anyio.to_thread
import fastapi.routing
import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from tests.studies import Study, look_at_all
from tests.web.annotate.test_annotate import PAGE, form_in
from tests.web.conftest import Browser, Clock
from tests.web.refine.test_refine import PAGE as REFINE
from tests.web.refine.test_refine import dispute, fields

from multilabelfy.annotation.model import Annotator, Role
from multilabelfy.web.access.access import AnyExpert, below
from multilabelfy.web.access.desk_thread import DeskThread
from multilabelfy.web.access.one_hop import AskedPerson, recognising
from multilabelfy.web.access.sessions import COOKIE
from multilabelfy.web.annotate import annotate
from multilabelfy.web.refine import quick, refine, talk

JSON = {"Accept": "application/json"}
TOO_MANY_FIELDS = "&".join(f"field{i}=1" for i in range(501))
FORM = {"Content-Type": "application/x-www-form-urlencoded", **JSON}


def test_an_answer_takes_one_thread(study: Study, browser_of: Callable[..., Browser]) -> None:
    look_at_all(study)
    ada = browser_of("Ada")
    filled = form_in(ada.get(PAGE).text)
    ada.get(f"{PAGE}/ahead?held=1")
    with hops() as made:
        said = {**filled, "id": "answer-00000001", "outcome": "none", "held": "1.2.3.4"}
        answer = ada.post(said.pop("action"), data=said, headers=JSON)
    assert answer.status_code == 200, answer.text
    assert len(made) == 1


def test_a_decision_takes_one_thread_and_nothing_of_what_fastapi_prepares(
    study: Study, browser_of: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    dispute(study, 0, [0], [1])
    eve = browser_of("Eve", Role.EXPERT)
    form = fields(eve.get(f"{REFINE}?label=k00000").text)
    monkeypatch.setattr(fastapi.routing, "solve_dependencies", never)
    with hops() as made:
        decided = eve.post(form["address"], data={"id": form["id"], "yes": ["1"]})
    assert (decided.status_code, decided.headers["location"]) == (303, f"{REFINE}?label=k00000")
    assert len(made) == 1


@pytest.mark.parametrize(
    ("router", "role"), [(annotate.router, Role.ANNOTATOR), *((of.router, Role.EXPERT) for of in (refine, quick, talk))]
)
def test_every_route_of_a_desk_still_names_its_role(router: APIRouter, role: Role) -> None:
    routes = [route for route in router.routes if isinstance(route, APIRoute)]
    asked = [[part.call.role for part in below(route.dependant) if isinstance(part.call, AskedPerson)] for route in routes]
    assert asked == [[role]] * len(routes)


def test_a_role_is_kept_and_the_person_comes_as_they_are_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    def handler(number: int, person: AnyExpert) -> tuple[int, Annotator]:
        return number, person

    handled = recognising(handler)
    ada = Annotator.__new__(Annotator)
    assert handled(number=7, person=lambda: ada) == (7, ada)
    (asked,) = [part.dependency for part in handled.__signature__.parameters["person"].annotation.__metadata__]  # type: ignore[attr-defined]
    assert asked == AskedPerson(Role.EXPERT)


def test_an_answer_needs_nothing_of_what_fastapi_prepares_for_everything(
    study: Study, browser_of: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    look_at_all(study)
    ada = browser_of("Ada")
    filled = form_in(ada.get(PAGE).text)
    monkeypatch.setattr(fastapi.routing, "solve_dependencies", never)
    assert ada.post(filled.pop("action"), data={**filled, "outcome": "none"}, headers=JSON).status_code == 200
    assert ada.get(f"{PAGE}/1").status_code == 200


def test_a_number_that_no_row_has_is_not_found_on_a_route_that_gathers_its_arguments(browser_of: Callable[..., Browser]) -> None:
    ada = browser_of("Ada")
    assert [ada.get(f"{PAGE}/{number}", headers=JSON).status_code for number in (2**31, 10**20)] == [404] * 2


def test_a_handler_on_the_event_loop_is_refused() -> None:
    async def handler(person: AnyExpert) -> None: ...

    with pytest.raises(TypeError, match="plain `def`"):
        recognising(handler)


def test_a_form_of_somebody_without_a_session_is_not_read(study: Study) -> None:
    stranger = Browser(study, Clock())
    assert stranger.post(f"{PAGE}/1", content=TOO_MANY_FIELDS, headers=FORM).status_code == 401


def test_an_invented_session_is_refused_on_every_route_of_the_desk(study: Study) -> None:
    stranger = Browser(study, Clock())
    stranger.cookies.set(COOKIE, "invented")
    for address in ("", "/ahead", "/search?assignment=1&q=cat", "/previous", "/answered?of=1", "/shell", "/1", "/1/sheet"):
        assert stranger.get(f"{PAGE}{address}", headers=JSON).status_code == 401, address
    for address in ("/1", "/1/later"):
        assert stranger.post(f"{PAGE}{address}", data={"id": "answer-00000001"}, headers=JSON).status_code == 401, address


async def never(**_: Any) -> None:
    raise AssertionError("FastAPI was asked")


@contextmanager
def hops() -> Iterator[list[object]]:
    """The pieces of work that are given to a thread meanwhile."""
    made: list[object] = []
    run_sync, run = anyio.to_thread.run_sync, DeskThread.run

    async def noted(work: Callable[..., Any], *args: Any, **options: Any) -> Any:
        made.append(work)
        return await run_sync(work, *args, **options)

    async def noted_at_desk(desk: DeskThread, work: Callable[[], Any]) -> Any:
        made.append(work)
        return await run(desk, work)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(anyio.to_thread, "run_sync", noted)
        patch.setattr(DeskThread, "run", noted_at_desk)
        yield made
