"""Label spaces: ImageNet's, those of files, and those of class folders."""

import json
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from multilabelfy.errors import InvalidInput
from multilabelfy.formats.names.imagenet1k import TABLE, imagenet1k
from multilabelfy.formats.reading.class_folders import labels_by_folder
from multilabelfy.formats.reading.label_space import labels_from_folders, read_label_space


def test_imagenet_has_its_classes_in_their_order_with_all_synonyms() -> None:
    space = imagenet1k()
    assert (len(space), len(space.concepts)) == (1000, 860)
    assert (space[0].key, space[281].key, space[999].key) == ("n01440764", "n02123045", "n15075141")
    assert space[281].names == ("tabby", "tabby cat")
    assert space[999].names == ("toilet tissue", "toilet paper", "bathroom tissue")
    assert all(label.definition for label in space.labels)


def test_two_classes_of_one_name_are_told_apart_by_their_description() -> None:
    space = imagenet1k()
    assert space[134].names == space[517].names == ("crane",)
    assert space[134].definition == "Crane bird: a kind of wading bird."  # the package has no description of it
    assert "bird" not in space[517].definition.lower()


def test_the_hierarchy_leads_from_every_class_to_entity() -> None:
    space = imagenet1k()
    parents = {label.key: label.parents for label in space.labels} | {concept.key: concept.parents for concept in space.concepts}
    for label in space.labels:
        key = label.key
        while parents[key]:
            key = parents[key][0]
        assert key == "n00001740"


def test_wordnet_is_shipped_with_its_licence() -> None:
    assert "Princeton University" in (files("multilabelfy.formats") / "data" / "wordnet" / "LICENSE").read_text()


def test_the_shipped_table_is_the_shared_one(shared_data: Path) -> None:
    assert TABLE.read_bytes() == (shared_data / "wordnet" / "imagenet1k.csv").read_bytes()


def test_reading_it_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    imagenet1k.cache_clear()
    read_label_space("imagenet1k")
    assert capsys.readouterr() == ("", "")


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
        ("a.csv", "key\ncat\ncat\ndog\ndog\n", ["a.csv:3: the key 'cat' is there already", "a.csv:5: the key 'dog' is there already"]),
        ("a.txt", "cat\n\ncat\n", ["a.txt:3: the key 'cat' is there already"]),
        ("a.csv", "key,names\n,cat\ndog,dog\n", ["a.csv:2: the label has no key"]),
        ("a.csv", "name\ncat\n", ["a.csv:1: there is no column 'key'; its columns are: name"]),
        ("a.csv", "key,index\na,0\nb,2\n", ["a.csv: its 2 indices do not run from 0 to 1, each once"]),
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
    assert [label.key for label in labels_from_folders(["dog", "cat"]).labels] == ["cat", "dog"]
    assert [label.key for label in labels_from_folders(["10", "9", "0"]).labels] == ["0", "9", "10"]
    assert labels_from_folders(["hot_dog", "cat"])[1].names == ("hot dog",)


def test_the_nearest_folder_that_is_a_label_counts() -> None:
    space = imagenet1k()
    found = labels_by_folder(["val/n02123045/1.jpg", "n01440764/mine/2.jpg", "3.jpg"], space)
    assert (found.labels, found.problems) == ({"val/n02123045/1.jpg": 281, "n01440764/mine/2.jpg": 0}, ())


def test_the_folders_of_imagenetv2_are_indices() -> None:
    assert labels_by_folder(["281/a.jpeg", "7/b.jpeg"], imagenet1k()).labels == {"281/a.jpeg": 281, "7/b.jpeg": 7}


def test_in_a_space_of_class_folders_the_first_folder_counts() -> None:
    space = labels_from_folders(["cat", "dog"])
    assert labels_by_folder(["cat/dog/1.jpg"], space).labels == {"cat/dog/1.jpg": 0}


def test_an_unknown_folder_is_one_problem_however_full_it_is() -> None:
    found = labels_by_folder(["val/tabby/1.jpg", "val/tabby/2.jpg", "n02123045/3.jpg"], imagenet1k())
    assert [str(problem) for problem in found.problems] == [
        "val/tabby/: there is no label 'tabby' in imagenet1k; its key is n02123045 (2 pictures)"
    ]
