"""Draw one or two measures of named things as dots with their intervals, one row a thing; the measures are named above the first row."""

from collections.abc import Mapping, Sequence
from math import floor, log10

import altair as alt

from multilabelfy.report.figures import look
from multilabelfy.report.figures.marks import (
    Record,
    axis_of,
    crowd,
    inline,
    inner,
    layered,
    own_colour,
    points,
    scale_of,
    with_ends,
    words,
    zoomed,
)
from multilabelfy.report.findings import CellKind, Finding
from multilabelfy.report.wording import number, percent, plain

COLOURS = (look.BLUE, look.AMBER)
SHAPES = ("circle", "square")
ROW, SMALL_ROW = 20, 14
MANY_ROWS = 25
LEAST_HEIGHT = 60
NAMES_APART = 4
"""Pixels between the name of a measure and its dot, so that the names of two dots in one place do not touch."""
BEYOND = "arrows lie beyond the axis"
MOST_ROWS = 60
"""Of more things, the first and the last ones are drawn; the table has them all."""


def dots(finding: Finding) -> alt.LayerChart:
    """The rows in the table's order; `finding.series` names the columns that are drawn and what they are called."""
    rows, kind = _drawn(finding.table.records()), finding.table.kind_of(next(iter(finding.series)))
    first, names = finding.table.columns[0].name, list(finding.series)
    decimals = _decimals(kind, [row[name] for row in rows for name in names if row[name] is not None])
    records = [
        _dot(row, first, name, place, kind, decimals) | {"told": _sentence(row, first, name, kind, finding)}
        for row in rows
        for place, name in enumerate(names)
        if row[name] is not None
    ]
    many = len(rows) > MANY_ROWS
    domain = _domain(records, kind) if many else None
    records = [_at_the_edge(record, domain) for record in records] if domain else records
    x, y = _x(finding, records, kind, domain), _y(many)
    size, apart = (22, 2) if many else (52, 4)
    layers = [layer for place, name in enumerate(names) for layer in _series(records, name, x, y, size, _shift(finding, place, apart))]
    step = alt.Step(max(SMALL_ROW if many else ROW, LEAST_HEIGHT // max(1, len(rows))))
    width = look.WIDTH - (60 if many else 130)
    return layered(*_zero(records, x), *layers, *_beyond(records, x, y), _labels(finding, records, x, y), width=width, height=step)


def _x(finding: Finding, records: list[Record], kind: CellKind, domain: tuple[float, float] | None) -> alt.X:
    if domain:
        scale = alt.Scale(domain=list(domain), nice=False)
        return alt.X("value:Q", scale=scale, axis=axis_of(kind, f"{finding.axes[1]}; {BEYOND}", tickCount=6))
    scale = scale_of(kind, [record[end] for record in records for end in ("low", "high")])
    return alt.X("value:Q", scale=scale, axis=axis_of(kind, finding.axes[1], tickCount=6))


def _domain(records: list[Record], kind: CellKind) -> tuple[float, float] | None:
    """The axis where a few values would stretch it: it holds the crowd with its intervals."""
    within = crowd([record["value"] for record in records]) if kind in (CellKind.SHARE, CellKind.POINTS) else None
    if within is None:
        return None
    kept = [record for record in records if within[0] <= record["value"] <= within[1]]
    domain = zoomed([record[end] for record in kept for end in ("low", "high")])
    return domain if any(not domain[0] <= record["value"] <= domain[1] for record in records) else None


def _at_the_edge(record: Record, domain: tuple[float, float]) -> Record:
    """A value beyond the axis becomes an arrow at its edge."""
    low, high = domain
    if low <= record["value"] <= high:
        return {**record, "low": max(low, record["low"]), "high": min(high, record["high"])}
    edge, arrow = (low, "triangle-left") if record["value"] < high else (high, "triangle-right")
    return {**record, "value": edge, "low": edge, "high": edge, "inner": record["colour"], "shape": arrow, "beyond": record["figure"]}


def _beyond(records: list[Record], x: alt.X, y: alt.Y) -> tuple[alt.Chart, ...]:
    """The values of the arrows, beside them; of two in one row, one behind the other."""
    behind: dict[tuple[str, str], int] = {}
    layers = []
    for record in records:
        if "beyond" in record:
            place = behind[record["name"], record["shape"]] = behind.get((record["name"], record["shape"]), -1) + 1
            align, dx = ("left", 7 + 38 * place) if record["shape"] == "triangle-left" else ("right", -7 - 38 * place)
            text = words(inline([record]), "beyond", size=look.SIZE - 2, align=align, dx=dx)
            layers.append(text.encode(x=x, y=y, color=own_colour()))
    return tuple(layers)


def _zero(records: list[Record], x: alt.X) -> tuple[alt.Chart, ...]:
    """A line at zero where values lie on both sides of it."""
    if not min(record["low"] for record in records) < 0 < max(record["high"] for record in records):
        return ()
    return (alt.Chart(inline([{"value": 0}])).mark_rule(color=look.GREY, strokeDash=[2, 3], aria=False).encode(x=x),)


def _y(many: bool) -> alt.Y:
    size = look.SIZE - 2 if many else look.SIZE
    look_of_names = alt.Axis(title=None, ticks=False, domain=False, labelPadding=8, labelColor=look.INK, labelFontSize=size)
    axis = alt.Axis(**look_of_names.to_dict(), grid=many, gridColor=look.GUIDE)
    return alt.Y("name:N", sort=None, axis=axis)


def _labels(finding: Finding, records: list[Record], x: alt.X, y: alt.Y) -> alt.Chart | alt.LayerChart:
    """The values beside the dots of a single series; of two, what their colours mean."""
    if len(finding.series) > 1:
        return _names(records, finding.series).encode(x=x, y=y)
    size = look.SIZE - 2 if len(records) > MANY_ROWS else look.SIZE
    return words(
        inline([record for record in records if "beyond" not in record]), "figure", size=size, align="left", dx=9, color=look.QUIET
    ).encode(x="high:Q", y=y)


def _shift(finding: Finding, place: int, apart: int) -> int:
    """Two series stand a little above and below the middle of their row, so that neither hides the other's interval."""
    return 0 if len(finding.series) == 1 else (2 * place - 1) * apart


def _series(records: list[Record], name: str, x: alt.X, y: alt.Y, size: int, shift: int) -> tuple[alt.Chart, ...]:
    data = inline([record for record in records if record["series"] == name])
    thin = alt.Chart(data).mark_rule(strokeWidth=1.8, strokeCap="round", yOffset=shift, aria=False)
    return points(data, size=size, shift=shift).encode(x=x, y=y), thin.encode(x=alt.X("low:Q"), x2="high:Q", y=y, color=own_colour())


def _drawn(records: list[Record]) -> list[Record]:
    if len(records) <= MOST_ROWS:
        return records
    return records[: MOST_ROWS // 2] + records[-MOST_ROWS // 2 :]


def _dot(row: Record, first: str, name: str, place: int, kind: CellKind, decimals: int) -> Record:
    value, low, high = row[name], row.get(f"{name}_low"), row.get(f"{name}_high")
    return {
        "name": row[first],
        "series": name,
        "value": value,
        "low": value if low is None else low,
        "high": value if high is None else high,
        "colour": COLOURS[place % 2],
        "inner": inner(COLOURS[place % 2], low),
        "shape": SHAPES[place % 2],
        "figure": _figure(value, kind, decimals),
    }


def _figure(value: float, kind: CellKind, decimals: int) -> str:
    if kind is CellKind.SHARE:
        return percent(value)
    return plain(100 * value, 1) if kind is CellKind.POINTS else plain(value, decimals)


def _sentence(row: Record, first: str, name: str, kind: CellKind, finding: Finding) -> str:
    """A dot as a sentence: what, by which measure where there are two, and its interval."""
    measure = f", {finding.series[name]}" if len(finding.series) > 1 else ""
    value = _with_unit(row[name], kind)
    return f"{row[first]}{measure}: {value}{with_ends(row.get(f'{name}_low'), row.get(f'{name}_high'), kind)}"


def _with_unit(value: float, kind: CellKind) -> str:
    if kind is CellKind.POINTS:
        return f"{plain(100 * value, 1)} points"
    return percent(value) if kind is CellKind.SHARE else number(value)


def _decimals(kind: CellKind, values: Sequence[float]) -> int:
    """As many for all values as give the largest one three figures.

    >>> _decimals(CellKind.NUMBER, [20.1, 9.14])
    1
    """
    largest = max(map(abs, values), default=0)
    return max(0, 2 - floor(log10(largest))) if kind is CellKind.NUMBER and largest else 0


def _names(records: list[Record], series: Mapping[str, str]) -> alt.LayerChart:
    """What each colour means, above its dot in the first row: the left one ends before it, the right one begins behind it."""
    top = sorted((record for record in records if record["name"] == records[0]["name"]), key=lambda record: float(record["value"]))
    named = [{**record, "label": series[record["series"]]} for record in top]
    left = words(inline(named[:1]), "label", dy=-17, dx=-NAMES_APART, align="right", fontWeight="bold")
    right = words(inline(named[1:]), "label", dy=-17, dx=NAMES_APART, align="left", fontWeight="bold")
    return alt.LayerChart(layer=[left, right]).encode(color=own_colour())
