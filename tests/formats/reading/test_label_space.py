"""Label spaces: ImageNet's, those of files, and those of class folders."""

import json
from pathlib import Path

import polars as pl
import pytest

from multilabelfy.errors import InvalidInput
from multilabelfy.formats.reading.label_space import labels_from_names, read_label_space


def test_a_table_gives_key_names_definition_and_parents(tmp_path: Path) -> None:
    (tmp_path / "pets.csv").write_text('key,names,definition,parents\nc1,"cat|house cat","small, furry",animal|pet\nd1,dog,,\nx1,,,\n')
    space = read_label_space(str(tmp_path / "pets.csv"))
    assert space.name == "pets"
    assert (space[0].names, space[0].definition, space[0].parents) == (("cat", "house cat"), "small, furry", ("animal", "pet"))
    assert (space[1].names, space[1].definition) == (("dog",), "")
    assert space[2].names == ("x1",)


def test_json_and_parquet_may_hold_lists(tmp_path: Path) -> None:
    rows = [{"key": "c1", "names": ["cat", "house cat"]}, {"key": "d1", "names": ["dog"]}]
    (tmp_path / "a.json").write_text(json.dumps(rows))
    pl.DataFrame(rows).write_parquet(tmp_path / "a.parquet")
    assert read_label_space(str(tmp_path / "a.json")) == read_label_space(str(tmp_path / "a.parquet"))


def test_with_a_column_index_the_order_is_its_and_rows_without_are_concepts(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("key,index,names,parents\nb,1,bee,x\nx,,animal,\na,0,ant,x\n")
    space = read_label_space(str(tmp_path / "a.csv"))
    assert [label.key for label in space.labels] == ["a", "b"]
    assert [(concept.key, concept.names) for concept in space.concepts] == [("x", ("animal",))]


def test_a_text_file_has_a_key_a_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hot_dog\n\ncat\n")
    space = read_label_space(str(tmp_path / "a.txt"))
    assert [(label.key, label.name) for label in space.labels] == [("hot_dog", "hot dog"), ("cat", "cat")]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.csv", "key\ncat\ncat\ndog\ndog\n", ["a.csv:3: the key 'cat' occurs twice", "a.csv:5: the key 'dog' occurs twice"]),
        ("a.txt", "cat\n\ncat\n", ["a.txt:3: the key 'cat' occurs twice"]),
        ("a.csv", "key,names\n,cat\ndog,dog\n", ["a.csv:2: the label has no key"]),
        ("a.csv", "name\ncat\n", ["a.csv:1: there is no column 'key'; its columns are: name"]),
        ("a.csv", "key,index\na,0\nb,2\n", ["a.csv: its indices must run from 0 to 1, each once, as there are 2"]),
        (
            "a.csv",
            "key,index\na,x\nb,0\n",
            ["a.csv:2: the index 'x' is not a whole number from 0"],
        ),
    ],
)
def test_problems_of_a_label_file_are_told_together(tmp_path: Path, name: str, text: str, told: list[str]) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InvalidInput) as caught:
        read_label_space(str(tmp_path / name))
    assert [str(problem).replace(f"{tmp_path}/", "") for problem in caught.value.problems] == told


def test_a_space_that_there_is_not_says_what_there_is() -> None:
    with pytest.raises(InvalidInput, match="imagenet1k"):
        read_label_space("imagenet21k")


def test_class_folders_make_labels_and_numbers_keep_their_value() -> None:
    assert [label.key for label in labels_from_names(["dog", "cat"]).labels] == ["cat", "dog"]
    assert [label.key for label in labels_from_names(["10", "9", "0"]).labels] == ["0", "9", "10"]
    assert labels_from_names(["hot_dog", "cat"])[1].names == ("hot dog",)
