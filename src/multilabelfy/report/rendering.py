"""Turn a report into files' contents: figures as SVG, PNG and Vega-Lite JSON, tables as CSV and LaTeX, and one self-contained page."""

import csv
import io
import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from multilabelfy.report.figures.charts import specification, without_title
from multilabelfy.report.figures.look import page_styles
from multilabelfy.report.findings import Cell, CellKind, Finding, FindingTable, Report
from multilabelfy.report.tables import printed

PNG_SCALE = 300 / 96
"""A figure is drawn in pixels of 1/96 inch; this scale gives 300 dots per printed inch."""
MOST_ROWS_ON_THE_PAGE = 60
MOST_ROWS_OF_A_FLOAT = 40
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell begins with that a spreadsheet takes for a formula."""
NO_THUMBNAILS: Mapping[str, bytes] = {}
LATEX = {"&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}"}
LATEX |= {"<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", "“": "``", "”": "''", "…": r"\ldots{}"}
LATEX |= {"^": r"\textasciicircum{}", "\\": r"\textbackslash{}", "–": "--", "−": r"$-$", "²": r"$^2$", "×": r"$\times$", "’": "'"}


@dataclass(frozen=True)
class Figure:
    """A finding's figure: its specification, its SVG with the title, and an SVG without it for a page that shows the title itself.

    Each is drawn when it is first asked for; Vega-Lite is compiled once for both.
    """

    specification: Mapping[str, Any]

    @cached_property
    def svg(self) -> str:
        """The figure with its title; drawing it contacts no server."""
        return _svg(self._compiled)

    @cached_property
    def untitled_svg(self) -> str:
        """The figure without it."""
        return _svg(without_title(self._compiled))

    def png(self) -> bytes:
        """The figure at 300 dots per printed inch."""
        return bytes(vl_convert.svg_to_png(self.svg, scale=PNG_SCALE))

    @cached_property
    def _compiled(self) -> Mapping[str, Any]:
        """The figure as Vega, which has its title in the same place."""
        compiled: dict[str, Any] = vl_convert.vegalite_to_vega(json.dumps(self.specification))
        return compiled


def _svg(vega: Mapping[str, Any]) -> str:
    return str(vl_convert.vega_to_svg(json.dumps(vega), allowed_base_urls=[]))


def figures(report: Report) -> dict[str, Figure]:
    """The figure of each finding that has one, by slug."""
    return {finding.slug: drawn(finding) for finding in report.findings if finding.drawing is not None}


def drawn(finding: Finding) -> Figure:
    """The figure of one finding. Raises ValueError where it is a table alone."""
    return Figure(specification(finding))


def page(report: Report, drawings: Mapping[str, Figure], thumbnails: Mapping[str, bytes] = NO_THUMBNAILS) -> str:
    """The whole report as one HTML file that needs no other; `thumbnails` are small WebP files by image path."""
    inline = {slug: _inline(slug, figure.untitled_svg) for slug, figure in drawings.items()}
    shown = {image: f"data:image/webp;base64,{b64encode(file).decode()}" for image, file in thumbnails.items()}
    return _template("report.html").render(
        report=report,
        svgs=inline,
        thumbnails=shown,
        most_rows=MOST_ROWS_ON_THE_PAGE,
        level=3,
        has_files=True,
        figure_styles=page_styles("figure"),
    )


def section(finding: Finding) -> str:
    """One finding as a part of a page: title, figure, definition and table."""
    inline = {finding.slug: _inline(finding.slug, drawn(finding).untitled_svg)} if finding.drawing is not None else {}
    return _template("finding.html").render(
        finding=finding, svgs=inline, thumbnails={}, most_rows=MOST_ROWS_ON_THE_PAGE, level=2, has_files=False
    )


def _template(name: str) -> Template:
    environment = Environment(loader=PackageLoader("multilabelfy.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters["printed"] = printed
    return environment.get_template(name)


def csv_of(table: FindingTable) -> str:
    """The table with all its digits, for people; an empty cell where nothing is defined. No text in it is a formula to a spreadsheet."""
    rows: list[list[Cell]] = [[column.name for column in table.columns], *([_harmless(cell) for cell in row] for row in table.rows)]
    return "".join(f"{_csv_row(row)}\n" for row in rows)


def _csv_row(cells: Sequence[Cell]) -> str:
    """One row without its end. A writer quotes the characters of its line end: so it quotes both, and no text begins a row of its own."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().removesuffix("\r\n")


def _harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula, after an apostrophe; numbers as they are.

    Source: OWASP, CSV injection.

    >>> _harmless("=1+1"), _harmless("-"), _harmless("a=b"), _harmless(-1.5)
    ("'=1+1", "'-", 'a=b', -1.5)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell


def latex_of(finding: Finding) -> str:
    """The table for a paper, with booktabs; an interval takes one column. A table too long for one page spans several."""
    columns, rows = printed(finding.table)
    places = "".join("l" if column.kind is CellKind.TEXT and column.name != "interval" else "r" for column in columns)
    lines = [" & ".join(map(_latex, cells)) + r" \\" for cells in ([column.heading for column in columns], *rows)]
    caption = rf"\caption{{{_latex(finding.title)}. {_latex(finding.subtitle)}.}}\label{{tab:{finding.slug}}}"
    form = _on_several_pages if len(rows) > MOST_ROWS_OF_A_FLOAT else _as_float
    return "\n".join([*form(caption, places, lines[0], lines[1:]), ""])


def _as_float(caption: str, places: str, heading: str, rows: Sequence[str]) -> list[str]:
    opening = [r"% needs \usepackage{booktabs}", r"\begin{table}", r"\centering", caption, rf"\begin{{tabular}}{{{places}}}"]
    return [*opening, r"\toprule", heading, r"\midrule", *rows, r"\bottomrule", r"\end{tabular}", r"\end{table}"]


def _on_several_pages(caption: str, places: str, heading: str, rows: Sequence[str]) -> list[str]:
    opening = [r"% needs \usepackage{booktabs,longtable}", rf"\begin{{longtable}}{{{places}}}", caption + r"\\"]
    head = [r"\toprule", heading, r"\midrule", r"\endhead"]
    return [*opening, *head, *rows, r"\bottomrule", r"\end{longtable}"]


def _latex(text: str) -> str:
    """
    >>> _latex("47.9% of a_b")
    '47.9\\\\% of a\\\\_b'
    """
    return "".join(LATEX.get(letter, letter) for letter in text)


def _inline(slug: str, svg: str) -> str:
    """An SVG for a page that holds several: its ids carry the figure's name, and screen readers skip it (they have the table)."""
    named = re.sub(r'\bid="([^"]+)"', rf'id="{slug}-\1"', svg)
    named = re.sub(r"url\(#([^)]+)\)", rf"url(#{slug}-\1)", named)
    return re.sub(r"<svg\b", '<svg role="img" aria-hidden="true"', named, count=1)
