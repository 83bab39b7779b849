"""What a report says of two ways to ask, and that a title claims no more than the interval of the difference."""

from dataclasses import replace

import pytest
from tests.report.reports import NOW, material

from multilabelfy.evaluation.labels.ways_to_ask import EffortOfWay, HeadlineOfWay, LabelQuality, QualityByWays, WayOfAsking, WaysCompared
from multilabelfy.report.about_people.ways_to_ask import ways_to_ask_findings
from multilabelfy.report.findings import Subject
from multilabelfy.report.story import told
from multilabelfy.statistics.intervals import Interval, Measured

SHARE = Measured(0.9, Interval(0.85, 0.95))


def ways(*ends: float) -> WaysCompared:
    """The difference in F1 has this interval, or none."""
    difference = Measured(0.01, Interval(*ends) if ends else None)
    headline = HeadlineOfWay(75.0, 0.6, Interval(0.5, 0.7), 7)
    return WaysCompared(
        n_studies=8,
        n_images=300,
        truth=0.61,
        quality=dict.fromkeys(LabelQuality, QualityByWays(SHARE, SHARE, difference)),
        effort={WayOfAsking.FIXED: EffortOfWay(2.0, 1.5, 0.5, 0.4, 0.0), WayOfAsking.ADAPTIVE: EffortOfWay(2.2, 1.7, 0.3, 0.25, 0.01)},
        headline=dict.fromkeys(WayOfAsking, headline),
        plain=replace(headline, n_holding=8),
    )


@pytest.mark.parametrize(
    ("ends", "claim"),
    [
        ((0.004, 0.0213), "have an F1 that is 0.40 to 2.13 points higher than that of two votes and an expert"),
        ((-0.02, -0.001), "have an F1 that is 0.10 to 2.00 points lower than"),
        ((-0.001, 0.02), "have an F1 that does not reliably differ from that of two votes and an expert"),
        ((0.00001, 0.02), "does not reliably differ"),  # 0.00 points would be printed
        ((), "does not reliably differ"),
    ],
)
def test_a_title_claims_no_more_than_the_interval(ends: tuple[float, ...], claim: str) -> None:
    labels, *_ = ways_to_ask_findings(ways(*ends), Subject("Toys"))
    assert labels.title.startswith("In the same time, the adaptive policy’s labels")
    assert claim in labels.title


def test_the_hours_and_the_headline_stand_beside_the_truth() -> None:
    _, hours, headline = ways_to_ask_findings(ways(0.004, 0.02), Subject("Toys"))
    assert "experts decide 40.0% of the images after two votes, and 25.0% under the adaptive policy" in hours.title
    assert [row["hours"] for row in hours.table.records()] == [2.0, 2.0]
    assert headline.title.endswith("holds the truth in 7 of 8 simulated studies")
    assert [row["share"] for row in headline.table.records()] == [0.61, 0.6, 0.6, 0.6]


def test_a_report_tells_of_ways_where_they_were_simulated_and_nowhere_else() -> None:
    without = told(material(), made_at=NOW, version="1")
    having = told(replace(material(), ways=ways(0.004, 0.02)), made_at=NOW, version="1")
    assert "The ways to ask" not in [chapter.heading for chapter in without.chapters]
    assert having.chapters[-1].heading == "The ways to ask"
    assert having.chapters[-1].slugs == ("same-effort", "same-effort-hours", "same-effort-headline")
    assert "Kish" in dict(having.methods)["Intervals"]
