"""Draw a specification curve: under the name of each measure its values in ascending order, one row a choice, the printed one in amber."""

from itertools import groupby

import altair as alt

from multilabelfy.report.figures import look
from multilabelfy.report.figures.marks import Record, axis_of, inline, inner, layered, own_colour, points, scale_of, with_ends, words
from multilabelfy.report.findings import CellKind, Finding
from multilabelfy.report.wording import MINUS

ROW = 19
WIDTH = look.WIDTH - 200
BEFORE = "\t"
"""Ends the part of a row's name that keeps names of different measures apart; the axis leaves it out."""
PRINTED, CHANGED = "as printed", 1


def specifications(finding: Finding) -> alt.LayerChart:
    """The rows with at most one choice changed; the table has those with two as well."""
    rows_of: list[Record] = list(finding.table.records())
    records = [record for record in rows_of if record["changed"] <= CHANGED]
    blocks = [
        (measure, sorted(rows, key=lambda row: float(row["value"]))) for measure, rows in groupby(records, lambda row: row["measure"])
    ]
    drawn = [_dot(row, rows) for _, rows in blocks for row in rows]
    order = [name for measure, rows in blocks for name in (f"{measure}{BEFORE}", *(_name(row, rows) for row in rows))]
    heads = inline([{"name": f"{measure}{BEFORE}", "label": measure} for measure, _ in blocks])
    label = alt.Axis(
        title=None, ticks=False, domain=False, labelPadding=8, labelColor=look.INK, labelExpr=f"split(datum.label, '{BEFORE}')[1]"
    )
    y = alt.Y("name:N", sort=order, axis=label)
    scale = scale_of(CellKind.NUMBER, [row[end] for row in drawn for end in ("low", "high")])
    x = alt.X("value:Q", scale=scale, axis=axis_of(CellKind.NUMBER, finding.axes[1], tickCount=6))
    data = inline(drawn)
    thin = alt.Chart(data).mark_rule(strokeWidth=1.8, strokeCap="round", aria=False).encode(x="low:Q", x2="high:Q", y=y, color=own_colour())
    head = words(heads, "label", align="right", dx=-8, fontWeight="bold").encode(x=alt.value(0), y=y)
    figure = words(data, "figure", align="left", dx=9, color=look.QUIET).encode(x="high:Q", y=y)
    return layered(points(data).encode(x=x, y=y), thin, head, figure, width=WIDTH, height=alt.Step(ROW))


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
    figure = f"{row['value']:.1f}{'%' if row['unit'] == '%' else ' points'}".replace("-", MINUS)
    told = f"{row['measure']}, {row['labels']}, {row['images']}: {figure}{with_ends(low, high, CellKind.NUMBER)}"
    return {
        "name": _name(row, rows),
        "value": row["value"],
        "low": row["value"] if low is None else low,
        "high": row["value"] if high is None else high,
        "colour": colour,
        "inner": inner(colour, low),
        "shape": shape,
        "figure": figure,
        "told": told,
    }
