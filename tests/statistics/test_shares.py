"""Shares: counts add up, and an interval holds the cases that are missing, whatever they turn out to be."""

import pytest

from multilabelfy.statistics.intervals import Interval, wilson
from multilabelfy.statistics.shares import Share


def test_missing_cases_are_bounded_and_widen_the_interval_to_either_extreme() -> None:
    share, none, both = Share(3, 10, n_missing=2), wilson(3, 12), wilson(5, 12)
    assert none is not None
    assert both is not None
    assert share.value == pytest.approx(0.3)
    assert share.bounds == Interval(0.25, 5 / 12)
    assert share.interval == Interval(none.low, both.high)


def test_without_missing_cases_it_is_wilsons_own() -> None:
    assert Share(3, 10).interval == wilson(3, 10)
    assert Share(3, 10).bounds == Interval(0.3, 0.3)


def test_of_missing_cases_alone_nothing_is_known() -> None:
    assert (Share(0, 0, 4).value, Share(0, 0, 4).interval) == (None, Interval(0.0, 1.0))
    assert (Share().value, Share().bounds, Share().interval) == (None, None, None)


def test_missing_cases_add_up_like_the_others() -> None:
    assert Share(1, 2, 3) + Share(4, 5, 6) == Share(5, 7, 9)
