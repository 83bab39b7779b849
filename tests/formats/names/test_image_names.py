"""The order of the numbers in file names, on real names."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multilabelfy.formats.image_names import ImageNames, Twins, has_every_number, imagenet_validation_names, in_number_order


def test_the_names_of_the_validation_set_begin_at_1_and_count_by_1() -> None:
    """ReaL's README builds them with `i+i` for `i+1`, which skips every odd one."""
    names = imagenet_validation_names()
    assert (len(names), len(set(names))) == (50_000, 50_000)
    assert names[:3] == ("ILSVRC2012_val_00000001.JPEG", "ILSVRC2012_val_00000002.JPEG", "ILSVRC2012_val_00000003.JPEG")
    assert names[-1] == "ILSVRC2012_val_00050000.JPEG"


def test_real_names_in_class_folders_come_by_their_number() -> None:
    names = [f"n{number % 7:08d}/{name}" for number, name in enumerate(imagenet_validation_names(50))]
    shuffled = random.Random(1).sample(names, len(names))
    assert in_number_order(shuffled) == tuple(names)


@pytest.mark.parametrize(
    "names",
    [
        ["f4603db396353d99a52840da512a04c1f79b1fef.jpeg", "3e7c39f1689e8806c3a4eebe12dda2a97ea3b741.jpeg"],  # ImageNetV2: hashes
        ["val_1.JPEG", "test_2.JPEG"],
        ["a/val_1.JPEG", "b/val_1.JPEG"],  # twins
        ["cat.jpg", "dog.jpg"],
    ],
)
def test_names_that_differ_in_more_than_one_number_have_no_order(names: list[str]) -> None:
    assert in_number_order(names) is None


@settings(deadline=None)
@given(st.sets(st.integers(0, 10**9), min_size=1, max_size=30), st.randoms())
def test_numbers_decide_and_not_their_text(numbers: set[int], randomly: random.Random) -> None:
    names = [f"v{number}.png" for number in sorted(numbers)]
    assert in_number_order(randomly.sample(names, len(names))) == tuple(names)


def test_a_gap_in_the_numbers_is_seen() -> None:
    assert has_every_number(["v_2.png", "v_1.png", "v_3.png"])
    assert not has_every_number(["v_1.png", "v_3.png"])


def test_a_path_wins_over_the_bare_name_of_another() -> None:
    names = ImageNames(("1.jpg", "a/1.jpg"))
    assert names.find("1.jpg") == "1.jpg"
    assert names.find("a/1.jpg") == "a/1.jpg"
    assert names.find("2.jpg") is None


def test_twins_are_named_all() -> None:
    assert ImageNames(("b/1.jpg", "a/1.jpg")).find("1.jpg") == Twins(("b/1.jpg", "a/1.jpg"))
