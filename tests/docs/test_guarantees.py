"""Each guarantee of docs/security.md names a test that exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_each_line_of_never_lost_names_a_test_that_exists() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    below = page[page.index("## Never lost") :].split("\n## ")[0]
    table = [line for line in below.splitlines() if line.startswith("| ")][1:]
    written = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "browser").rglob("test_*.py"))
    there = set(re.findall(r"^def (test_\w+)", written, re.MULTILINE))
    named = [re.findall(r"`(test_\w+)`", line) for line in table]
    assert len(table) > 15
    assert all(named)
    assert {name for names in named for name in names} <= there
