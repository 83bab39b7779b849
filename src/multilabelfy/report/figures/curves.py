"""Draw measures as lines: over the number of labels, or from one dataset to another; each line is named where it ends."""

from collections.abc import Mapping

import altair as alt

from multilabelfy.report.figures import look
from multilabelfy.report.figures.marks import Record, inline, inner, layered, own_colour, points, share_axis, spread, with_ends, words
from multilabelfy.report.findings import CellKind, Finding

COLOURS = {"real": look.BLUE, "top1": look.AMBER, "recall": look.BLUE, "recall_2": look.AMBER}
SHAPES = {"real": "circle", "top1": "square", "recall_2": "square", "recall_3": "diamond"}
DASHES = {"by_chance": [4, 4]}
FEWEST_OF_A_POINT = 20
"""Images below which a number of labels has no point in a figure; the table has them all."""
GAP = 0.06
"""Between the names of two lines, as a part of the figure's height."""
CURVES_WIDTH = look.WIDTH - 90
ASIDE = {"real": 0.008, "top1": -0.008}
"""How far a line stands beside its numbers, as a part of the figure's width: intervals of two lines never hide each other."""


def curves(finding: Finding) -> alt.LayerChart:
    """One line a series over the whole numbers of the first column, from 1 on, without those that too few images have."""
    over = finding.table.columns[0].name
    drawn: list[Record] = [record for record in finding.table.records() if is_drawn(record, over)]
    numbers = sorted({record[over] for record in drawn}) or [1]
    wide = numbers[-1] - numbers[0] + 0.6
    records = [
        _point(record, record[over] + ASIDE.get(name, 0) * wide, name, _sentence(record, name, finding))
        for name in finding.series
        for record in drawn
        if record[name] is not None
    ]
    scale = alt.Scale(domain=[numbers[0] - 0.3, numbers[-1] + 0.3], nice=False)
    x = alt.X("x:Q", scale=scale, axis=alt.Axis(title=finding.axes[0], format="d", values=numbers))
    y = alt.Y("value:Q", scale=alt.Scale(domain=[0, 1]), axis=share_axis(finding.axes[1], tickCount=6))
    return layered(*_lines(records, _named_ends(records, finding.series, GAP), x, y), width=CURVES_WIDTH, height=look.HEIGHT)


def slopes(finding: Finding) -> alt.LayerChart:
    """One line a series from the first dataset to the second, with its values."""
    rows = finding.table.records()
    records = [
        _point(record, record["dataset"], name, f"{record['dataset']}, {finding.series[name]}")
        for name in finding.series
        for record in rows
        if record[name] is not None
    ]
    ends = [record[end] for record in records for end in ("low", "high")]
    low, high = max(0.0, min(ends) - 0.05), min(1.0, max(ends) + 0.05)
    axis = alt.Axis(title=None, labelAngle=0, labelFontSize=look.SIZE + 1, ticks=False)
    x = alt.X("x:N", sort=[str(record["dataset"]) for record in rows], scale=alt.Scale(padding=0.4), axis=axis)
    y = alt.Y("value:Q", scale=alt.Scale(domain=[low, high], nice=True), axis=share_axis(finding.axes[1], tickCount=6))
    figures = words(inline([record for record in records if record["x"] != rows[-1]["dataset"]]), "figure", dy=-13)
    named = [{**end, "name": f"{end['name']} {end['figure']}"} for end in _named_ends(records, finding.series, GAP * (high - low))]
    return layered(*_lines(records, named, x, y), figures.encode(x=x, y=y, color=own_colour()), width=CURVES_WIDTH, height=look.HEIGHT)


def is_drawn(record: Record, over: str = "labels") -> bool:
    """Whether a number has a point of its own."""
    return bool(record[over] >= 1 and record["images"] >= FEWEST_OF_A_POINT)


def _lines(records: list[Record], named: list[Record], x: alt.X, y: alt.Y) -> tuple[alt.Chart, ...]:
    data = inline(records)
    dash = alt.StrokeDash("dash:N", scale=None, legend=None)
    line = alt.Chart(data).mark_line(strokeWidth=2.2, aria=False).encode(x=x, y=y, color=own_colour(), detail="series:N", strokeDash=dash)
    thin = alt.Chart(data).mark_rule(strokeWidth=1.8, strokeCap="round", aria=False).encode(x=x, y="low:Q", y2="high:Q", color=own_colour())
    name = words(inline(named), "name", align="left", dx=11).encode(x=x, y="value:Q", color=own_colour())
    return line, points(data).encode(x=x, y=y), thin, name


def _point(record: Record, x: object, name: str, who: str) -> Record:
    value, low, high = record[name], record.get(f"{name}_low"), record.get(f"{name}_high")
    colour = COLOURS.get(name, look.GREY)
    return {
        "x": x,
        "value": value,
        "low": value if low is None else low,
        "high": value if high is None else high,
        "series": name,
        "colour": colour,
        "inner": inner(colour, low),
        "shape": SHAPES.get(name, "circle"),
        "dash": DASHES.get(name, [1, 0]),
        "figure": f"{value:.1%}",
        "told": f"{who}: {value:.1%}{with_ends(low, high, CellKind.SHARE)}",
    }


def _sentence(record: Record, name: str, finding: Finding) -> str:
    """Which point this is: its number, and the line's name without what explains it."""
    column = finding.table.columns[0]
    n = record[column.name]
    where = f"{n} valid label{'' if n == 1 else 's'}" if column.name == "labels" else f"{column.heading} = {n}"
    return f"{where}, {finding.series[name].split(': ')[0]}"


def _named_ends(records: list[Record], series: Mapping[str, str], gap: float) -> list[Record]:
    """Each line's last point with its name, moved apart where the names would overlap."""
    last = {record["series"]: record for record in records}  # a later point of a line takes the place of an earlier one
    values = spread([record["value"] for record in last.values()], gap)
    return [{**record, "value": value, "name": series[name]} for (name, record), value in zip(last.items(), values, strict=True)]
