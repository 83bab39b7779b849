"""The label space `imagenet1k`, as it is shipped."""

from importlib.resources import files
from pathlib import Path

import pytest

from multilabelfy.formats.imagenet1k import TABLE, imagenet1k
from multilabelfy.formats.reading.label_space import read_label_space


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
