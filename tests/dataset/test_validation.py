"""Every problem of a dataset is found before anything is stored, and labels are found by what people write."""

import pytest

from multilabelfy.dataset.model import DatasetDescription, Exemplar, Image, Label, LabelSpace
from multilabelfy.dataset.validation import label_finder, natural_order, unknown_label, validate


def space(*keys: str) -> LabelSpace:
    return LabelSpace("animals", tuple(Label(index, key, (f"the {key}",)) for index, key in enumerate(keys)))


ANIMALS = space("cat", "dog", "lynx")
NUMBERED = space("10", "20", "1")


def described(*images: Image, labels: LabelSpace = ANIMALS, exemplars: tuple[Exemplar, ...] = ()) -> DatasetDescription:
    return DatasetDescription("pets", labels, images, exemplars)


@pytest.mark.parametrize(
    ("labels", "text", "index"),
    [
        (ANIMALS, "dog", 1),
        (ANIMALS, "2", 2),  # no key is a number: a number is an index
        (ANIMALS, "3", None),
        (ANIMALS, "-1", None),
        (ANIMALS, "Dog", None),
        (NUMBERED, "1", 2),  # keys are numbers: a number is a key
        (NUMBERED, "0", None),
    ],
)
def test_in_tables_and_folders_a_key_comes_first(labels: LabelSpace, text: str, index: int | None) -> None:
    assert label_finder(labels)(text) == index


@pytest.mark.parametrize(("text", "index"), [("1", 1), ("10", None), ("2", 2)])
def test_in_files_of_indices_a_number_is_an_index_whatever_the_keys_are(text: str, index: int | None) -> None:
    assert label_finder(NUMBERED, indices_first=True)(text) == index


def test_an_unknown_label_names_the_key_that_was_probably_meant() -> None:
    assert unknown_label("The Dog", ANIMALS) == "there is no label 'The Dog' in animals; its key is dog"


def test_an_index_beyond_the_labels_says_which_there_are() -> None:
    assert unknown_label("7", ANIMALS) == "there is no label 7 in animals: its 3 labels have the indices 0 to 2"


def test_a_good_dataset_has_no_problem() -> None:
    assert validate(described(Image("a.jpg", 0), Image("b.jpg"), exemplars=(Exemplar(1, "dog/1.jpg"),))) == ()


def test_all_problems_are_told_together() -> None:
    bad = described(
        Image("a.jpg", 9), Image("b.jpg"), Image("b.jpg"), Image("bad\udcff.jpg"),
        labels=space("cat", "cat"), exemplars=(Exemplar(5, "x.jpg"),),
    )  # fmt: skip
    told = [str(problem) for problem in validate(bad)]
    assert told == [
        "labels animals: the key 'cat' stands 2 times",
        "b.jpg: the image is there 2 times",
        "a.jpg: there is no label 9 in animals: its 2 labels have the indices 0 to 1",
        "'bad\\udcff.jpg': the file's name is not valid text (UTF-8): rename it",
        "x.jpg: there is no label 5 in animals: its 2 labels have the indices 0 to 1",
    ]


def test_no_pictures_and_a_single_label_are_problems() -> None:
    told = [problem.what for problem in validate(described(labels=space("cat")))]
    assert told == ["it has 1 label, and at least two are needed to choose between", "there are no pictures in it"]


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "a\0b"])
def test_a_key_that_cannot_be_stored_is_a_problem(key: str) -> None:
    assert len(validate(described(Image("a.jpg"), labels=space("cat", key)))) == 1


def test_folders_that_are_numbers_come_by_value() -> None:
    assert natural_order(["10", "9", "0"]) == ["0", "9", "10"]
    assert natural_order(["b", "10", "9"]) == ["10", "9", "b"]
