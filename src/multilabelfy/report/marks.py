"""The marks that figures share: values with their interval, labels where a line ends, data without a DataFrame."""

from collections.abc import Sequence
from math import ceil, floor
from typing import Any

import altair as alt

from multilabelfy.report import look
from multilabelfy.report.findings import Kind

Record = dict[str, Any]

SMALL_SPREAD, NEAR_ZERO, ROUNDING = 0.12, 0.3, 1e-9


def inline(records: Sequence[Record]) -> alt.InlineData:
    """Rows as data inside the specification."""
    return alt.InlineData(values=list(records))


def share_axis(title: str, **options: Any) -> alt.Axis:
    """An axis of fractions, printed as percentages."""
    return alt.Axis(title=title or None, format=".0%", **options)


def axis_of(kind: Kind, title: str, **options: Any) -> alt.Axis:
    """An axis in the unit of a column."""
    return share_axis(title, **options) if kind is Kind.SHARE else alt.Axis(title=title or None, **options)


def scale_of(kind: Kind, values: Sequence[float]) -> alt.Scale:
    """A scale that holds the values; other than shares always start at 0."""
    if kind is Kind.SHARE:
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


def whisker(data: alt.InlineData, low: str, high: str, *, horizontal: bool = False, width: float = 1.2) -> alt.Chart:
    """The interval of a value as a thin line."""
    mark: alt.Chart = alt.Chart(data).mark_rule(color=look.INK, strokeWidth=width)
    if horizontal:
        return mark.encode(x=alt.X(f"{low}:Q"), x2=alt.X2(high))
    return mark.encode(y=alt.Y(f"{low}:Q"), y2=alt.Y2(high))


def words(data: alt.InlineData, field: str, *, size: int = look.SIZE, **options: Any) -> alt.Chart:
    """A text mark of one field of the data; place it with `encode`."""
    mark: alt.Chart = alt.Chart(data).mark_text(font=look.FONT, fontSize=size, **options)
    return mark.encode(text=alt.Text(f"{field}:N"))


def points(data: alt.InlineData, *, size: int = 52, opacity: float = 1.0, shift: int = 0) -> alt.Chart:
    """A point a row in the row's own colour and shape, shifted down by some pixels."""
    mark: alt.Chart = alt.Chart(data).mark_point(filled=True, size=size, opacity=opacity, yOffset=shift)
    return mark.encode(color=own_colour(), shape=alt.Shape("shape:N", scale=None, legend=None))


def own_colour() -> alt.Color:
    """The colour that the row names; never a legend."""
    return alt.Color("colour:N", scale=None, legend=None)


def layered(*layers: alt.Chart | alt.LayerChart, width: int, height: int | alt.Step) -> alt.LayerChart:
    """Layers as one figure of this size, in pixels of 1/96 inch."""
    return alt.LayerChart(layer=list(layers), width=width, height=height)


def _start(group: Sequence[int], wanted: Sequence[float], gap: float) -> float:
    middle = sum(wanted[place] for place in group) / len(group)
    return middle - gap * (len(group) - 1) / 2


def _end(group: Sequence[int], wanted: Sequence[float], gap: float) -> float:
    return _start(group, wanted, gap) + gap * (len(group) - 1)
