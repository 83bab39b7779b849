"""The marks that figures share: values with their interval, labels where a line ends, data without a DataFrame.

Only marks that hold a value are told to a screen reader and can be read one by one on the live page: each carries a sentence, `told`.
"""

from collections.abc import Sequence
from math import ceil, floor
from typing import Any

import altair as alt

from multilabelfy.report.figures import look
from multilabelfy.report.findings import CellKind
from multilabelfy.report.wording import between, from_to, number
from multilabelfy.statistics.intervals import Interval

Record = dict[str, Any]

SMALL_SPREAD, NEAR_ZERO, ROUNDING = 0.12, 0.3, 1e-9
WHISKER_WIDTH, HALO_WIDTH = 1.2, 3.2
CROWD, NEAR, SMALL_PART, FEWEST_OF_A_CROWD = 0.85, 0.3, 0.6, 12


def inline(records: Sequence[Record]) -> alt.InlineData:
    """Rows as data inside the specification: a tuple, which Altair passes on where it would copy a list at every step."""
    return alt.InlineData(values=tuple(records))


def share_axis(title: str, **options: Any) -> alt.Axis:
    """An axis of fractions, printed as percentages; one decimal where the steps are finer than a whole one."""
    return alt.Axis(title=title or None, labelExpr="format(100 * datum.value, '.1~f') + '%'", **options)


def axis_of(kind: CellKind, title: str, **options: Any) -> alt.Axis:
    """An axis in the unit of a column."""
    if kind is CellKind.SHARE:
        return share_axis(title, **options)
    if kind is CellKind.POINTS:
        return alt.Axis(title=title or None, labelExpr="format(100 * datum.value, '~g')", **options)
    return alt.Axis(title=title or None, **options)


def scale_of(kind: CellKind, values: Sequence[float]) -> alt.Scale:
    """A scale that holds the values; other than shares always start at 0."""
    if kind in (CellKind.SHARE, CellKind.POINTS):
        return alt.Scale(domain=list(zoomed(values)), nice=False)
    return alt.Scale(domain=[min(0.0, *values), max(values)], nice=True)


def zoomed(values: Sequence[float]) -> tuple[float, float]:
    """A domain of shares that holds the values, in steps that fit their spread; it starts at 0 where that is near.

    >>> zoomed([0.62, 0.81]), zoomed([0.12, 0.44]), zoomed([-0.07, -0.02])
    ((0.6, 0.9), (0.0, 0.5), (-0.08, 0.0))
    """
    low, high = min(values), max(values)
    step = 0.1 if high - low > SMALL_SPREAD else 0.02
    low, high = floor(low / step + ROUNDING) * step, ceil(high / step - ROUNDING) * step
    if 0 <= low <= NEAR_ZERO and step > NEAR_ZERO / 10:
        low = 0.0
    if -NEAR_ZERO <= high < 0:
        high = 0.0
    return round(low, 4), min(1.0, round(high if high > low else low + step, 4))


def spread(wanted: Sequence[float], gap: float) -> list[float]:
    """Positions as near as possible to the wanted ones, at least `gap` apart, in the same order: labels that never overlap.

    >>> spread([0.5, 0.5, 0.9], 0.25)
    [0.375, 0.625, 0.9]
    """
    order = sorted(range(len(wanted)), key=lambda place: (wanted[place], place))
    groups: list[list[int]] = []
    for place in order:
        groups.append([place])
        while len(groups) > 1 and _start(groups[-1], wanted, gap) < _end(groups[-2], wanted, gap) + gap - 1e-12:
            groups[-2:] = [groups[-2] + groups[-1]]
    placed = list(wanted)
    for group in groups:
        start = _start(group, wanted, gap)
        for position, place in enumerate(group):
            placed[place] = round(start + position * gap, 12)
    return placed


def whisker(data: alt.InlineData, low: str, high: str, along: alt.X | alt.Y) -> alt.LayerChart:
    """The interval of a value as a thin line with a light edge, so that it is seen on a bar as well as beside it."""
    return alt.LayerChart(
        layer=[
            _rule(data, low, high, along, look.PAPER, HALO_WIDTH),
            _rule(data, low, high, along, look.INK, WHISKER_WIDTH),
        ]
    )


def _rule(data: alt.InlineData, low: str, high: str, along: alt.X | alt.Y, colour: str, width: float) -> alt.Chart:
    mark: alt.Chart = alt.Chart(data).mark_rule(color=colour, strokeWidth=width, aria=False)
    if isinstance(along, alt.Y):
        return mark.encode(x=alt.X(f"{low}:Q"), x2=alt.X2(high), y=along)
    return mark.encode(x=along, y=alt.Y(f"{low}:Q"), y2=alt.Y2(high))


def words(data: alt.InlineData, field: str, *, size: int = look.SIZE, **options: Any) -> alt.Chart:
    """A text mark of one field of the data; place it with `encode`."""
    mark: alt.Chart = alt.Chart(data).mark_text(font=look.FONT, fontSize=size, aria=False, **options)
    return mark.encode(text=alt.Text(f"{field}:N"))


def points(data: alt.InlineData, *, size: int = 52, opacity: float = 1.0, shift: int = 0) -> alt.Chart:
    """A point a row in the row's own colour and shape, shifted down by some pixels; it is told by the row's sentence.

    A point with an interval is hollow (`inner`), and its interval is drawn over it: however short, it is seen.
    """
    mark: alt.Chart = alt.Chart(data).mark_point(size=size, opacity=opacity, yOffset=shift, strokeWidth=1.4)
    return mark.encode(
        stroke=alt.Stroke("colour:N", scale=None, legend=None),
        fill=alt.Fill("inner:N", scale=None, legend=None),
        shape=alt.Shape("shape:N", scale=None, legend=None),
        description=in_words(),
    )


def inner(colour: str, low: float | None) -> str:
    """What fills a point: the paper where it has an interval, else its own colour."""
    return colour if low is None else look.PAPER


def crowd(values: Sequence[float]) -> tuple[float, float] | None:
    """Where nearly all values lie, with all near them, if that is a small part of the range: a few far ones stretch an axis over nothing.

    >>> crowd([0.02, *[0.6 + i / 100 for i in range(12)]]), crowd([0.1 * i for i in range(12)])
    ((0.6, 0.71), None)
    """
    ordered = sorted(values)
    n = ceil(CROWD * len(ordered))
    if len(ordered) < FEWEST_OF_A_CROWD:
        return None
    span, start = min((ordered[place + n - 1] - ordered[place], place) for place in range(len(ordered) - n + 1))
    first, last = start, start + n - 1
    while first and ordered[first] - ordered[first - 1] <= NEAR * span:
        first -= 1
    while last < len(ordered) - 1 and ordered[last + 1] - ordered[last] <= NEAR * span:
        last += 1
    within = ordered[first], ordered[last]
    return within if within[1] - within[0] <= SMALL_PART * (ordered[-1] - ordered[0]) else None


def own_colour() -> alt.Color:
    """The colour that the row names; never a legend."""
    return alt.Color("colour:N", scale=None, legend=None)


def in_words() -> alt.Description:
    """The sentence that tells a mark to a screen reader, and on the live page to whoever points at it."""
    return alt.Description("told:N")


def with_ends(low: float | None, high: float | None, kind: CellKind) -> str:
    """An interval in brackets for a mark's sentence; empty where there is none.

    >>> with_ends(0.469, 0.4886, CellKind.SHARE)
    ' (95% interval 46.9–48.9%)'
    """
    if low is None or high is None:
        return ""
    if kind is CellKind.SHARE:
        return f" (95% interval {between(Interval(low, high))})"
    by = 100 if kind is CellKind.POINTS else 1
    return f" (95% interval {from_to(number(by * low), number(by * high))})"


def layered(*layers: alt.Chart | alt.LayerChart, width: int, height: int | alt.Step) -> alt.LayerChart:
    """Layers as one figure of this size, in pixels of 1/96 inch."""
    return alt.LayerChart(layer=list(layers), width=width, height=height)


def _start(group: Sequence[int], wanted: Sequence[float], gap: float) -> float:
    middle = sum(wanted[place] for place in group) / len(group)
    return middle - gap * (len(group) - 1) / 2


def _end(group: Sequence[int], wanted: Sequence[float], gap: float) -> float:
    return _start(group, wanted, gap) + gap * (len(group) - 1)
