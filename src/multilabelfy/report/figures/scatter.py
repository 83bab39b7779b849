"""Draw one measure against another with the fitted line; the best, the worst and the marked things are named beside their point.

Where a few far points stretch the axes, the crowd is drawn again, enlarged, in the corner that a rising trend leaves free.
"""

import altair as alt

from multilabelfy.report.figures import look
from multilabelfy.report.figures.inset import Inset, Range, inset_of
from multilabelfy.report.figures.marks import Record, inline, inner, layered, own_colour, points, share_axis, with_ends, words, zoomed
from multilabelfy.report.findings import CellKind, Finding

LETTER, LINE = 6 / (look.WIDTH - 60), 0.05
"""The room that a letter and a line of a name take, as parts of the figure: names that would touch are left out."""
BESIDE = 0.25
"""How far a name may run beyond the axes, as a part of the figure."""
MOST_NAMES = 8
MOST_INTERVALS = 200


def scatter(finding: Finding) -> alt.LayerChart:
    """`top1` against `real`, with `fitted`; marked rows in amber."""
    rows = [record for record in finding.table.records() if record["top1"] is not None and record["real"] is not None]
    has_intervals = len(rows) <= MOST_INTERVALS and all(record["top1_low"] is not None for record in rows)
    records = [_point(record, finding, has_intervals=has_intervals) for record in rows]
    xs, ys = zoomed([record["top1"] for record in records]), zoomed([record["real"] for record in records])
    x = alt.X("top1:Q", scale=alt.Scale(domain=list(xs), nice=False), axis=share_axis(finding.axes[0], tickCount=7))
    y_scale = alt.Scale(domain=list(ys), nice=False)
    y = alt.Y("real:Q", scale=y_scale, axis=share_axis(finding.axes[1], tickCount=7))
    data = inline(records)
    line = alt.Chart(data).mark_line(color=look.GREY, strokeWidth=1.5, aria=False).encode(x=x, y=alt.Y("fitted:Q", scale=y_scale))
    inset = inset_of(records, xs, ys)
    width, height = look.WIDTH - 60, look.HEIGHT + 20
    if inset is None:
        layers = (*_marks(records, x, y, has_intervals=has_intervals), *_names(records, xs, ys, x, y))
        return layered(line, *layers, width=width, height=height)
    outside = [record for record in records if record not in inset.inside]
    far = (*_marks(outside, x, y, has_intervals=has_intervals), *_names(outside, xs, ys, x, y))
    return layered(line, *_small(inset, x, y), *far, *_enlarged(inset, x, y, has_intervals=has_intervals), width=width, height=height)


def _marks(records: list[Record], x: alt.X, y: alt.Y, *, has_intervals: bool) -> tuple[alt.Chart, ...]:
    plain = points(inline([record for record in records if not record["marked"]]), size=34, opacity=0.85).encode(x=x, y=y)
    marked = points(inline([record for record in records if record["marked"]]), size=80).encode(x=x, y=y)
    return (plain, marked, *(_intervals(inline(records), x, y) if has_intervals else ()))


def _names(records: list[Record], xs: Range, ys: Range, x: alt.X, y: alt.Y) -> tuple[alt.Chart, ...]:
    """Names beside some of the points."""
    named = _named(records, xs, ys)
    below = [record for record in named if not _stands_above(record, xs)]
    above = [record for record in named if _stands_above(record, xs)]
    return (
        words(inline(below), "model", size=11, align="left", dx=9, dy=8, color=look.QUIET).encode(x=x, y=y),
        words(inline(above), "model", size=11, align="right", dx=-9, dy=-8, color=look.QUIET).encode(x=x, y=y),
    )


def _small(inset: Inset, x: alt.X, y: alt.Y) -> tuple[alt.Chart, ...]:
    """The crowd where it lies: small, in a frame, and told by its enlargement alone."""
    mark = alt.Chart(inline(list(inset.inside))).mark_circle(size=9, opacity=0.7, aria=False)
    return mark.encode(x=x, y=y, color=own_colour()), _frame(inset.of, x, y)


def _enlarged(inset: Inset, x: alt.X, y: alt.Y, *, has_intervals: bool) -> tuple[alt.Chart, ...]:
    records = [inset.moved(record) for record in inset.inside]
    line = alt.Chart(inline(records)).mark_line(color=look.GREY, strokeWidth=1.5, aria=False)
    ticks = [
        words(inline(inset.ticks_below), "text", size=10, dy=9, color=look.QUIET).encode(x=x, y=y),
        words(inline(inset.ticks_beside), "text", size=10, align="right", dx=-5, color=look.QUIET).encode(x=x, y=y),
    ]
    caption = words(inline([inset.caption]), "text", size=10, align="left", dx=4, dy=8, color=look.QUIET).encode(x=x, y=y)
    marks = _marks(records, x, y, has_intervals=has_intervals)
    best = max(records, key=lambda record: float(record["top1"]))
    name = words(inline([best]), "model", size=11, align="right", dx=-9, dy=-6, color=look.QUIET).encode(x=x, y=y)
    return _frame(inset.box, x, y), line.encode(x=x, y=alt.Y("fitted:Q")), *marks, *ticks, caption, name


def _frame(corners: Record, x: alt.X, y: alt.Y) -> alt.Chart:
    mark: alt.Chart = alt.Chart(inline([corners])).mark_rect(fill=look.PAPER, fillOpacity=0, stroke=look.GREY, strokeWidth=0.8, aria=False)
    frame: alt.Chart = mark.encode(x=x, x2="x2:Q", y=y, y2="y2:Q")
    return frame


def _intervals(data: alt.InlineData, x: alt.X, y: alt.Y) -> tuple[alt.Chart, ...]:
    rule = alt.Chart(data).mark_rule(strokeWidth=1, opacity=0.8, aria=False)
    wide = rule.encode(x="top1_low:Q", x2="top1_high:Q", y=y, color=own_colour())
    tall = rule.encode(x=x, y="real_low:Q", y2="real_high:Q", color=own_colour())
    return wide, tall


def _point(record: Record, finding: Finding, *, has_intervals: bool) -> Record:
    is_marked = record["model"] in finding.marked
    colour, shape = (look.AMBER, "diamond") if is_marked else (look.BLUE, "circle")
    ends = [with_ends(record[f"{name}_low"], record[f"{name}_high"], CellKind.SHARE) for name in ("top1", "real")]
    told = f"{record['model']}: {finding.axes[0]} {record['top1']:.1%}{ends[0]}, {finding.axes[1]} {record['real']:.1%}{ends[1]}"
    inside = inner(colour, record["top1_low"] if has_intervals else None)
    return {**record, "colour": colour, "inner": inside, "shape": shape, "marked": is_marked, "told": told}


def _named(records: list[Record], xs: Range, ys: Range) -> list[Record]:
    """The marked ones, the best and the worst, then whatever is farthest from all names so far, as long as no two names touch."""
    by_top1 = sorted(records, key=lambda record: float(record["top1"]), reverse=True)
    kept: list[Record] = []
    for record in [*(record for record in by_top1 if record["marked"]), *by_top1[:1], *by_top1[-1:]]:
        if len(kept) < MOST_NAMES and all(_apart(record, other, xs, ys) for other in kept):
            kept.append(record)
    while kept and len(kept) < MOST_NAMES:
        farthest = max(by_top1, key=lambda record: min(abs(record["real"] - other["real"]) for other in kept))
        if not all(_apart(farthest, other, xs, ys) for other in kept):
            break
        kept.append(farthest)
    return kept


def _apart(record: Record, other: Record, xs: Range, ys: Range) -> bool:
    if _stands_above(record, xs) != _stands_above(other, xs):
        return True
    away_x = abs(record["top1"] - other["top1"]) / (xs[1] - xs[0])
    away_y = abs(record["real"] - other["real"]) / (ys[1] - ys[0])
    left, right = sorted((record, other), key=lambda record: float(record["top1"]))
    between = right if _stands_above(record, xs) else left  # the name that reaches from its point towards the other one
    return bool(away_x > LETTER * len(between["model"]) or away_y > LINE)


def _stands_above(record: Record, xs: Range) -> bool:
    """Whether a point's name stands above it, to the left, where a rising trend leaves room: else it would run out of the figure."""
    room = (xs[1] - record["top1"]) / (xs[1] - xs[0])
    return bool(LETTER * len(record["model"]) > room + BESIDE)
