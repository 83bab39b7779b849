"""Figures say their finding, keep their data inside, name lines where they end, and never overlap two names."""

import pytest
from tests.report.reports import report

from multilabelfy.report.charts import specification
from multilabelfy.report.findings import Drawing, Finding, Kind, table, with_interval
from multilabelfy.report.marks import spread, zoomed


def slopes() -> Finding:
    rows = [("old", 0.7, 0.69, 0.71, 0.8, 0.79, 0.81), ("new", 0.6, 0.59, 0.61, 0.7, 0.69, 0.71)]
    columns = (("dataset", "dataset", Kind.TEXT), *with_interval("top1", "top-1"), *with_interval("real", "ReaL"))
    return Finding(
        "drop", "A drop", "of models", "", table(columns, rows), Drawing.SLOPES, ("", "accuracy"), {"real": "ReaL", "top1": "top-1"}
    )


@pytest.mark.parametrize("finding", [*(f for f in report().findings if f.drawing), slopes()], ids=lambda finding: finding.slug)
def test_a_figure_says_its_finding_and_needs_nothing_else(finding: Finding) -> None:
    spec = specification(finding)
    assert " ".join(spec["title"]["text"]) == finding.title
    assert "url" not in str([layer.get("data") for layer in spec["layer"]])
    assert "legend': {" not in str(spec)


def test_a_figure_for_a_page_has_no_title_of_its_own() -> None:
    assert "title" not in specification(report().finding("several-labels"), titled=False)


def test_a_table_alone_has_no_figure() -> None:
    with pytest.raises(ValueError, match="has no figure"):
        specification(report().finding("replacements"))


def test_names_are_moved_apart_as_little_as_possible() -> None:
    assert spread([0.5, 0.52, 0.9], 0.1) == [0.46, 0.56, 0.9]
    assert spread([0.1, 0.5], 0.1) == [0.1, 0.5]


def test_names_that_push_each_other_move_together() -> None:
    assert spread([0.5, 0.5, 0.5], 0.2) == [0.3, 0.5, 0.7]


def test_an_axis_starts_at_zero_where_that_is_near() -> None:
    assert zoomed([0.12, 0.44]) == (0.0, 0.5)
    assert zoomed([0.62, 0.81]) == (0.6, 0.9)
