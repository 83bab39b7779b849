"""When a difference holds: by its interval, and among many tests by their false discovery rate (Benjamini & Hochberg 1995)."""

from multilabelfy.statistics.intervals import Interval

FALSE_DISCOVERIES = 0.05
"""The rate for every decision here; `scipy.stats.false_discovery_control` adjusts the p-values."""


def excludes_zero(interval: Interval) -> bool:
    """Whether a difference with this interval has a sign that holds."""
    return interval.low > 0 or interval.high < 0
