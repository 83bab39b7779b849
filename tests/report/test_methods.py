"""The methods name the intervals that the findings really have."""

import re
from importlib.resources import files

from tests.report.reports import report

from multilabelfy.report.methods import INTERVALS

FINDING = re.compile(r'slug(?:: str = |=)"([a-z0-9-]+)"')
PARTS = ("about_labels", "about_models", "about_given", "about_people")


def test_every_finding_with_intervals_says_which() -> None:
    """Read off the source: whatever builds columns with intervals is in the table."""
    sources = [file.read_text() for part in PARTS for file in (files("multilabelfy.report") / part).iterdir() if file.name.endswith(".py")]
    functions = [function for source in sources for function in source.split("\ndef ")]
    having = {slug for function in functions if "with_interval(" in function for slug in FINDING.findall(function)}
    assert len(having) > 15
    assert having <= frozenset.union(*INTERVALS.values())


def test_a_report_names_the_intervals_that_it_has_and_no_others() -> None:
    methods = dict(report().methods)
    assert methods["Intervals"].startswith("Intervals are Wilson’s for shares; percentile bootstrap intervals for means")
    assert "White" not in methods["Intervals"]
    assert "Student" not in methods["Intervals"]
