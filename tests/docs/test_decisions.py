"""A decision is short, dated and undoable, and whoever names one by its number finds it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PARTS = ("Context", "Decision", "Consequence", "What would undo it")
NAMED = re.compile(r"\b[Dd]ecision (\d+)\b|\bdecisions/(\d{4})")
INCLUDED = re.compile(r"Includes (?:decision )?([\d, ]+)\.")


def numbers() -> set[int]:
    return {int(path.name[:4]) for path in DECISIONS}


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_in_150_words_what_was_decided_when_and_what_would_undo_it(path: Path) -> None:
    title, date, *paragraphs = path.read_text(encoding="utf-8").strip().split("\n\n")
    assert re.fullmatch(rf"# {int(path.name[:4])}\. \S.*", title)
    assert re.fullmatch(r"\*20\d\d-\d\d-\d\d\*", date)
    assert [re.split(r"\*\*(.+?)\.\*\*", paragraph)[1] for paragraph in paragraphs] == list(PARTS)
    assert sum(len(paragraph.split("**")[2].split()) for paragraph in paragraphs) <= 150


def test_every_decision_that_code_or_documents_name_by_number_is_there() -> None:
    files = [
        path for room in ("src", "docs", "scripts", "bench") for path in (ROOT / room).rglob("*") if path.suffix in {".py", ".js", ".md"}
    ]
    named = {
        (path.name, int(number or file))
        for path in files
        for number, file in NAMED.findall(INCLUDED.sub("", path.read_text(encoding="utf-8")))
    }
    assert len(named) > 10
    assert {(name, number) for name, number in named if number not in numbers()} == set()


def test_a_number_that_was_folded_into_another_decision_is_not_given_again() -> None:
    included = {int(n) for path in DECISIONS for found in INCLUDED.findall(path.read_text(encoding="utf-8")) for n in found.split(",")}
    assert len(included) > 10
    assert included & numbers() == set()
    assert included | numbers() == set(range(1, max(numbers()) + 1))
