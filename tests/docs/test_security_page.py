"""Each line of docs/security.md that promises something names tests, and they exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def rows(heading: str) -> list[str]:
    """The rows of the table below a heading, without its own."""
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    below = page[page.index(f"## {heading}") :].split("\n## ")[0]
    return [line for line in below.splitlines() if line.startswith("| ")][1:]


def test_each_way_to_break_a_tool_and_each_pain_has_its_tests() -> None:
    for heading, n in (("How such tools were broken", 12), ("What hurt their users", 9)):
        assert len(rows(heading)) >= n
        assert all(re.search(r"`test_\w+`", row.split(" | ")[-1]) for row in rows(heading)), heading


def test_every_test_that_the_page_names_exists() -> None:
    written = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"^def (test_\w+)", written, re.MULTILINE))
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "security.md").read_text(encoding="utf-8")))
    assert named - there == set()
