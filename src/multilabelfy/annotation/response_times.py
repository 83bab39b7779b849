"""Turn a browser's durations into moments of the server's clock.

A browser's clock may be wrong, and an answer may wait in it for hours without a connection. So it says only how long ago things happened,
and the server, which knows when the image was handed out and when the answer arrived, keeps every moment between the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_MS = 400 * 86_400_000
"""400 days in milliseconds: nobody spends longer on an answer."""
MOST_PRESENT_MS = 2**31 - 1
"""Nobody is present for 24 days over one answer; a database's number holds no more."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Durations in milliseconds: since the answer was given (`age`), from the first look to the answer (`elapsed`), from the first look to
    the opening of each group (None: never opened), and how much of it the person was there."""

    age: int
    elapsed: int
    opened: tuple[int | None, ...]
    present: int


@dataclass(frozen=True, slots=True)
class Moments:
    """When the answer was given, when each group was opened, and for how many milliseconds the person was present."""

    submitted_at: datetime
    opened_at: tuple[datetime | None, ...]
    present_ms: int


def moments(timing: Timing, *, handed_at: datetime, now: datetime) -> Moments:
    """The moments of an answer, none before the image was handed out and none after `now`; time present is at most the time elapsed."""
    submitted_at = _between(now - _duration(timing.age), handed_at, now)
    first_look = submitted_at - _duration(timing.elapsed)
    opened_at = tuple(
        None if opened is None else _between(first_look + _duration(opened), handed_at, submitted_at) for opened in timing.opened
    )
    return Moments(submitted_at, opened_at, max(0, min(timing.present, timing.elapsed, MOST_PRESENT_MS)))


def kept_from_before(opened_at: Sequence[datetime | None], earlier: Sequence[datetime | None]) -> tuple[datetime | None, ...]:
    """The openings of a revision: a group that was not opened again keeps its time from the earlier answer."""
    if len(opened_at) != len(earlier):
        return tuple(opened_at)
    return tuple(new or old for new, old in zip(opened_at, earlier, strict=True))


def _duration(milliseconds: int) -> timedelta:
    return timedelta(milliseconds=max(0, min(milliseconds, MOST_MS)))


def _between(moment: datetime, first: datetime, last: datetime) -> datetime:
    return max(min(moment, last), min(first, last))
