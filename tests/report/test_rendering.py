"""The page needs no other file, and every finding leaves as a figure and a table."""

import csv
import io
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.reports import report

from multilabelfy.report.findings import CellKind, Finding, table
from multilabelfy.report.notebook import shown
from multilabelfy.report.rendering import csv_of, drawn, figures, latex_of, page


@pytest.fixture(scope="module")
def html() -> str:
    told = report()
    return page(told, figures(told))


def test_nothing_is_loaded_from_elsewhere(html: str) -> None:
    assert "http" not in html.split("<body")[0]
    assert not re.search(r'(src|srcset)="', html)
    assert set(re.findall(r"https?://[^\s\"<]+", html)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "<script" not in html


def test_every_finding_has_its_heading_definition_and_table(html: str) -> None:
    told = report()
    assert html.count("<h1") == 1
    for finding in told.findings:
        assert f'<h3 id="{finding.slug}">' in html
        assert f"tables/{finding.slug}.csv" in html
    assert html.count("<svg") == sum(finding.drawing is not None for finding in told.findings)


def test_the_contents_lead_to_every_finding_under_its_chapter(html: str) -> None:
    told = report()
    contents = html.split('<ol class="contents">')[1].split("</nav>")[0]
    assert re.findall(r'href="#([^"]+)"', contents) == [
        link for number, chapter in enumerate(told.chapters, start=1) for link in (f"chapter-{number}", *chapter.slugs)
    ] + ["methods"]
    assert [slug for chapter in told.chapters for slug in chapter.slugs] == [finding.slug for finding in told.findings]
    assert "<h2>The models</h2>" in re.sub(r' (class|id)="[^"]*"', "", html)


def test_ids_stand_once(html: str) -> None:
    class Ids(HTMLParser):
        found: list[str]

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found += [value or "" for name, value in attrs if name == "id"]

    parser = Ids()
    parser.found = []
    parser.feed(html)
    assert len(parser.found) == len(set(parser.found))


def test_names_from_outside_are_text(html: str) -> None:
    told = report()
    from dataclasses import replace

    assert "&lt;b&gt;" in page(replace(told, title="<b>"), {})
    assert html.startswith("<!doctype html>")


def test_a_table_keeps_all_its_digits_as_csv() -> None:
    lines = csv_of(report().finding("several-labels").table).splitlines()
    assert lines[0] == "labels,images,share,share_low,share_high"
    assert lines[1].startswith("0,30,0.2,0.1438")


@given(st.text(st.sampled_from("=+-@\t\r\n＝＋－＠,;'\" a1")))
def test_no_text_in_a_table_for_people_is_a_formula_to_a_spreadsheet(name: str) -> None:
    told = table([("label", "label", CellKind.TEXT), ("change", "change", CellKind.NUMBER)], [(name, -0.5)])
    [_, [shown, number]] = csv.reader(io.StringIO(csv_of(told), newline=""))
    assert number == "-0.5"
    assert shown.removeprefix("'") == name.removeprefix("'")  # nothing else changes
    assert not shown or shown[0] not in "=+-@\t\r\n＝＋－＠"


def test_a_table_for_a_paper_is_valid_booktabs() -> None:
    text = latex_of(report().finding("given-against-final"))
    assert r"\begin{tabular}{lrrr}" in text
    assert r"the given label alone is valid & 30 & 20.00\% & 14.38--27.11\% \\" in text
    assert text.count(r"\toprule") == text.count(r"\bottomrule") == 1


def test_what_means_something_to_latex_is_escaped() -> None:
    text = latex_of(report().finding("models"))
    assert "_" not in re.sub(r"\\_|\\label\{[^}]*\}", "", text)


def test_a_table_that_fits_no_page_runs_over_several() -> None:
    rows = [(f"“a_{number}” <|>", number) for number in range(41)]
    long = Finding("long", "A long one", "41 rows", "", table((("name", "name", CellKind.TEXT), ("n", "n", CellKind.COUNT)), rows))
    text = latex_of(long)
    assert text.startswith(
        "% needs \\usepackage{booktabs,longtable}\n\\begin{longtable}{lr}\n\\caption{A long one. 41 rows.}\\label{tab:long}\\\\\n"
    )
    assert text.count("\\toprule") == text.count("\\endhead") == text.count("\\end{longtable}") == 1
    assert "``a\\_40'' \\textless{}\\textbar{}\\textgreater{} & 40 \\\\\n\\bottomrule" in text


def test_findings_and_reports_show_in_a_notebook() -> None:
    told = report()
    finding = shown(told.finding("several-labels"))._repr_html_()
    assert "<svg" in finding
    assert "figures/" not in finding
    assert shown(told)._repr_html_().count("<section") == len(told.findings)


def test_a_figure_is_a_png_at_the_size_of_print() -> None:
    png = drawn(report().finding("several-labels")).png()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20]) > 1500


def test_a_dark_page_has_dark_figures_and_prints_light_ones(html: str) -> None:
    assert 'figure [fill="#0b57c0"] { fill: light-dark(#0b57c0, #7db4ff); }' in html
    assert "@media print {\n  :root { color-scheme: light; }" in html


def test_no_table_is_cut_off(html: str) -> None:
    """Each cell has its heading for narrow screens, no height is limited, and print shows as many rows as the page."""
    cells = re.findall(r'<td role="cell" data-heading="([^"]+)"', html)
    assert len(cells) == html.count("<td")
    assert "max-height: 26rem" not in html
    assert "tbody tr:nth-child(n +" not in html


def test_in_print_a_short_finding_stays_on_one_page(html: str) -> None:
    assert ".short, .whole, .contents > li { break-inside: avoid; }" in html
    assert 'class="finding whole"' in html
