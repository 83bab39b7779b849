"""Everyday words find the ImageNet label that people mean by them: a table of 60, and every name that the hierarchy has."""

import csv
from pathlib import Path

import pytest

from multilabelfy.dataset.label_index import LabelIndex
from multilabelfy.dataset.label_names import fold, names_text
from multilabelfy.formats.imagenet1k import imagenet1k

TABLE = Path(__file__).with_name("everyday_words.csv")
"""Each word with the labels that fit it, by preferred name, separated by `|`; `a…b` are all labels from the one to the other."""
WORDS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
PREFERRED = [label.names[0] for label in imagenet1k().labels]


@pytest.fixture(scope="module")
def index() -> LabelIndex:
    space = imagenet1k()
    return LabelIndex(
        [(label.index, names_text((*label.names, label.key))) for label in space.labels],
        {label.index: label.parents for label in space.labels},
        {concept.key: concept for concept in space.concepts},
        {label.index: label.definition for label in space.labels},
    )


def fitting(cell: str) -> set[int]:
    """The labels that a cell of the table names."""
    found: set[int] = set()
    for part in cell.split("|"):
        first, _, last = part.partition("…")
        if last:
            found.update(range(PREFERRED.index(first), PREFERRED.index(last) + 1))
        else:
            found.update(i for i, name in enumerate(PREFERRED) if name == first)
    return found


def together(name: str) -> str:
    """A name as it is compared: "T-shirt" is "tshirt"."""
    return fold(name).replace(" ", "")


def test_the_table_has_sixty_words_and_names_labels() -> None:
    assert len({row["query"] for row in WORDS}) == 60
    assert all(fitting(row["fitting"]) for row in WORDS)


def test_of_everyday_words_nine_in_ten_find_a_fitting_label_first(index: LabelIndex) -> None:
    wrong = [row["query"] for row in WORDS if index.find(row["query"], 12).labels[0] not in fitting(row["fitting"])]
    assert len(wrong) <= len(WORDS) * 0.1, wrong


@pytest.mark.parametrize("row", WORDS, ids=lambda row: row["query"])
def test_every_everyday_word_has_a_fitting_label_among_its_first_three(index: LabelIndex, row: dict[str, str]) -> None:
    first = index.find(row["query"], 12).labels[:3]
    assert fitting(row["fitting"]) & set(first), [PREFERRED[i] for i in first]


def test_every_name_in_the_hierarchy_finds_a_label_that_is_one_by_its_name_or_by_what_stands_above_it(index: LabelIndex) -> None:
    names = {label.index: [together(name) for name in label.names] for label in imagenet1k().labels}
    below: dict[str, set[int]] = {}
    for concept in imagenet1k().concepts:
        for name in concept.names:
            below.setdefault(together(name), set()).update(index.labels_below(concept.key))
    for name in below:
        first = index.find(name, 1).labels[0]
        assert first in below[name] or any(other.endswith(name) for other in names[first]), (name, PREFERRED[first])


def test_every_name_of_a_label_finds_a_label_that_is_called_so(index: LabelIndex) -> None:
    for label in imagenet1k().labels:
        for name in label.names:
            first = index.find(name, 1).labels[0]
            assert together(name) in {together(other) for other in imagenet1k().labels[first].names}


def test_a_word_that_no_label_has_and_no_description_finds_nothing(index: LabelIndex) -> None:
    assert index.find("flamethrower", 12).labels == ()
    assert index.find("toothbrush", 12).labels == ()
