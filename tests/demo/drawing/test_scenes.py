"""Scenes are seeded, and what is said to be true of them can be seen in them."""

from collections import Counter
from hashlib import sha256

import numpy as np
import pytest

from multilabelfy.demo.catalogue import Thing, label_space, things
from multilabelfy.demo.drawing.composition import Composition, Light, Placement
from multilabelfy.demo.drawing.picture import draw
from multilabelfy.demo.drawing.scenes import LEAST_AREA, LEAST_SHARE, Scene, scene, visible
from multilabelfy.demo.drawing.sprites import corner, sprite
from multilabelfy.demo.making import scenes
from multilabelfy.demo.running import N_IMAGES, SEED


@pytest.fixture(scope="module")
def demo() -> tuple[Scene, ...]:
    return scenes(SEED, N_IMAGES)


def thing_of(label: str) -> Thing:
    return next(thing for thing in things() if thing.labels and thing.labels[0] == label)


def indices(*keys: str) -> set[int]:
    return {label_space().index_of(key) for key in keys}


def pixels(composition: Composition) -> str:
    return sha256(draw(composition).tobytes()).hexdigest()


@pytest.mark.parametrize("number", [0, 7, 40, 96])
def test_the_same_seed_draws_the_same_pixels(number: int) -> None:
    assert pixels(scene(SEED, number).composition) == pixels(scene(SEED, number).composition)


def test_another_seed_or_number_draws_another_picture() -> None:
    assert len({pixels(scene(seed, number).composition) for seed in (1, 2) for number in (0, 1)}) == 4


def test_the_truth_is_the_labels_of_what_can_be_seen(demo: tuple[Scene, ...]) -> None:
    for one in demo:
        labels = {key for seen in one.seen for key in seen.thing.labels}
        assert set(one.truth) == (set() if one.is_unusable else indices(*labels))
        assert list(one.truth) == sorted(one.truth)


def test_each_thing_of_the_truth_shows_enough_of_itself(demo: tuple[Scene, ...]) -> None:
    for one in demo:
        assert {seen.placement for seen in one.seen} == set(one.composition.placements)
        assert all(seen.share >= LEAST_SHARE and seen.area >= LEAST_AREA for seen in one.seen)


@pytest.mark.parametrize("number", [3, 13, 24, 80])
def test_a_thing_that_is_said_to_be_there_changes_the_picture_where_it_stands(number: int) -> None:
    """Drawn without it, the picture differs in most of the pixels that it is said to show."""
    one = scene(SEED, number)
    whole = np.asarray(draw(one.composition), dtype=int)
    for seen in one.seen:
        rest = tuple(placement for placement in one.composition.placements if placement is not seen.placement)
        without = np.asarray(draw(_with(one.composition, rest)), dtype=int)
        drawing = sprite(seen.placement)
        left, top = corner(seen.placement, drawing)
        window = (slice(max(top, 0), top + drawing.height), slice(max(left, 0), left + drawing.width))
        assert (np.abs(whole - without).max(axis=2)[window] > 8).sum() >= 0.5 * seen.area


def test_the_given_label_belongs_to_the_thing_that_shows_most(demo: tuple[Scene, ...]) -> None:
    for one in demo:
        largest = max(one.seen, key=lambda seen: seen.area).thing
        assert one.given in indices(*(largest.labels or (largest.mistaken_for,)))


def test_a_thing_behind_another_is_in_the_truth_until_too_little_of_it_shows() -> None:
    bus, cat = thing_of("coach"), thing_of("black-cat")

    def seen(x: float) -> list[Thing]:
        behind, before = Placement(cat, x, 200, 60, 0, False, 0.5), Placement(bus, 150, 220, 160, 0, False, 0.0)
        return [each.thing for each in visible(_street(behind, before))]

    assert seen(320) == [cat, bus]
    assert seen(150) == [bus]


def test_a_thing_that_the_edge_cuts_off_is_in_the_truth_until_too_little_of_it_shows() -> None:
    cat = thing_of("black-cat")
    assert [seen.thing for seen in visible(_street(Placement(cat, 10, 200, 60, 0, False, 0.5)))] == [cat]
    assert visible(_street(Placement(cat, -25, 200, 60, 0, False, 0.5))) == ()


def test_pictures_hold_one_to_six_things_and_all_labels_occur(demo: tuple[Scene, ...]) -> None:
    assert set(Counter(len(one.seen) for one in demo)) == {1, 2, 3, 4, 5, 6}
    assert {label for one in demo for label in one.truth} == set(range(len(label_space())))
    assert 0.5 < sum(len(one.truth) > 1 for one in demo) / len(demo) < 0.75


def test_a_few_pictures_have_no_valid_label_since_only_strangers_or_nothing_can_be_made_out(demo: tuple[Scene, ...]) -> None:
    empty = [one for one in demo if not one.truth]
    assert 5 <= len(empty) <= 20
    assert any(one.is_unusable for one in empty)
    assert all(one.is_unusable or all(seen.thing.is_stranger for seen in one.seen) for one in empty)


def test_some_pictures_are_blurred_some_things_tiny_and_some_half_hidden(demo: tuple[Scene, ...]) -> None:
    assert sum(one.composition.blur > 0 for one in demo) >= 10
    sizes = [seen.area / (one.composition.width * one.composition.height) for one in demo for seen in one.seen]
    assert sum(size < 0.004 for size in sizes) >= 10
    assert sum(seen.share < 0.75 for one in demo for seen in one.seen) >= 10


def test_names_are_unique_and_say_nothing(demo: tuple[Scene, ...]) -> None:
    assert [one.name for one in demo[:2]] == ["scene-0001.jpg", "scene-0002.jpg"]
    assert len({one.name for one in demo}) == N_IMAGES


def _street(*placements: Placement) -> Composition:
    from multilabelfy.demo.catalogue import Setting

    return Composition((1,), Setting.STREET, 400, 300, 0.4, placements, Light((1, 1, 1), 0, 0.4, 0), 0, 0)


def _with(composition: Composition, placements: tuple[Placement, ...]) -> Composition:
    from dataclasses import replace

    return replace(composition, placements=placements)
