"""Draw measures as lines: over the number of labels, against their cost, or from one dataset to another; a line is named where it ends."""

from collections.abc import Mapping, Sequence

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
ROOM_FOR_CHOICES = 0.14
"""Left of the first point, as a part of the costs' range: there stands its choice."""
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


def against_cost(finding: Finding) -> alt.LayerChart:
    """One line a series through its rows in their order; beside each point of the first series stands its choice, the first column."""
    choice = finding.table.columns[0]
    drawn: list[Record] = [record for record in finding.table.records() if is_drawn(record, choice.name)]
    records = [
        _point(record, record[finding.costs[name]], name, _sentence(record, name, finding)) | {"choice": record[choice.name]}
        for name in finding.series
        for record in drawn
    ]
    costs = [record["x"] for record in records] or [0, 1]
    room = ROOM_FOR_CHOICES * max(1, max(costs) - min(costs))
    scale = alt.Scale(domain=[min(costs) - room, max(costs) + room / 4], nice=False)
    x = alt.X("x:Q", scale=scale, axis=alt.Axis(title=finding.axes[0], format="~g", tickMinStep=1))
    y = alt.Y("value:Q", scale=alt.Scale(domain=[0, 1]), axis=share_axis(finding.axes[1], tickCount=6))
    beside = _choices([record for record in records if record["series"] == next(iter(finding.series))], choice.heading, room)
    marks = words(inline(beside), "name", align="right", dx=-5, dy=-9).encode(x=x, y=y, color=own_colour())
    lines = _lines(records, _named_ends(records, finding.series, GAP), x, y, "choice:Q")
    return layered(*lines, marks, width=CURVES_WIDTH, height=look.HEIGHT)


def _choices(records: Sequence[Record], heading: str, width: float) -> list[Record]:
    """A label for each point; labels are moved apart where points cost much the same, each less than a label's width more than the last."""
    groups: list[list[Record]] = []
    for record in records:
        if groups and record["x"] - groups[-1][-1]["x"] < width:
            groups[-1].append(record)
        else:
            groups.append([record])
    return [
        {"x": record["x"], "value": value, "name": f"{heading} = {record['choice']}", "colour": record["colour"]}
        for group in groups
        for record, value in zip(group, spread([record["value"] for record in group], GAP), strict=True)
    ]


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


def _lines(records: list[Record], named: list[Record], x: alt.X, y: alt.Y, order: str | None = None) -> tuple[alt.Chart, ...]:
    """Each series from its least x to its greatest, or in the order of a field."""
    data = inline(records)
    dash = alt.StrokeDash("dash:N", scale=None, legend=None)
    line = alt.Chart(data).mark_line(strokeWidth=2.2, aria=False).encode(x=x, y=y, color=own_colour(), detail="series:N", strokeDash=dash)
    line = line.encode(order=alt.Order(order)) if order else line
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
