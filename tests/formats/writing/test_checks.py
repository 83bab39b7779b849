"""The table of quality checks: what was asked and answered, what is known, and what came before the candidates."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.formats.writing.test_lists_come_back import KEY

from multilabelfy.annotation.model import Annotation, AnnotatorId, Candidate, Outcome, Screen, Vote
from multilabelfy.dataset.model import ImageId, Label, LabelSpace
from multilabelfy.formats.exported.exported import CheckAnswer
from multilabelfy.formats.files import joined_lists
from multilabelfy.formats.files.write_tables import ColumnType
from multilabelfy.formats.writing.checks import COLUMNS, write_checks

SPACE = LabelSpace("letters", tuple(Label(index, f"k{index}", (f"name, {index}",)) for index in range(5)))
NOON = datetime(2030, 5, 6, 12, tzinfo=UTC)
SETS = ["asked", "yes", "maybe", "found"]


def called(person: AnnotatorId) -> str:
    return f"p{person}"


def answer(answers: dict[int, Vote], outcome: Outcome = Outcome.LABELLED) -> Annotation:
    """Candidates 2 and 0 in the first group, 1 in the second, which was never opened; label 4 was found by search."""
    candidates = (Candidate(2, "model", 1), Candidate(0, "given"), Candidate(1, "model", 2))
    screen = Screen(candidates, group_size=2, opened_at=(NOON, None), protocol_version=3, guidelines_version=2)
    return Annotation("id", ImageId(1), AnnotatorId(7), outcome, answers, screen, NOON, unprompted=(4,), present_ms=1500)


ANSWER = answer({2: Vote.YES, 4: Vote.MAYBE})
GOLD = CheckAnswer("a/1.jpg", ANSWER, "gold-test", 0.25, frozenset({2, 1}))


def written(folder: Path, *checks: CheckAnswer) -> pl.DataFrame:
    assert write_checks(folder / "c.parquet", checks, SPACE, called) == len(checks)
    return pl.read_parquet(folder / "c.parquet")


def test_an_answer_to_gold_stands_beside_what_is_known(tmp_path: Path) -> None:
    table = written(tmp_path, GOLD)
    assert table.select("kind", "known", *SETS).rows() == [("gold-test", ["k1", "k2"], ["k2", "k0"], ["k2"], ["k4"], ["k4"])]


def test_gold_without_a_valid_label_differs_from_what_is_not_gold(tmp_path: Path) -> None:
    none_valid = replace(GOLD, known=frozenset(), is_retired=True)
    table = written(tmp_path, none_valid, CheckAnswer("a/1.jpg", ANSWER, "repeat", 0.5))
    assert table.select("known", "retired").rows() == [([], True), (None, False)]


def test_an_answer_by_search_first_holds_what_came_before_the_candidates(tmp_path: Path) -> None:
    searched = replace(ANSWER, search_first={3: Vote.YES, 4: Vote.MAYBE})
    table = written(tmp_path, CheckAnswer("a/1.jpg", searched, "search-first", 0.1), GOLD)
    assert table.select("first_yes", "first_maybe", "yes").rows() == [(["k3"], ["k4"], ["k2"]), (None, None, ["k2"])]


def test_a_check_knows_whose_it_is_and_when_and_under_what_it_was_answered(tmp_path: Path) -> None:
    columns = ("image", "annotator", "probability", "outcome", "submitted_at", "present_ms", "protocol_version", "guidelines_version")
    assert written(tmp_path, GOLD).select(columns).row(0) == ("a/1.jpg", "p7", 0.25, "labelled", NOON, 1500, 3, 2)


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a table, its lists as lists in either form."""
    if path.suffix == ".parquet":
        return pl.read_parquet(path).to_dicts()
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lists = [name for name, kind in COLUMNS.items() if kind is ColumnType.TEXTS]
    return [{**row, **{name: list(joined_lists.split(row[name])) for name in lists}} for row in rows]


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=st.lists(KEY, min_size=5, max_size=5, unique=True), known=st.frozensets(st.integers(0, 4)))
def test_sets_of_labels_come_back_whatever_is_in_their_keys(tmp_path: Path, suffix: str, keys: list[str], known: frozenset[int]) -> None:
    space = LabelSpace("odd", tuple(Label(index, key, (key,)) for index, key in enumerate(keys)))
    path = tmp_path / f"c{suffix}"
    path.unlink(missing_ok=True)
    write_checks(path, [replace(GOLD, known=known)], space, called)
    assert read_rows(path)[0].keys() == COLUMNS.keys()
    assert [read_rows(path)[0][name] for name in ("known", *SETS)] == [
        [keys[label] for label in labels] for labels in (sorted(known), [2, 0], [2], [4], [4])
    ]
