"""The paper's JSON, ReaL's list and tables of final labels, as they are read."""

from pathlib import Path

import polars as pl
import pytest

from multilabelfy.dataset.model import Label, LabelSpace
from multilabelfy.formats.reading.final_labels import read_final_labels
from multilabelfy.refinement.model import EmptyReason

SPACE = LabelSpace("letters", tuple(Label(index, key, (key,)) for index, key in enumerate("abcde")))


def test_an_empty_set_has_an_unknown_reason_and_a_full_one_none(tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text('{"1.jpg": [], "2.jpg": ["4", "0"]}')
    rows = read_final_labels(tmp_path / "f.json", ("1.jpg", "2.jpg"), SPACE).rows
    assert [(row.image, row.labels, row.reason) for row in rows] == [("1.jpg", (), EmptyReason.UNKNOWN), ("2.jpg", (4, 0), None)]


def test_a_long_table_adds_a_label_a_row_and_keeps_reasons(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("image,label,reason\n1.jpg,c,\n2.jpg,,unusable\n1.jpg,a,\n3.jpg,,\n")
    rows = read_final_labels(tmp_path / "f.csv", ("1.jpg", "2.jpg", "3.jpg"), SPACE).rows
    assert [(row.image, row.labels, row.reason) for row in rows] == [
        ("1.jpg", (2, 0), None),
        ("2.jpg", (), EmptyReason.UNUSABLE),
        ("3.jpg", (), EmptyReason.UNKNOWN),
    ]


def test_a_table_with_lists_is_read(tmp_path: Path) -> None:
    pl.DataFrame({"image": ["1.jpg", "2.jpg"], "label": [["b", "a"], []]}).write_parquet(tmp_path / "f.parquet")
    rows = read_final_labels(tmp_path / "f.parquet", ("1.jpg", "2.jpg"), SPACE).rows
    assert [row.labels for row in rows] == [(1, 0), ()]


def test_reals_list_is_read_in_the_order_of_the_numbers(tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text("[[1], [], [0, 4]]")
    rows = read_final_labels(tmp_path / "f.json", ("v_3.JPEG", "v_1.JPEG", "v_2.JPEG"), SPACE).rows
    assert {row.image: row.labels for row in rows} == {"v_1.JPEG": (1,), "v_2.JPEG": (), "v_3.JPEG": (0, 4)}


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ("1.jpg,c,\n1.jpg,c,\n", "a duplicate row: the label 'c' of '1.jpg' is there already"),
        ("1.jpg,c,\n1.jpg,,\n", "'1.jpg' occurs twice, once with an empty set"),
        (
            "1.jpg,,tired\n",
            "the reason 'tired' is not one of inappropriate, no-class-present, not-proposed, other, rendition, too-fine-grained",
        ),
    ],
)
def test_rows_that_contradict_each_other_are_problems(tmp_path: Path, table: str, what: str) -> None:
    (tmp_path / "f.csv").write_text("image,label,reason\n" + table)
    problems = read_final_labels(tmp_path / "f.csv", ("1.jpg",), SPACE).problems
    assert problems[0].what.startswith(what)


def test_a_label_twice_in_a_row_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text('{"1.jpg": ["1", "1"]}')
    assert "the label '1' of '1.jpg'" in read_final_labels(tmp_path / "f.json", ("1.jpg",), SPACE).problems[0].what
