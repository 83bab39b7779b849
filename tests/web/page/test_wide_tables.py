"""A table that may be wider than a phone stands in a box of its own, which scrolls, by keyboard too, and shows where there is more."""

import re
from pathlib import Path

import pytest

from multilabelfy.web.app import __file__ as app
from multilabelfy.web.page.text.markdown import shown

WEB = Path(app).parent
TABLE = re.compile(r'(?P<box><div class="table.*?tabindex="0">)?\s*<table')
BOX = re.compile(r'role="group" aria-label="\{\{ _\(\'Table\'\) \}\}" tabindex="0"')


@pytest.mark.parametrize("template", [file for file in sorted((WEB / "templates").rglob("*.html")) if "<table" in file.read_text("utf-8")])
def test_every_table_of_a_page_has_its_box(template: Path) -> None:
    for table in TABLE.finditer(template.read_text("utf-8")):
        assert table["box"], table
        assert BOX.search(table["box"]), table["box"]


def test_so_does_a_table_in_guidelines() -> None:
    html = shown("| seen | counts |\n|---|---|\n| a toy | no |")
    assert re.search(r'<div class="table" role="group" aria-label="Table" tabindex="0"><table>.*</table>\s*</div>', html, re.DOTALL)
