"""Results are made on a thread of their own, in order, a bounded number ahead, and nothing of it outlives the block."""

import threading
from collections.abc import Callable

import pytest

from multilabelfy.inference.running.beside import beside

SECONDS = 60
"""After so long a test is given up: nothing here waits for a clock."""


def counting(until: int, made: list[int] | None = None) -> Callable[[], int | None]:
    """Gives 1, 2, 3, … and then None."""
    numbers = iter(range(1, until + 1))

    def make() -> int | None:
        number = next(numbers, None)
        if made is not None and number is not None:
            made.append(number)
        return number

    return make


def of_this_name(name: str) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == name]


def test_results_come_in_order_until_there_are_none() -> None:
    with beside(counting(5), "counts", 2) as numbers:
        assert list(numbers) == [1, 2, 3, 4, 5]

    assert of_this_name("counts") == []


def made_while_one_is_in_hand(room: float, n: int, weight: Callable[[int], float]) -> list[int]:
    """What is made before a second one is asked for, where n are expected."""
    made: list[int] = []
    enough = threading.Event()
    make = counting(100)

    def noted() -> int | None:
        number = make()
        made.append(number or 0)
        if number == n:
            enough.set()
        return number

    with beside(noted, "counts", room, weight) as numbers:
        assert next(numbers) == 1
        assert enough.wait(SECONDS)
    return made


def test_the_next_results_are_made_while_one_is_in_hand_but_no_more_than_there_is_room_for() -> None:
    assert made_while_one_is_in_hand(room=2, n=3, weight=lambda _: 1) == [1, 2, 3]


def test_large_results_leave_less_room_than_small_ones_but_one_may_always_wait() -> None:
    assert made_while_one_is_in_hand(room=9, n=4, weight=lambda number: number) == [1, 2, 3, 4]
    assert made_while_one_is_in_hand(room=1, n=2, weight=lambda _: 100) == [1, 2]


def test_an_error_comes_in_its_place() -> None:
    make = counting(2)

    def broken() -> int:
        number = make()
        if number is None:
            raise KeyboardInterrupt
        return number

    with beside(broken, "counts", 5) as numbers:
        assert [next(numbers), next(numbers)] == [1, 2]
        with pytest.raises(KeyboardInterrupt):
            next(numbers)


def test_whatever_ends_the_block_ends_the_thread() -> None:
    def break_off() -> None:
        with beside(counting(10**9), "counts", 1) as numbers:
            raise ZeroDivisionError(next(numbers))

    with pytest.raises(ZeroDivisionError):
        break_off()

    assert of_this_name("counts") == []
