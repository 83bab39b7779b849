"""Figures say their finding, keep their data inside, name lines where they end, and never overlap two names."""

from html import escape
from typing import Any

import altair as alt
import pytest
from tests.report.figures.test_readable import scatter
from tests.report.reports import report

from multilabelfy.report.figures.charts import balanced, specification, without_title
from multilabelfy.report.figures.marks import spread, zoomed
from multilabelfy.report.findings import CellKind, Drawing, Finding, table, with_interval
from multilabelfy.report.rendering import drawn
from multilabelfy.report.tables import printed


def slopes() -> Finding:
    rows = [("old", 0.7, 0.69, 0.71, 0.8, 0.79, 0.81), ("new", 0.6, 0.59, 0.61, 0.7, 0.69, 0.71)]
    columns = (("dataset", "dataset", CellKind.TEXT), *with_interval("top1", "top-1"), *with_interval("real", "ReaL"))
    return Finding(
        "drop", "A drop", "of models", "", table(columns, rows), Drawing.SLOPES, ("", "accuracy"), {"real": "ReaL", "top1": "top-1"}
    )


def of_costs() -> Finding:
    keys = ("keys", "keys", CellKind.NUMBER), ("keys_2", "keys", CellKind.NUMBER)
    shares = (*with_interval("recall", "a"), *with_interval("recall_2", "b"))
    columns = (("k", "k", CellKind.COUNT), ("images", "images", CellKind.COUNT), *keys, *shares)
    rows = [
        (1, 50, 2.0, 1.0, 0.5, 0.4, 0.6, 0.2, 0.1, 0.3),
        (2, 50, 2.0, 2.0, 0.51, 0.4, 0.6, 0.4, 0.3, 0.5),
        (10, 50, 4.0, 3.5, 0.8, 0.7, 0.9, 0.9, 0.8, 1.0),
        (20, 3, 6.0, 6.0, 1.0, 0.7, 1.0, 1.0, 0.8, 1.0),
    ]
    series, costs = {"recall": "good model", "recall_2": "other model"}, {"recall": "keys", "recall_2": "keys_2"}
    return Finding("costs", "It costs", "keys", "", table(columns, rows), Drawing.COST, ("keys", "share"), series, costs)


@pytest.mark.parametrize("finding", [*(f for f in report().findings if f.drawing), slopes(), of_costs()], ids=lambda finding: finding.slug)
def test_a_figure_says_its_finding_and_needs_nothing_else(finding: Finding) -> None:
    spec = specification(finding)
    alt.LayerChart.from_dict(spec, validate=True)  # the product leaves this check to the tests
    assert " ".join(spec["title"]["text"]) == finding.title
    assert "url" not in str([layer.get("data") for layer in spec["layer"]])
    assert "legend': {" not in str(spec)


def test_every_kind_of_figure_is_drawn_with_its_rows() -> None:
    """The documents' tests leave the drawing out."""
    of_each_kind = {finding.drawing: finding for finding in (*report().findings, slopes(), scatter(0), of_costs()) if finding.drawing}
    assert set(of_each_kind) == set(Drawing)
    for finding in of_each_kind.values():
        figure = drawn(finding)
        told = {row["told"] for rows in figure.specification["datasets"].values() for row in rows if "told" in row}
        assert told
        assert [sentence for sentence in told if escape(sentence) not in figure.svg] == [], finding.slug


def test_a_figure_for_a_page_has_no_title_of_its_own() -> None:
    assert "title" not in without_title(specification(report().finding("several-labels")))


def test_the_points_of_a_curve_name_their_model_whole_and_a_measure_without_its_explanation() -> None:
    columns = (("k", "k", CellKind.COUNT), ("images", "images", CellKind.COUNT), *with_interval("a", "a"), *with_interval("b", "b"))
    rows = [(k, 50, 0.5, 0.4, 0.6, 0.7, 0.6, 0.8) for k in (1, 2)]
    series = {"a": "python:ours.scorer:looker", "b": "ReaL: any valid label counts"}
    drawn = str(specification(Finding("curve", "A curve", "", "", table(columns, rows), Drawing.CURVES, ("k", "share"), series)))
    assert "k = 1, python:ours.scorer:looker: 50.0%" in drawn
    assert "k = 1, ReaL: 70.0%" in drawn


def test_a_measure_stands_over_what_it_costs_and_each_point_of_the_first_line_says_its_choice() -> None:
    spec = specification(of_costs())
    alt.LayerChart.from_dict(spec, validate=True)
    line, points, *_, marks = spec["layer"]
    assert {layer["encoding"]["x"]["field"] for layer in spec["layer"]} == {"x"}
    assert line["encoding"]["order"]["field"] == "choice"
    assert line["encoding"]["x"]["axis"]["title"] == "keys"
    rows = spec["datasets"][points["data"]["name"]]
    assert [(row["x"], row["choice"], row["value"]) for row in rows if row["series"] == "recall"] == [
        (2, 1, 0.5),
        (2, 2, 0.51),
        (4, 10, 0.8),
    ]
    assert [row["x"] for row in rows if row["series"] == "recall_2"] == [1, 2, 3.5]  # its own keys, without what three images have
    beside = spec["datasets"][marks["data"]["name"]]
    assert [(mark["x"], mark["name"]) for mark in beside] == [(2, "k = 1"), (2, "k = 2"), (4, "k = 10")]
    assert beside[1]["value"] - beside[0]["value"] >= 0.05  # apart, where the points are not


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


@pytest.mark.parametrize("finding", [*(f for f in report().findings if f.drawing), slopes()], ids=lambda finding: finding.slug)
def test_each_value_is_told_in_words_and_nothing_else_is(finding: Finding) -> None:
    layers = leaves(specification(finding))
    told = [layer for layer in layers if layer["encoding"].get("description") == {"field": "told", "type": "nominal"}]
    assert told
    assert all(layer["mark"]["aria"] is False for layer in layers if layer not in told)


def leaves(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The layers of a figure that draw something."""
    return [leaf for layer in spec["layer"] for leaf in leaves(layer)] if "layer" in spec else [spec]


def test_a_value_is_told_with_its_interval() -> None:
    told = {row["told"] for rows in specification(slopes())["datasets"].values() for row in rows}
    assert "old, ReaL: 80.0% (95% interval 79.0–81.0%)" in told


def test_a_title_of_two_lines_leaves_no_word_alone() -> None:
    title = "A point of top-1 is worth 1.15 points of ReaL; no model leaves the trend"
    assert balanced(title, 68) == ["A point of top-1 is worth 1.15 points", "of ReaL; no model leaves the trend"]
    assert balanced("short", 68) == ["short"]


def test_differences_are_drawn_and_printed_in_points_with_a_line_at_zero() -> None:
    columns = (("model", "model", CellKind.TEXT), *with_interval("real", "ReaL", CellKind.POINTS))
    falls = Finding(
        "falls", "It falls", "of models", "", table(columns, [("a", -0.0123, -0.02, 0.01)]), Drawing.DOTS, ("", "points"), {"real": "ReaL"}
    )
    axes = [layer["encoding"]["x"].get("axis", {}) for layer in leaves(specification(falls)) if "x" in layer["encoding"]]
    assert any(axis.get("labelExpr") == "format(100 * datum.value, '~g')" for axis in axes)
    assert any(layer["mark"].get("strokeDash") == [2, 3] for layer in leaves(specification(falls)))
    assert printed(falls.table)[1] == [["a", "−1.23", "−2.00 to 1.00"]]


def test_a_long_name_at_the_right_end_stands_above_its_point() -> None:
    columns = (
        ("model", "model", CellKind.TEXT),
        *with_interval("top1", "top-1"),
        *with_interval("real", "ReaL"),
        ("fitted", "fit", CellKind.SHARE),
    )
    rows = [
        (name, x, None, None, x, None, None, x) for name, x in (("a-name-of-some-forty-letters-" * 2, 0.9), ("short", 0.5), ("mid", 0.7))
    ]
    spec = specification(Finding("s", "A line", "of models", "", table(columns, rows), Drawing.SCATTER, ("top-1", "ReaL accuracy")))
    names = [layer for layer in leaves(spec) if layer["mark"]["type"] == "text"]
    on_each_side = {layer["mark"]["align"]: [row["model"] for row in spec["datasets"][layer["data"]["name"]]] for layer in names}
    assert on_each_side == {"left": ["short", "mid"], "right": ["a-name-of-some-forty-letters-" * 2]}
