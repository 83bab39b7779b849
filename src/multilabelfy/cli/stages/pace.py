"""What `propose` says: how long it will take, before it begins and once its first pictures are done, and then how far it is and why."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.workflows.proposing.foreseen import ForeseenRun
    from multilabelfy.workflows.proposing.pace import RunPace

WORTH_A_WORD = 10
"""Seconds: of a shorter run nothing is said beforehand."""
EVERY = 60
"""Seconds between two lines where no bar is shown."""
UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


class PaceTeller:
    """Says for each model, once, how it scores and how long it will take; without a bar, it also says every minute how far it is."""

    def __init__(self, say: Callable[[str], None], *, has_bar: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._say, self._has_bar, self._clock = say, has_bar, clock
        self._source = ""
        self._remarks: set[tuple[str, str]] = set()
        self._said_at = 0.0

    def expect(self, run: "ForeseenRun") -> None:
        """Say what a run will take, before it begins."""
        if run.seconds >= WORTH_A_WORD:
            self._say(f"{run.source}: {counted(run.n_images, 'image')} will take about {duration(run.seconds)} ({run.basis}).")

    def __call__(self, pace: "RunPace") -> None:
        """Take note of the pace, and say what is due."""
        if pace.remark and (pace.source, pace.remark) not in self._remarks:  # workers of a cluster may differ, turn by turn
            self._remarks.add((pace.source, pace.remark))
            self._say(f"{pace.source}: {pace.remark}")
        if pace.source != self._source:
            self._source, self._said_at = pace.source, self._clock()
            if (pace.seconds_left or 0) >= WORTH_A_WORD:
                self._say(forecast(pace))
        elif not self._has_bar and self._clock() - self._said_at >= EVERY:
            self._said_at = self._clock()
            self._say(so_far(pace))


def forecast(pace: "RunPace") -> str:
    """What the whole run will take."""
    return (
        f"{pace.source}: {counted(pace.n_total - pace.n_done, 'image')} left: about {duration(pace.seconds_left or 0)} "
        f"({rate(pace)}; {bottleneck(pace)}). Ctrl+C ends it: what is done is kept, and the same command continues."
    )


def so_far(pace: "RunPace") -> str:
    """How far it is."""
    return (
        f"{pace.source}: {pace.n_done} of {counted(pace.n_total, 'image')}, {rate(pace)}, "
        f"about {duration(pace.seconds_left or 0)} left; {bottleneck(pace)}"
    )


def rate(pace: "RunPace") -> str:
    """Images a second, with a digit more where they are few."""
    speed = pace.images_per_second or 0
    return f"{speed:.0f} images/s" if speed >= 10 else f"{speed:.2g} images/s"


def bottleneck(pace: "RunPace") -> str:
    """What takes the most of the work."""
    if pace.bottleneck is None:
        return "nothing is done yet"
    part, share = pace.bottleneck
    return f"{part} takes {share:.0%} of the work"


def duration(seconds: float) -> str:
    """Rounded to whole units, two of the smallest that fits at least.

    >>> duration(45), duration(119), duration(7200), duration(25200), duration(400000)
    ('45 seconds', '119 seconds', '2 hours', '7 hours', '5 days')
    """
    for size, unit in UNITS:
        if seconds >= 2 * size:
            return counted(round(seconds / size), unit)
    return counted(max(round(seconds), 1), "second")
