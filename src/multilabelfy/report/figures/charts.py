"""Draw a finding: its table becomes an Altair specification, one drawing for each kind of statement."""

from collections.abc import Callable, Mapping
from textwrap import wrap
from typing import Any

import altair as alt

from multilabelfy.report.figures import look
from multilabelfy.report.figures.curves import against_cost, curves, slopes
from multilabelfy.report.figures.dots import dots
from multilabelfy.report.figures.marks import Record, in_words, inline, layered, own_colour, share_axis, whisker, with_ends, words
from multilabelfy.report.figures.scatter import scatter
from multilabelfy.report.figures.specifications import specifications
from multilabelfy.report.findings import CellKind, Drawing, Finding
from multilabelfy.report.wording import counted
from multilabelfy.statistics.intervals import wilson


def columns(finding: Finding) -> alt.LayerChart:
    """Images by number of labels, the ones with several in blue; the rare large numbers share the last column."""
    records = _with_tail(finding.table.records())
    data, order = inline(records), [record["labels"] for record in records]
    x = alt.X("labels:O", sort=order, axis=alt.Axis(title=finding.axes[0], labelAngle=0, ticks=False))
    y = alt.Y("images:Q", axis=alt.Axis(title=finding.axes[1], format=",d", tickCount=5))
    bar = alt.Chart(data).mark_bar(width={"band": 0.8}).encode(x=x, y=y, color=own_colour(), description=in_words())
    label = words(data, "figure", dy=-8, color=look.QUIET).encode(x=x, y="high:Q")
    return layered(bar, whisker(data, "low", "high", x), label, width=look.WIDTH, height=look.HEIGHT)


def bars(finding: Finding) -> alt.LayerChart:
    """Shares by category, one bar each in the table's order, the marked ones in amber."""
    first = finding.table.columns[0].name
    records = [_bar(record, first, finding.marked) for record in finding.table.records() if record["share"] is not None]
    data = inline(records)
    y = alt.Y("name:N", sort=None, axis=alt.Axis(title=None, ticks=False, domain=False, labelPadding=8, labelColor=look.INK))
    x = alt.X("share:Q", scale=alt.Scale(domainMin=0), axis=share_axis(finding.axes[1], tickCount=5))
    bar = alt.Chart(data).mark_bar(height={"band": 0.62}).encode(x=x, y=y, color=own_colour(), description=in_words())
    label = words(data, "figure", align="left", dx=7, color=look.QUIET).encode(x="share_high:Q", y=y)
    return layered(bar, whisker(data, "share_low", "share_high", y), label, width=look.WIDTH - 60, height=alt.Step(BAR_STEP))


DRAWINGS: Mapping[Drawing, Callable[[Finding], alt.LayerChart]] = {
    Drawing.COLUMNS: columns,
    Drawing.BARS: bars,
    Drawing.DOTS: dots,
    Drawing.CURVES: curves,
    Drawing.COST: against_cost,
    Drawing.SCATTER: scatter,
    Drawing.SLOPES: slopes,
    Drawing.SPECIFICATIONS: specifications,
}


def specification(finding: Finding) -> dict[str, Any]:
    """The finding's figure as Vega-Lite with its data inside. Raises ValueError where the finding is a table alone."""
    if finding.drawing is None:
        raise ValueError(f"The finding '{finding.slug}' has no figure.")
    title = balanced(finding.title, look.TITLE_WIDTH)
    subtitle = balanced(finding.subtitle, round(1.35 * look.TITLE_WIDTH))
    chart = look.in_our_look(DRAWINGS[finding.drawing](finding), title, subtitle)
    # Altair's check of every value against its schema takes most of the time; the tests do it.
    spec = chart.to_dict(validate=False)
    rows = {name: list(records) for name, records in spec["datasets"].items()}
    return {"description": f"{finding.title}. {finding.subtitle}.", **spec, "datasets": rows}


def without_title(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The same figure for a page that says its title beside it."""
    return {name: value for name, value in spec.items() if name != "title"}


def balanced(text: str, width: int) -> list[str]:
    """Lines of at most `width` letters, as few as there can be, and of much the same length: no word is left alone.

    >>> balanced("one two three four", 14)
    ['one two', 'three four']
    """
    n_lines = len(wrap(text, width))
    narrowest = next((w for w in range(max(1, len(text) // max(1, n_lines)), width) if len(wrap(text, w)) == n_lines), width)
    return wrap(text, narrowest)


TAIL = 0.012
"""Numbers of labels from which on fewer than this share of the images are left share the last column."""
FEWEST_COLUMNS = 3
BAR_STEP = 34


def _with_tail(records: list[Record]) -> list[Record]:
    n_images = left = sum(record["images"] for record in records)
    kept: list[Record] = []
    for place, record in enumerate(records):
        if place >= FEWEST_COLUMNS and place < len(records) - 1 and left <= TAIL * n_images:
            return [*kept, _column(f"{record['labels']}+", records[place:], n_images)]
        kept.append(_column(str(record["labels"]), [record], n_images))
        left -= record["images"]
    return kept


def _column(labels: str, of: list[Record], n_images: int) -> Record:
    n = sum(record["images"] for record in of)
    interval = wilson(n, n_images)
    low, high = (0.0, 0.0) if interval is None else (interval.low * n_images, interval.high * n_images)
    colour = look.GREY if labels in ("0", "1") else look.BLUE
    valid = f"{labels} valid label{'' if labels == '1' else 's'}"
    told = f"{valid}: {counted(n, 'image')}{with_ends(low, high, CellKind.NUMBER) if n_images else ''}"
    return {"labels": labels, "images": n, "low": low, "high": high, "colour": colour, "figure": f"{n:,}", "told": told}


def _bar(record: Record, first: str, marked: tuple[str, ...]) -> Record:
    figure = f"{record['images']:,} ({record['share']:.1%})"
    told = f"{record[first]}: {counted(record['images'], 'image')}, {record['share']:.1%}"
    told += with_ends(record["share_low"], record["share_high"], CellKind.SHARE)
    colour = look.AMBER if record[first] in marked else look.BLUE
    return {**record, "name": record[first], "figure": figure, "colour": colour, "told": told}
