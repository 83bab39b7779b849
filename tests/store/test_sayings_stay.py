"""What people said is never deleted: no statement of the store takes a row out of its tables."""

import re
from pathlib import Path

import pytest

import multilabelfy.store
from multilabelfy.store.schema import metadata

STORE = Path(multilabelfy.store.__file__).parent
SAID = ("annotations", "check_answers", "refinements", "quick_answers", "comment_answers", "final_labels", "releases", "guidelines")


@pytest.mark.parametrize("table", SAID)
def test_no_statement_deletes_what_people_said(table: str) -> None:
    assert table in metadata.tables
    files = [file for file in STORE.rglob("*.py") if "migrations" not in file.parts]
    assert not [file.name for file in files if re.search(rf"\bdelete\({table}\)|DELETE FROM {table}\b", file.read_text(encoding="utf-8"))]


def test_a_statement_that_deletes_is_found() -> None:
    assert re.search(r"\bdelete\(sessions\)", (STORE / "people.py").read_text(encoding="utf-8"))
