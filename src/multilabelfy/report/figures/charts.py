"""Draw a finding: its table becomes an Altair specification, one drawing for each kind of statement."""

from collections.abc import Callable, Mapping
from textwrap import wrap
from typing import Any

import altair as alt

from multilabelfy.report.figures import look
from multilabelfy.report.figures.bars import bars, columns
from multilabelfy.report.figures.curves import against_cost, curves, slopes
from multilabelfy.report.figures.dots import dots
from multilabelfy.report.figures.scatter import scatter
from multilabelfy.report.figures.specifications import specifications
from multilabelfy.report.findings import Drawing, Finding

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
