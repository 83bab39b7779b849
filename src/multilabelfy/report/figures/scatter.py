"""Draw one measure against another with the fitted line; the best, the worst and the marked things are named beside their point."""

import altair as alt

from multilabelfy.report.figures import look
from multilabelfy.report.figures.marks import Record, inline, layered, own_colour, points, share_axis, words
from multilabelfy.report.findings import Finding

LETTER, LINE = 6 / (look.WIDTH - 60), 0.05
"""The room that a letter and a line of a name take, as parts of the figure: names that would touch are left out."""
BESIDE = 0.25
"""How far a name may run beyond the axes, as a part of the figure."""
MOST_NAMES = 8
MOST_INTERVALS = 200


def scatter(finding: Finding) -> alt.LayerChart:
    """`top1` against `real`, with `fitted`; marked rows in amber."""
    rows = [record for record in finding.table.records() if record["top1"] is not None and record["real"] is not None]
    records = [_point(record, finding) for record in rows]
    data = inline(records)
    xs, ys = _domain(records, "top1"), _domain(records, "real")
    x = alt.X("top1:Q", scale=alt.Scale(domain=xs, nice=True), axis=share_axis(finding.axes[0], tickCount=7))
    y_scale = alt.Scale(domain=ys, nice=True)
    y = alt.Y("real:Q", scale=y_scale, axis=share_axis(finding.axes[1], tickCount=7))
    line = alt.Chart(data).mark_line(color=look.GREY, strokeWidth=1.5, aria=False).encode(x=x, y=alt.Y("fitted:Q", scale=y_scale))
    point = points(inline([record for record in records if not record["marked"]]), size=34, opacity=0.85).encode(x=x, y=y)
    marked = points(inline([record for record in records if record["marked"]]), size=80).encode(x=x, y=y)
    named = _named(records, xs, ys)
    below = [record for record in named if not _stands_above(record, xs)]
    above = [record for record in named if _stands_above(record, xs)]
    names = (
        words(inline(below), "model", size=11, align="left", dx=9, dy=8, color=look.QUIET).encode(x=x, y=y),
        words(inline(above), "model", size=11, align="right", dx=-9, dy=-8, color=look.QUIET).encode(x=x, y=y),
    )
    with_intervals = len(records) <= MOST_INTERVALS and all(record["top1_low"] is not None for record in records)
    intervals = _intervals(data, x, y) if with_intervals else ()
    return layered(line, *intervals, point, marked, *names, width=look.WIDTH - 60, height=look.HEIGHT + 20)


def _intervals(data: alt.InlineData, x: alt.X, y: alt.Y) -> tuple[alt.Chart, ...]:
    wide = (
        alt.Chart(data).mark_rule(strokeWidth=1, opacity=0.5, aria=False).encode(x="top1_low:Q", x2="top1_high:Q", y=y, color=own_colour())
    )
    tall = (
        alt.Chart(data).mark_rule(strokeWidth=1, opacity=0.5, aria=False).encode(x=x, y="real_low:Q", y2="real_high:Q", color=own_colour())
    )
    return wide, tall


def _point(record: Record, finding: Finding) -> Record:
    is_marked = record["model"] in finding.marked
    colour, shape = (look.AMBER, "diamond") if is_marked else (look.BLUE, "circle")
    told = f"{record['model']}: {finding.axes[0]} {record['top1']:.1%}, {finding.axes[1]} {record['real']:.1%}"
    return {**record, "colour": colour, "shape": shape, "marked": is_marked, "told": told}


def _domain(records: list[Record], name: str) -> list[float]:
    return [max(0.0, min(record[name] for record in records) - 0.02), min(1.0, max(record[name] for record in records) + 0.02)]


def _named(records: list[Record], xs: list[float], ys: list[float]) -> list[Record]:
    """The marked ones, the best and the worst, then whatever is farthest from all names so far, as long as no two names touch."""
    by_top1 = sorted(records, key=lambda record: float(record["top1"]), reverse=True)
    kept: list[Record] = []
    for record in [*(record for record in by_top1 if record["marked"]), by_top1[0], by_top1[-1]]:
        if len(kept) < MOST_NAMES and all(_apart(record, other, xs, ys) for other in kept):
            kept.append(record)
    while len(kept) < MOST_NAMES:
        farthest = max(by_top1, key=lambda record: min(abs(record["real"] - other["real"]) for other in kept))
        if not all(_apart(farthest, other, xs, ys) for other in kept):
            break
        kept.append(farthest)
    return kept


def _apart(record: Record, other: Record, xs: list[float], ys: list[float]) -> bool:
    if _stands_above(record, xs) != _stands_above(other, xs):
        return True
    away_x = abs(record["top1"] - other["top1"]) / (xs[1] - xs[0])
    away_y = abs(record["real"] - other["real"]) / (ys[1] - ys[0])
    left, right = sorted((record, other), key=lambda record: float(record["top1"]))
    between = right if _stands_above(record, xs) else left  # the name that reaches from its point towards the other one
    return bool(away_x > LETTER * len(between["model"]) or away_y > LINE)


def _stands_above(record: Record, xs: list[float]) -> bool:
    """Whether a point's name stands above it, to the left, where a rising trend leaves room: else it would run out of the figure."""
    room = (xs[1] - record["top1"]) / (xs[1] - xs[0])
    return bool(LETTER * len(record["model"]) > room + BESIDE)
