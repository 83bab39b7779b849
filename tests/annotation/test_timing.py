"""A browser says how long ago; the server says when."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from multilabelfy.annotation.response_times import Timing, kept_from_before, moments

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_an_answer_that_waited_in_the_browser_keeps_the_moment_it_was_given() -> None:
    # Handed out at 12:00; answered after 2 minutes of looking, 10 minutes ago; the second five was opened 1 minute after the first look.
    timing = Timing(age=600_000, elapsed=120_000, opened=(0, 60_000, None), present=90_000)
    found = moments(timing, handed_at=NOON, now=at(30))
    assert found.submitted_at == at(20)
    assert found.opened_at == (at(18), at(19), None)
    assert found.present_ms == 90_000


def test_nothing_happened_before_the_image_was_handed_out() -> None:
    found = moments(Timing(age=7_200_000, elapsed=60_000, opened=(0,), present=0), handed_at=NOON, now=at(30))
    assert (found.submitted_at, found.opened_at) == (NOON, (NOON,))


def test_time_present_is_never_more_than_the_time_that_passed() -> None:
    assert moments(Timing(age=0, elapsed=5_000, opened=(0,), present=999_999), handed_at=NOON, now=at(30)).present_ms == 5_000


numbers = st.integers(-(10**18), 10**18)


@given(numbers, numbers, st.lists(st.none() | numbers, max_size=4), numbers)
def test_whatever_a_browser_says_the_moments_lie_in_order(age: int, elapsed: int, opened: list[int | None], present: int) -> None:
    found = moments(Timing(age, elapsed, tuple(opened), present), handed_at=NOON, now=at(5))
    assert NOON <= found.submitted_at <= at(5)
    assert all(NOON <= moment <= found.submitted_at for moment in found.opened_at if moment)
    assert found.present_ms >= 0


def test_a_revision_keeps_what_was_opened_before() -> None:
    assert kept_from_before((at(9), None, None), (at(1), at(2), None)) == (at(9), at(2), None)
    assert kept_from_before((at(9), None), (at(1), at(2), at(3))) == (at(9), None)  # another protocol, other groups
