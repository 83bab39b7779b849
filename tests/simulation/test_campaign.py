"""Several people at work at once: turns come in the order in which they begin, each at the person's own pace."""

from datetime import UTC, datetime, timedelta

from multilabelfy.simulation.campaign import campaign

START = datetime(2030, 5, 6, 8, 0, tzinfo=UTC)
PACE = {0: 10.0, 1: 25.0}


def begun(n_turns: list[int], pile: list[str], stagger: float = 0.0) -> list[tuple[int, str, float]]:
    """Who took what from the pile, and how many seconds after the start."""

    def ask(person: int, now: datetime) -> tuple[int, str] | None:
        return (person, pile.pop(0)) if pile else None

    turns = campaign(n_turns, ask, lambda taken: PACE[taken[0]], START, timedelta(seconds=stagger))
    return [(turn.person, turn.answered[1], (turn.began - START).total_seconds()) for turn in turns]


def test_who_is_free_first_takes_the_next_and_of_two_the_lower_number() -> None:
    assert begun([9, 9], list("abcde")) == [(0, "a", 0), (1, "b", 0), (0, "c", 10), (0, "d", 20), (1, "e", 25)]


def test_nobody_takes_more_than_their_share() -> None:
    assert begun([1, 2], list("abcde")) == [(0, "a", 0), (1, "b", 0), (1, "c", 25)]


def test_people_begin_one_after_the_other() -> None:
    assert begun([2, 1], list("abc"), stagger=15) == [(0, "a", 0), (0, "b", 10), (1, "c", 15)]


def test_the_day_ends_for_who_finds_nothing_to_do() -> None:
    assert begun([5, 5], ["a"]) == [(0, "a", 0)]


def test_a_turn_is_done_when_its_time_is_over() -> None:
    turn = next(campaign([1], lambda _person, _now: "a", lambda _answered: 7.5, START))
    assert turn.done - turn.began == timedelta(seconds=7.5)


def test_someone_without_a_share_is_never_asked() -> None:
    assert begun([0, 1], list("ab")) == [(1, "a", 0)]
