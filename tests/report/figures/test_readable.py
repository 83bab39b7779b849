"""Figures that a paper would print: far points do not stretch the axes, intervals are seen however short, dark pages get dark figures."""

import re
from pathlib import Path
from typing import Any

import pytest

from multilabelfy.evaluation.choices.specifications import Specification, SpecifiedMeasure
from multilabelfy.report.about_models.specification_curve import specification_curve_finding
from multilabelfy.report.figures import look
from multilabelfy.report.figures.charts import specification
from multilabelfy.report.findings import CellKind, Drawing, Finding, Subject, table, with_interval
from multilabelfy.statistics.intervals import Interval

CHARTS = Path(look.__file__).resolve().parents[2] / "web" / "static" / "css" / "study" / "charts.css"


def accuracies(n_far: int = 3, n_near: int = 46) -> list[tuple[str, float]]:
    """Models in a crowd between 60% and 70%, and a few far below."""
    return [*((f"far{i}", 0.02 + i / 10) for i in range(n_far)), *((f"m{i}", 0.6 + i / 10 / n_near) for i in range(n_near))]


def dots(n_far: int = 3) -> Finding:
    rows = [(name, value, value - 0.01, value + 0.01) for name, value in accuracies(n_far)]
    columns = (("model", "model", CellKind.TEXT), *with_interval("real", "ReaL"))
    return Finding("models", "Models", "of many", "", table(columns, rows), Drawing.DOTS, ("", "accuracy"), {"real": "ReaL"})


def scatter(n_far: int = 3) -> Finding:
    rows = [(name, x, x - 0.01, x + 0.01, x + 0.1, x + 0.09, x + 0.11, x + 0.1) for name, x in accuracies(n_far)]
    columns = (
        ("model", "model", CellKind.TEXT),
        *with_interval("top1", "top-1"),
        *with_interval("real", "ReaL"),
        ("fitted", "fit", CellKind.SHARE),
    )
    return Finding("trend", "A trend", "of many", "", table(columns, rows), Drawing.SCATTER, ("top-1", "ReaL accuracy"))


def leaves(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [leaf for layer in spec["layer"] for leaf in leaves(layer)] if "layer" in spec else [spec]


def rows_of(spec: dict[str, Any], layer: dict[str, Any]) -> list[dict[str, Any]]:
    return list(spec["datasets"][layer["data"]["name"]])


def points(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for layer in leaves(spec) if layer["mark"]["type"] == "point" for row in rows_of(spec, layer)]


def test_a_few_far_models_do_not_stretch_the_axis_of_many() -> None:
    spec = specification(dots())
    [domain] = {tuple(layer["encoding"]["x"]["scale"]["domain"]) for layer in leaves(spec) if "scale" in layer["encoding"].get("x", {})}
    assert domain == (0.58, 0.72)
    far = [row for row in points(spec) if row["shape"].startswith("triangle")]
    assert [row["beyond"] for row in far] == ["2.0%", "12.0%", "22.0%"]
    assert far[0]["told"] == "far0: 2.0% (95% interval 1.0–3.0%)"
    assert "arrows" in str(spec)


def test_without_far_models_no_arrow_is_spoken_of() -> None:
    assert "arrows" not in str(specification(dots(0)))


def test_a_crowd_is_enlarged_in_the_corner_that_is_free() -> None:
    spec = specification(scatter())
    assert "46 models, enlarged" in str(spec["datasets"])
    enlarged = [row["top1"] for row in points(spec) if row["model"].startswith("m")]
    assert max(enlarged) - min(enlarged) > 2 * (0.7 - 0.6)
    assert len([row for row in points(spec) if "told" in row]) == 49  # each model is told once


def test_without_a_crowd_there_is_no_inset() -> None:
    assert "enlarged" not in str(specification(scatter(0))["datasets"])


@pytest.mark.parametrize("finding", [dots(), scatter()], ids=lambda finding: finding.slug)
def test_an_interval_is_drawn_over_its_point_and_the_point_is_hollow(finding: Finding) -> None:
    spec = specification(finding)
    kinds = [layer["mark"]["type"] for layer in leaves(spec) if layer["mark"]["type"] == "point" or "x2" in layer["encoding"]]
    assert kinds.index("point") < kinds.index("rule")
    assert {row["inner"] for row in points(spec) if not row["shape"].startswith("triangle")} == {look.PAPER}


def test_every_colour_of_a_figure_has_its_dark_one_and_files_stay_light() -> None:
    drawn = str(specification(dots())) + str(specification(scatter()))
    assert set(re.findall(r"#[0-9a-f]{6}", drawn)) <= set(look.DARK)
    assert not set(re.findall(r"#[0-9a-f]{6}", drawn)) & set(look.DARK.values())


def test_the_live_figures_of_a_page_follow_the_same_table() -> None:
    css = re.sub(r"\s+", " ", CHARTS.read_text(encoding="utf-8"))
    assert [rule for rule in look.page_styles(".chart-canvas").splitlines() if rule not in css] == []


def test_a_choice_without_a_value_is_drawn_as_its_interval() -> None:
    unfinished = Specification(SpecifiedMeasure.SEVERAL, "labels as released", "of all images", 0, None, Interval(0.276, 0.706))
    alone = Specification(SpecifiedMeasure.SEVERAL, "labels as released", "of the finished images alone", 1, 0.488, Interval(0.34, 0.64))
    finding = specification_curve_finding([unfinished, alone], Subject("Toys", 41))
    assert finding.title == "28–71% of Toys’ images have several labels, depending on the choice; 27.6–70.6% as printed"
    assert [row["name"].endswith("alone") for row in points(specification(finding)) if row["shape"] != "square"] == [True]
    told = [
        row["told"]
        for layer in leaves(specification(finding))
        if "description" in layer["encoding"]
        for row in rows_of(specification(finding), layer)
    ]
    assert [text.partition(", of ")[2] for text in sorted(told)] == [
        "all images: 27.6–70.6% (95% interval)",
        "the finished images alone: 48.8% (95% interval 34–64)",
    ]
