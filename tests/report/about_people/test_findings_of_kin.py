"""What a report says of the time that images take among their kin."""

import pytest

from multilabelfy.disagreement.answer_quality.kin_pace import KinPace, PersonsPace
from multilabelfy.report.about_people.kin_pace import kin_pace_finding
from multilabelfy.report.findings import Subject
from multilabelfy.statistics.intervals import Interval, Measured

ADA = PersonsPace(60, 40, 4.0, 5.0, Measured(-0.2, Interval(-0.3, -0.1)))
BOB = PersonsPace(20, 20, 9.0, 9.0, Measured(0.0, None))


def pace(change: Measured, same: float | None = 0.75) -> KinPace:
    of_each = Measured(same, Interval(0.7, 0.8)) if same else Measured(None)
    return KinPace((ADA, BOB), change, of_each, of_each)


@pytest.mark.parametrize(
    ("change", "title"),
    [
        (Measured(-0.15, Interval(-0.224, -0.081)), "Images among their kin take 8–22% less time"),
        (Measured(0.15, Interval(0.1, 0.2)), "Images among their kin take 10–20% more time"),
        (Measured(-0.15, Interval(-0.3, 0.02)), "Coming among its kin does not reliably change an image’s time: by −30 to 2%"),
        (Measured(-0.15), "Too few images say whether images among their kin take less time"),
    ],
)
def test_the_title_says_what_the_interval_allows(change: Measured, title: str) -> None:
    assert kin_pace_finding(pace(change), Subject("Pets")).title == title


def test_the_table_has_everybody_and_each_annotator_without_a_name() -> None:
    told = kin_pace_finding(pace(Measured(-0.15, Interval(-0.2, -0.1))), Subject("Pets"))
    assert told.table.rows == (
        ("all", 80, 60, None, None, -0.15, -0.2, -0.1),
        ("annotator 1", 60, 40, 4.0, 5.0, -0.2, -0.3, -0.1),
        ("annotator 2", 20, 20, 9.0, 9.0, 0.0, None, None),
    )
    assert "80 answers among kin and 60 answers singly by 2 annotators on Pets" in told.subtitle


def test_agreement_is_in_the_definition_where_it_is_known() -> None:
    change = Measured(-0.15, Interval(-0.2, -0.1))
    assert "75.0% of the images among their kin (70.0–80.0%)" in kin_pace_finding(pace(change), Subject("Pets")).definition
    assert "chose the same labels" not in kin_pace_finding(pace(change, None), Subject("Pets")).definition
