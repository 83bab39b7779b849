"""Each line of docs/security.md that promises something names tests, and they exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "security.md"
HACKED, HURT, TRIED, ASVS = "How such tools were broken", "What hurt their users", "What an hour's attack tries", "OWASP ASVS 5.0, level 2"
SECTIONS = {1: 5, 2: 4, 3: 7, 4: 4, 5: 4, 6: 8, 7: 6, 8: 4, 9: 2, 11: 6, 12: 3, 13: 4, 14: 3, 15: 4, 16: 5}
"""How many sections of each chapter hold something of level 2; chapters 10 and 17 are not used at all."""
OF_LEVEL_3 = {"V6.7"}


def rows(heading: str, file: Path = PAGE) -> list[list[str]]:
    """The cells of the table below a heading, without its own."""
    page = file.read_text(encoding="utf-8")
    below = page[page.index(f"## {heading}") :].split("\n## ")[0]
    return [line.strip("| ").split(" | ") for line in below.splitlines() if line.startswith("| ")][1:]


def test_each_way_to_break_a_tool_each_pain_and_each_attack_has_its_tests() -> None:
    for heading, n in ((HACKED, 12), (HURT, 15), (TRIED, 15)):
        assert len(rows(heading)) >= n
        assert all(re.search(r"`test_\w+`", row[-1]) for row in rows(heading)), heading


def test_nothing_that_hurt_people_elsewhere_is_left_out(shared_data: Path) -> None:
    elsewhere = shared_data.parent / "PITFALLS.md"
    assert len(rows(HACKED)) >= len(rows("How they were broken", elsewhere))
    assert len(rows(HURT)) >= len(rows("What their users ask for most", elsewhere))


def test_each_section_of_asvs_has_its_tests_or_the_reason_why_not() -> None:
    wanted = {f"V{chapter}.{n + 1}" for chapter, count in SECTIONS.items() for n in range(count)} - OF_LEVEL_3 | {"V10", "V17"}
    assert [row[0] for row in rows(ASVS)] == sorted(wanted, key=lambda section: [int(part) for part in section[1:].split(".")])
    for section, _, state, proof in rows(ASVS):
        assert state in ("holds", "in part", "not met", "not used"), section
        if state in ("holds", "in part"):
            assert re.search(r"`test_\w+`|\]\(", proof), section
        else:
            assert len(proof.split()) >= 3, section


def test_every_test_that_the_page_names_exists() -> None:
    written = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"^def (test_\w+)", written, re.MULTILINE))
    named = set(re.findall(r"`(test_\w+)`", PAGE.read_text(encoding="utf-8")))
    assert named - there == set()
