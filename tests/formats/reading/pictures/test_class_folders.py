"""The given label of a picture from the folder that it lies in."""

from multilabelfy.formats.imagenet1k import imagenet1k
from multilabelfy.formats.reading.label_space import labels_from_names
from multilabelfy.formats.reading.pictures.class_folders import labels_by_folder


def test_the_nearest_folder_that_is_a_label_counts() -> None:
    space = imagenet1k()
    found = labels_by_folder(["val/n02123045/1.jpg", "n01440764/mine/2.jpg", "3.jpg"], space)
    assert (found.labels, found.problems) == ({"val/n02123045/1.jpg": 281, "n01440764/mine/2.jpg": 0}, ())


def test_the_folders_of_imagenetv2_are_indices() -> None:
    assert labels_by_folder(["281/a.jpeg", "7/b.jpeg"], imagenet1k()).labels == {"281/a.jpeg": 281, "7/b.jpeg": 7}


def test_in_a_space_of_class_folders_the_first_folder_counts() -> None:
    space = labels_from_names(["cat", "dog"])
    assert labels_by_folder(["cat/dog/1.jpg"], space).labels == {"cat/dog/1.jpg": 0}


def test_an_unknown_folder_is_one_problem_however_full_it_is() -> None:
    found = labels_by_folder(["val/tabby/1.jpg", "val/tabby/2.jpg", "n02123045/3.jpg"], imagenet1k())
    assert [str(problem) for problem in found.problems] == [
        "val/tabby/: there is no label 'tabby' in imagenet1k; its key is n02123045 (2 pictures)"
    ]
