"""The table of experts' decisions: what each one holds, that a blind answer keeps its own row, and that it reads back as it was."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.formats.writing.test_lists_come_back import KEY

from multilabelfy.annotation.model import AnnotatorId, Vote
from multilabelfy.dataset.model import ImageId, Label, LabelSpace
from multilabelfy.formats.exported.exported import ExpertDecision
from multilabelfy.formats.files import joined_lists
from multilabelfy.formats.files.write_tables import ColumnType
from multilabelfy.formats.writing.decisions import COLUMNS, write_decisions
from multilabelfy.refinement.model import EmptyReason, Refinement

SPACE = LabelSpace("letters", tuple(Label(index, f"k{index}", (f"name, {index}",)) for index in range(5)))
NOON = datetime(2030, 5, 6, 12, tzinfo=UTC)
ANSWERS = st.dictionaries(st.integers(0, 4), st.sampled_from([Vote.NO, Vote.YES]))
SETS = ["labels", "labels_before_reveal", "asked", "found", "ticked_before"]


def called(person: AnnotatorId) -> str:
    return f"p{person}"


def decision(
    blind: dict[int, Vote] | None, revealed: dict[int, Vote] | None, *, reason: EmptyReason | None = None, note: str = ""
) -> Refinement:
    return Refinement(
        client_id="id",
        image=ImageId(1),
        expert=AnnotatorId(9),
        before=(2, 3),
        shown=(3, 2),
        answer_blind=blind,
        answer_revealed=revealed,
        submitted_at=NOON,
        reason=reason,
        note=note,
        present_ms=1500,
        policy="two-experts",
        inclusion_probability=0.25,
    )


def written(folder: Path, *decisions: Refinement, stands: bool = True) -> pl.DataFrame:
    assert write_decisions(folder / "d.parquet", [ExpertDecision("a/1.jpg", one, stands) for one in decisions], SPACE, called) == len(
        decisions
    )
    return pl.read_parquet(folder / "d.parquet")


def test_a_blind_answer_and_what_follows_its_reveal_are_two_rows(tmp_path: Path) -> None:
    blind = {2: Vote.YES, 3: Vote.NO}
    table = written(tmp_path, decision(blind, None), decision(blind, {2: Vote.YES, 3: Vote.NO, 4: Vote.YES}))
    assert table.select("step", *SETS).rows() == [
        ("before-reveal", None, ["k2"], ["k2", "k3"], [], ["k2", "k3"]),
        ("after-reveal", ["k2", "k4"], ["k2"], ["k2", "k3", "k4"], ["k4"], ["k2", "k3"]),
    ]


def test_with_open_votes_there_is_no_blind_answer(tmp_path: Path) -> None:
    table = written(tmp_path, decision(None, {2: Vote.NO, 3: Vote.NO}, reason=EmptyReason.UNUSABLE))
    assert table.select("step", *SETS, "reason").rows() == [("open", [], None, ["k2", "k3"], [], ["k2", "k3"], "unusable")]


def test_a_decision_knows_whose_it_is_and_how_and_when_it_came_about(tmp_path: Path) -> None:
    table = written(tmp_path, decision(None, {2: Vote.YES}), stands=False)
    about = table.select("image", "expert", "kind", "probability", "stands", "revision", "submitted_at", "present_ms").row(0)
    assert about == ("a/1.jpg", "p9", "two-experts", 0.25, False, 1, NOON, 1500)


def test_notes_that_experts_write_to_each_other_stay_inside(tmp_path: Path) -> None:
    write_decisions(tmp_path / "d.csv", [ExpertDecision("1.jpg", decision(None, {2: Vote.YES}, note="ask Ada"), True)], SPACE, called)
    assert "Ada" not in (tmp_path / "d.csv").read_text()


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
@given(keys=st.lists(KEY, min_size=5, max_size=5, unique=True), answer=ANSWERS)
def test_sets_of_labels_come_back_whatever_is_in_their_keys(tmp_path: Path, suffix: str, keys: list[str], answer: dict[int, Vote]) -> None:
    space = LabelSpace("odd", tuple(Label(index, key, (key,)) for index, key in enumerate(keys)))
    path = tmp_path / f"d{suffix}"
    path.unlink(missing_ok=True)
    write_decisions(path, [ExpertDecision("1.jpg", decision(None, answer), True)], space, called)
    assert read_rows(path)[0].keys() == COLUMNS.keys()
    assert read_rows(path)[0]["labels"] == [keys[label] for label in sorted(answer) if answer[label] is Vote.YES]
