"""Labels come back as they were, and are found by any of their names."""

from dataclasses import replace

import pytest
from tests.store.campaigns import LABELS, NOW, new_campaign

from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.dataset.model import Concept, DatasetId, Label, LabelSpace
from multilabelfy.errors import UnknownDataset
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import datasets, labels

NAMES = (
    ("tabby", "tabby cat"),
    ("tiger cat",),
    ("Egyptian cat",),
    ("catamaran",),
    ("bobcat", "Lynx rufus"),
    ("crème brûlée",),
    ("cat",),
    ("sunglasses", "dark glasses", "shades"),
    ("100% wool", "a_b"),
)
SPACE = LabelSpace(
    "animals & things",
    tuple(Label(i, f"n{i:04}", names, f"definition {i}", (f"p{i}",)) for i, names in enumerate(NAMES)),
    (Concept("p0", ("feline", "felid"), ("p1",)), Concept("p1", ("animal",))),
)


@pytest.fixture
def dataset(store: Store) -> DatasetId:
    with store.writing() as c:
        return add(c, "d", SPACE)


def test_a_label_space_comes_back_as_it_was(store: Store, dataset: DatasetId) -> None:
    with store.reading() as c:
        assert labels.label_space(c, dataset) == SPACE


def test_labels_are_read_by_index_and_by_page(store: Store, dataset: DatasetId) -> None:
    with store.reading() as c:
        assert labels.labels_by_index(c, dataset, [3, 1, 99, 3]) == {1: SPACE[1], 3: SPACE[3]}
        assert labels.page(c, dataset, after_index=2, limit=2) == [SPACE[3], SPACE[4]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cat", [6, 1, 2, 0, 3, 4]),  # called so; ends with it, by its first or another name; begins with it; within a word
        ("CATA", [3]),
        ("lynx", [4]),
        ("rufus lynx", [4]),
        ("dark", [7]),
        ("Creme Brulee", [5]),
        ("n0002", [2]),
        ("definition 5", [5]),
        ("100%", [8]),
        ("a b", [8]),
        ("%", []),
        ("_", []),
        ("  ", []),
        ("okapi", []),
    ],
)
def test_a_label_is_found_by_any_name(store: Store, dataset: DatasetId, text: str, found: list[int]) -> None:
    with store.reading() as c:
        assert [label.index for label in labels.search(c, dataset, text)] == found


def test_a_search_ends_at_its_limit(store: Store, dataset: DatasetId) -> None:
    with store.reading() as c:
        assert [label.index for label in labels.search(c, dataset, "cat", limit=2)] == [6, 1]


def test_a_search_stays_in_its_dataset(store: Store, dataset: DatasetId) -> None:
    other = new_campaign(store, 0, name="other").dataset
    with store.reading() as c:
        assert labels.search(c, other, "cat") == [replace(LABELS[0])]


def test_labels_of_an_unknown_dataset_are_refused(store: Store) -> None:
    with store.reading() as c, pytest.raises(UnknownDataset, match="no dataset number 5"):
        labels.label_space(c, DatasetId(5))


def test_a_dataset_that_takes_the_place_of_one_that_failed_is_searched_afresh(store: Store) -> None:
    """A database may give the number of a rolled back dataset again."""
    with pytest.raises(UnknownDataset), store.writing() as c:
        labels.search(c, add(c, "failed", LABELS), "cat"), datasets.find(c, "absent")
    with store.writing() as c:
        assert [label.index for label in labels.search(c, add(c, "made", SPACE), "cat")] == [6, 1, 2, 0, 3, 4]


def add(c: Connection, name: str, space: LabelSpace) -> DatasetId:
    return datasets.add(c, name=name, images_root="/i", reference_root=None, labels=space, protocol=PAPER, seed=0, now=NOW)
