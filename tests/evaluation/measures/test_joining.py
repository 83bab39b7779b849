"""Rows join by image name, never by luck."""

import pytest

from multilabelfy.errors import InvalidInput
from multilabelfy.evaluation.measures.joining import positions_of


def join(wanted: list[str], names: list[str]) -> list[int]:
    return [int(place) for place in positions_of(wanted, names, attempt="Cannot evaluate", where="predictions.csv")]


def test_equal_paths_join_whatever_their_order() -> None:
    assert join(["a/1.jpg", "b/1.jpg"], ["b/1.jpg", "c/1.jpg", "a/1.jpg"]) == [2, 0]


def test_a_bare_file_name_joins_the_one_path_that_ends_with_it() -> None:
    assert join(["1.jpg", "2.jpg"], ["b/2.jpg", "a/1.jpg"]) == [1, 0]


def test_a_path_joins_the_bare_file_name() -> None:
    assert join(["a/1.jpg", "b/2.jpg"], ["2.jpg", "1.jpg"]) == [1, 0]


def test_a_longer_path_joins_at_a_folders_boundary() -> None:
    assert join(["val/cat/1.jpg"], ["cat/1.jpg"]) == [0]


def test_a_file_name_never_joins_one_that_merely_ends_like_it() -> None:
    with pytest.raises(InvalidInput, match=r"the image '1.jpg' is not there"):
        join(["1.jpg"], ["a/11.jpg"])


def test_pictures_of_one_name_in_different_folders_stay_two() -> None:
    with pytest.raises(InvalidInput, match=r"the image 'cat/1.jpg' is not there"):
        join(["cat/1.jpg"], ["dog/1.jpg"])


def test_a_bare_name_with_twins_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"the image '1.jpg' could be several there"):
        join(["1.jpg"], ["cat/1.jpg", "dog/1.jpg"])


def test_twins_never_share_one_row() -> None:
    with pytest.raises(InvalidInput, match="could be several"):
        join(["cat/1.jpg", "dog/1.jpg"], ["1.jpg"])


def test_an_image_that_stands_twice_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"the image '1.jpg' stands there more than once"):
        join(["1.jpg"], ["1.jpg", "1.jpg"])


def test_the_error_says_how_many_do_not_join() -> None:
    with pytest.raises(InvalidInput, match="7 of 8 images cannot be joined"):
        join([f"{number}.jpg" for number in range(8)], ["0.jpg"])
