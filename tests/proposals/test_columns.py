"""A scorer's columns find the dataset's labels, or it is said why not."""

import numpy as np
import pytest

from multilabelfy.dataset.model import Label, LabelSpace
from multilabelfy.errors import InvalidScores
from multilabelfy.proposals.columns import columns


def space(*keys: str) -> LabelSpace:
    return LabelSpace("pets", tuple(Label(index, key, (key,)) for index, key in enumerate(keys)))


def thousand(prefix: str) -> tuple[str, ...]:
    return tuple(f"{prefix}{index:04}" for index in range(1000))


PETS = space("cat", "dog", "owl")


def test_labels_are_matched_by_key_whatever_their_order() -> None:
    matched = columns(("owl", "cat", "dog"), PETS, source="m")

    assert (
        matched.in_label_order(np.array([[0.1, 0.2, 0.7]], dtype=np.float32)).tolist()
        == np.array([[0.2, 0.7, 0.1]], dtype=np.float32).tolist()
    )


def test_a_scorer_may_know_more_labels_than_the_dataset() -> None:
    matched = columns(("owl", "emu", "cat", "dog"), PETS, source="m")

    assert matched.of_label.tolist() == [2, 3, 0]
    assert (matched.n_columns, matched.n_unused) == (4, 1)


def test_a_scorer_that_knows_too_few_labels_is_refused_with_those_it_lacks() -> None:
    with pytest.raises(
        InvalidScores, match=r"of the dataset's 3 labels, 1 are not among the scorer's 2 \('owl'; the scorer's begin with 'cat', 'dog'\)"
    ):
        columns(("cat", "dog"), PETS, source="m")


def test_a_key_named_twice_is_refused() -> None:
    with pytest.raises(InvalidScores, match="it names 'cat' more than once"):
        columns(("cat", "dog", "owl", "cat"), PETS, source="m")


def test_names_are_matched_where_keys_are_not_known() -> None:
    birds = LabelSpace("birds", (Label(0, "n1", ("crane", "Grus grus")), Label(1, "n2", ("great_grey owl",)), Label(2, "emu", ("emu",))))

    matched = columns(("Great grey owl, Strix nebulosa", "Emu", "wader", "crane,  grus grus"), birds, source="m")

    assert matched.of_label.tolist() == [3, 0, 1]
    assert matched.n_columns == 4


def test_a_whole_name_comes_before_a_part_of_another() -> None:
    suits = LabelSpace("suits", (Label(0, "n1", ("maillot",)), Label(1, "n2", ("maillot", "tank suit"))))

    assert columns(("maillot, tank suit", "maillot"), suits, source="m").of_label.tolist() == [1, 0]


@pytest.mark.parametrize(
    "texts",
    [
        ("crane", "crane", "owl"),  # the bird and the machine
        ("crane, owl", "emu"),  # both would be the same column
        ("crane", "emu"),  # no owl
    ],
)
def test_names_that_leave_a_doubt_match_nothing(texts: tuple[str, ...]) -> None:
    birds = LabelSpace("birds", (Label(0, "n1", ("crane",)), Label(1, "n2", ("owl",))))

    with pytest.raises(InvalidScores, match=r"more than once|are not among"):
        columns(texts, birds, source="m")


def test_a_scorer_without_labels_means_the_datasets_own_order() -> None:
    matched = columns((), PETS, source="m")

    assert (
        matched.in_label_order(np.array([[0.1, 0.2, 0.7]], dtype=np.float32)).tolist()
        == np.array([[0.1, 0.2, 0.7]], dtype=np.float32).tolist()
    )


def test_imagenet1k_means_its_keys_where_the_dataset_has_them() -> None:
    keys = thousand("n")

    assert columns(("imagenet1k",), space(*keys), source="m", imagenet1k=keys).of_label.tolist() == list(range(1000))
    assert columns(("imagenet1k",), space("n0007", "n0003"), source="m", imagenet1k=keys).of_label.tolist() == [7, 3]
    assert columns(("imagenet1k",), space(*reversed(keys)), source="m", imagenet1k=keys).of_label[0] == 999


def test_imagenet1k_means_its_order_where_a_thousand_labels_have_other_keys() -> None:
    own_keys = space(*thousand("class-"))

    assert columns(("imagenet1k",), own_keys, source="m", imagenet1k=thousand("n")).of_label.tolist() == list(range(1000))


def test_imagenet1k_does_not_fit_three_pets() -> None:
    with pytest.raises(InvalidScores, match=r"3 are not among the scorer's 1000"):
        columns(("imagenet1k",), PETS, source="m", imagenet1k=thousand("n"))
