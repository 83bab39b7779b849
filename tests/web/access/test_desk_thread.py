"""The thread on which a process takes answers, one after another."""

import asyncio
import threading
from contextvars import ContextVar
from functools import partial

import pytest
from tests.loops import on_a_loop_of_its_own

from multilabelfy.errors import NotAllowed, StoreUnavailable
from multilabelfy.web.access.desk_thread import DeskThread

WHO: ContextVar[str] = ContextVar("who", default="nobody")


def test_answers_are_taken_one_at_a_time_by_one_thread_in_the_order_in_which_they_came() -> None:
    at_work, order, threads = threading.Lock(), [], set()

    def work(number: int) -> int:
        assert at_work.acquire(blocking=False), "somebody else is at work"
        order.append(number)
        threads.add(threading.get_ident())
        at_work.release()
        return 2 * number

    async def all_at_once() -> list[int]:
        desk = DeskThread()
        return await asyncio.gather(*[desk.run(partial(work, number)) for number in range(20)])

    assert on_a_loop_of_its_own(all_at_once()) == [2 * number for number in range(20)]
    assert (order, len(threads)) == ([*range(20)], 1)
    assert threading.get_ident() not in threads


def test_an_error_reaches_whoever_asked_and_stops_nobody_else() -> None:
    def refused() -> None:
        raise NotAllowed("This is somebody else's.")

    async def both() -> str:
        desk = DeskThread()
        with pytest.raises(NotAllowed, match="somebody else's"):
            await desk.run(refused)
        return await desk.run(lambda: "taken")

    assert on_a_loop_of_its_own(both()) == "taken"


def test_work_knows_whose_request_it_is() -> None:
    async def as_ada() -> str:
        WHO.set("Ada")
        return await DeskThread().run(WHO.get)

    assert on_a_loop_of_its_own(as_ada()) == "Ada"


def test_whoever_waits_too_long_is_told_so_and_nothing_is_done() -> None:
    goes_on, done = threading.Event(), []

    async def two() -> None:
        desk = DeskThread(patience=0.01)
        first = asyncio.create_task(desk.run(goes_on.wait))
        await asyncio.sleep(0)
        try:
            with pytest.raises(StoreUnavailable, match="keep the store busy"):
                await desk.run(lambda: done.append("second"))
        finally:
            goes_on.set()
        assert await first, "whoever is at work is waited for"
        await desk.run(lambda: done.append("third"))

    on_a_loop_of_its_own(two())
    assert done == ["third"]


def test_a_request_that_is_given_up_is_not_mistaken_for_a_busy_store() -> None:
    goes_on = threading.Event()

    async def given_up() -> None:
        desk = DeskThread()
        first = asyncio.create_task(desk.run(goes_on.wait))
        second = asyncio.create_task(desk.run(lambda: None))
        await asyncio.sleep(0)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        goes_on.set()
        assert await first

    on_a_loop_of_its_own(given_up())
