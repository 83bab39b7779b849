"""Draw a specification curve: under the name of each measure its values in ascending order, one row a choice, the printed one in amber."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import altair as alt

from multilabelfy.report.figures import look
from multilabelfy.report.figures.marks import (
    Record,
    axis_of,
    in_words,
    inline,
    inner,
    layered,
    own_colour,
    points,
    scale_of,
    with_ends,
    words,
)
from multilabelfy.report.findings import CellKind, Finding
from multilabelfy.report.wording import plain

ROW = 19
WIDTH = look.WIDTH - 200
BEFORE = "\t"
"""Ends the part of a row's name that keeps names of different measures apart; the axis leaves it out."""
PRINTED, CHANGED = "as printed", 1


def specifications(finding: Finding) -> alt.LayerChart:
    """The rows with at most one choice changed; the table has those with two as well."""
    rows_of: list[Record] = list(finding.table.records())
    records = [record for record in rows_of if record["changed"] <= CHANGED]
    blocks = [(measure, sorted(rows, key=_middle)) for measure, rows in groupby(records, lambda row: row["measure"])]
    drawn = [_dot(row, rows) for _, rows in blocks for row in rows]
    order = [name for measure, rows in blocks for name in (f"{measure}{BEFORE}", *(_name(row, rows) for row in rows))]
    heads = inline([{"name": f"{measure}{BEFORE}", "label": measure} for measure, _ in blocks])
    label = alt.Axis(
        title=None, ticks=False, domain=False, labelPadding=8, labelColor=look.INK, labelExpr=f"split(datum.label, '{BEFORE}')[1]"
    )
    y = alt.Y("name:N", sort=order, axis=label)
    scale = scale_of(CellKind.NUMBER, [row[end] for row in drawn for end in ("low", "high")])
    x = alt.X("value:Q", scale=scale, axis=axis_of(CellKind.NUMBER, finding.axes[1], tickCount=6))
    data, valued = inline(drawn), [row for row in drawn if row["value"] is not None]
    open_ended = [row for row in drawn if row["value"] is None]
    bars: list[alt.Chart] = [_bar(valued, y, aria=False)] if valued else []
    bars += [_bar(open_ended, y).encode(description=in_words())] if open_ended else []
    head = words(heads, "label", align="right", dx=-8, fontWeight="bold").encode(x=alt.value(0), y=y)
    figure = words(data, "figure", align="left", dx=9, color=look.QUIET).encode(x="high:Q", y=y)
    return layered(points(inline(valued)).encode(x=x, y=y), *bars, head, figure, width=WIDTH, height=alt.Step(ROW))


def _bar(rows: Sequence[Record], y: alt.Y, **options: Any) -> alt.Chart:
    """The intervals of rows; where there is no value, it is they that are told."""
    mark: alt.Chart = alt.Chart(inline(rows)).mark_rule(strokeWidth=1.8, strokeCap="round", **options)
    return mark.encode(x="low:Q", x2="high:Q", y=y, color=own_colour())


def _middle(row: Record) -> float:
    """Where a row belongs: at its value, or in the middle of its interval where it has none."""
    return float(row["value"]) if row["value"] is not None else float(row["value_low"] + row["value_high"]) / 2


def _name(row: Record, rows: list[Record]) -> str:
    return f"{row['measure']}{BEFORE}{_choice(row, rows)}"


def _choice(row: Record, rows: list[Record]) -> str:
    """What a row changes: its labels or its images; the printed row says both."""
    [printed] = [other for other in rows if not other["changed"]] or [row]
    if row is printed:
        return f"{row['images']} ({PRINTED})"
    return str(row["images"] if row["labels"] == printed["labels"] else row["labels"])


def _dot(row: Record, rows: list[Record]) -> Record:
    colour, shape = (look.BLUE, "circle") if row["changed"] else (look.AMBER, "diamond")
    low, high = row["value_low"], row["value_high"]
    value, unit = row["value"], "%" if row["unit"] == "%" else " points"
    figure = f"{low:.1f}–{high:.1f}{unit}" if value is None else f"{plain(value, 1)}{unit}"
    interval = " (95% interval)" if value is None else with_ends(low, high, CellKind.NUMBER)
    return {
        "name": _name(row, rows),
        "value": value,
        "low": value if low is None else low,
        "high": value if high is None else high,
        "colour": colour,
        "inner": inner(colour, low),
        "shape": shape,
        "figure": figure,
        "told": f"{row['measure']}, {row['labels']}, {row['images']}: {figure}{interval}",
    }
