"""What simulated studies came to is read as it was written, and a damaged file says where."""

from pathlib import Path

import pytest

from multilabelfy.errors import InvalidInput
from multilabelfy.evaluation.labels.ways_to_ask import ImageAsked, WayOfAsking
from multilabelfy.formats.reading.ways_to_ask import read_ways_to_ask
from multilabelfy.formats.tables_of_results import write_ways_to_ask

ROWS = [
    ImageAsked(3, WayOfAsking.FIXED, "a|b.jpg", 2, 8_123, 0, None, True, frozenset({1, 12}), frozenset({1})),
    ImageAsked(3, WayOfAsking.ADAPTIVE, "a|b.jpg", 4, 17_000, 9_000, 0.25, False, frozenset(), frozenset({1})),
]


def test_rows_come_back(tmp_path: Path) -> None:
    assert write_ways_to_ask(tmp_path / "1.csv", ROWS) == 2
    assert read_ways_to_ask(tmp_path / "1.csv") == ROWS


@pytest.mark.parametrize(("cell", "instead"), [("fixed", "guessed"), ("8123", "eight"), ("0.25", "a quarter"), ("12", "cat")])
def test_a_damaged_file_says_where_and_how_the_report_is_made_without_it(tmp_path: Path, cell: str, instead: str) -> None:
    path = tmp_path / "1.csv"
    write_ways_to_ask(path, ROWS)
    path.write_text(path.read_text(encoding="utf-8").replace(cell, instead), encoding="utf-8")
    with pytest.raises(InvalidInput, match=instead) as refused:
        read_ways_to_ask(path)
    assert "1.csv:" in str(refused.value)
    assert "Delete this file" in str(refused.value)


def test_a_file_that_lost_the_rows_of_a_way_has_nothing_to_compare(tmp_path: Path) -> None:
    write_ways_to_ask(tmp_path / "1.csv", ROWS[:1])
    with pytest.raises(InvalidInput, match="lacks the rows of a way"):
        read_ways_to_ask(tmp_path / "1.csv")
