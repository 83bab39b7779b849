"""Numbers read alike everywhere."""

import pytest

from multilabelfy.report.findings import CellKind, table, with_interval
from multilabelfy.report.tables import printed
from multilabelfy.report.wording import between, counted, decimals_of, number, percent, plain, points, share_in_title, signed
from multilabelfy.statistics.intervals import Interval


def test_an_interval_stands_in_one_cell_in_the_unit_of_its_value() -> None:
    shares = table((("name", "name", CellKind.TEXT), *with_interval("share", "share")), [("a", 0.5, 0.4, 0.6), ("b", None, None, None)])
    columns, rows = printed(shares)
    assert [column.heading for column in columns] == ["name", "share", "95% interval"]
    assert rows == [["a", "50.00%", "40.00–60.00%"], ["b", "–", "–"]]


def test_an_interval_of_numbers_keeps_their_unit() -> None:
    _, rows = printed(table(with_interval("seconds", "seconds", CellKind.NUMBER), [(12.3456, 11.0, 14.25)]))
    assert rows == [["12.3", "11–14.2"]]


TINY = -0.00004
"""Rounds to zero wherever a report prints it."""


def test_what_rounds_to_zero_has_no_sign() -> None:
    texts = [percent(TINY), points(TINY), signed(TINY), signed(-TINY), plain(TINY, 2), between(Interval(TINY, 0.1)), number(-0.0)]
    assert texts == ["0.0%", "0.0 points", "0.0", "0.0", "0.00", "0.0–10.0%", "0"]


@pytest.mark.parametrize(("kind", "ends"), [(CellKind.SHARE, "0.00–10.00%"), (CellKind.POINTS, "0.00–10.00")])
def test_a_cell_that_rounds_to_zero_has_no_sign(kind: CellKind, ends: str) -> None:
    _, rows = printed(table(with_interval("value", "value", kind), [(TINY, TINY, 0.1)]))
    assert rows == [["0.00%" if kind is CellKind.SHARE else "0.00", ends]]


def test_two_decimals_need_a_thousand_images() -> None:
    assert (decimals_of(999), decimals_of(1000)) == (1, 2)


def test_a_title_states_a_share_whose_interval_is_narrow() -> None:
    assert share_in_title(0.5, Interval(0.46, 0.54), 1) == "50.0%"
    assert share_in_title(0.5, Interval(0.40, 0.60), 1) == "Between 40% and 60%"
    assert share_in_title(0.5, None, 1) == "50.0%"


def test_a_title_does_not_take_all_or_none_of_a_sample_for_all_or_none_of_the_rest() -> None:
    assert share_in_title(1.0, Interval(0.914, 1.0), 1) == "Between 91% and 100%"
    assert share_in_title(0.0, Interval(0.0, 0.004), 0) == "Between 0.0% and 0.4%"
    assert share_in_title(1.0, Interval(1.0, 1.0), 1) == "100.0%"


def test_words_follow_their_number() -> None:
    assert counted(1, "image") == "1 image"
    assert counted(0, "person", "people") == "0 people"
    assert points(0.004) == "+0.4 points"
    assert between(None) == "no interval"
