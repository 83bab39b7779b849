"""`make size` counts what is there, and follows an answer from its route to its row."""

import sys
from pathlib import Path

import pytest
from scripts import size


def test_an_answer_is_followed_from_its_route_to_the_store(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["size.py", "--list"])
    size.main()
    printed = capsys.readouterr().out
    way = printed.split("to an answer's row\n")[1].split("between the request")[0]
    assert way.index("web/annotate/annotate.py") < way.index("workflows/annotating/") < way.index("store/")


def test_a_folder_counts_with_all_its_parents_and_a_word_is_what_wc_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    deep = size.PACKAGE / "web" / "static" / "js" / "sheet.js"
    page = tmp_path / "page.md"
    page.write_text("# Two words\n\n| and | more |\n")
    monkeypatch.setattr(size, "tracked", lambda pattern: [page] if pattern == "*.md" else [deep])
    assert {folder.as_posix() for folder in size.folders()} == {".", "web", "web/static", "web/static/js"}
    assert size.words_of_docs() == 8


def test_the_documentation_can_be_read() -> None:
    assert size.words_of_docs() <= 45_000
