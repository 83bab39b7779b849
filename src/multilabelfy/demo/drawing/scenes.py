"""Scenes with a known truth: which labels are valid for each picture, and the single label that it comes with.

The truth follows from what can be seen, not from what was placed: a thing that others cover, or that the edge cuts off, beyond
recognition is left out of the picture altogether. The given label is one of the labels of the thing that shows most, as a single label
usually is (which of two synonyms is a matter of luck, as in ImageNet); where no label of the space fits that thing, it is the one that
the thing is mistaken for, as wrong labels usually come about.
"""

from dataclasses import dataclass, replace

import numpy as np

from multilabelfy.demo.catalogue import Thing, label_space
from multilabelfy.demo.drawing.composition import Composition, Placement, compose, compose_strangers
from multilabelfy.demo.drawing.sprites import corner, sprite

LEAST_SHARE = 0.4
"""The visible share below which a thing does not count as in the picture."""
LEAST_AREA = 130
"""The visible pixels below which a thing does not count as in the picture."""
SCALE = 0.25
"""What can be seen is measured on a picture of a quarter of the size."""
STRANGERS_EVERY = 41
UNUSABLE_EVERY = 97
UNUSABLE_BLUR = 15.0


@dataclass(frozen=True, slots=True)
class VisibleThing:
    """A thing in a picture: its pixels that can be seen, and their share of all its pixels."""

    placement: Placement
    area: float
    share: float

    @property
    def thing(self) -> Thing:
        """What it is."""
        return self.placement.thing


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture to be drawn and what is known about it: label indices, the truth in ascending order."""

    name: str
    composition: Composition
    seen: tuple[VisibleThing, ...]
    given: int
    truth: tuple[int, ...]
    is_unusable: bool = False


def scene(seed: int, number: int) -> Scene:
    """The scene with this number: now and then one of strangers alone, or one too blurred to tell anything (no label is valid then)."""
    strange = number % STRANGERS_EVERY == STRANGERS_EVERY - 1
    composition = compose_strangers(seed, number) if strange else compose(seed, number)
    unusable = number % UNUSABLE_EVERY == UNUSABLE_EVERY - 1
    if unusable:
        composition = replace(composition, blur=UNUSABLE_BLUR)
    seen = visible(composition)
    composition = replace(composition, placements=tuple(thing.placement for thing in seen))
    truth = () if unusable else _truth(seen)
    return Scene(f"scene-{number + 1:04}.jpg", composition, seen, _given(composition.seed, seen), truth, unusable)


def visible(composition: Composition) -> tuple[VisibleThing, ...]:
    """The things of which enough can be seen, from far to near."""
    owners, areas = _owners(composition)
    seen = []
    for place, placement in enumerate(composition.placements):
        shown = int((owners == place).sum())
        if shown / max(areas[place], 1) >= LEAST_SHARE and shown / SCALE**2 >= LEAST_AREA:
            seen.append(VisibleThing(placement, shown / SCALE**2, shown / areas[place]))
    return tuple(seen)


def _owners(composition: Composition) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.int8]], list[int]]:
    """Which placement shows at each pixel (-1: none), and how many pixels each would show alone and uncut."""
    height, width = round(composition.height * SCALE), round(composition.width * SCALE)
    owners = np.full((height, width), -1, dtype=np.int8)
    areas = []
    for place, placement in enumerate(composition.placements):
        drawing = sprite(placement, SCALE)
        mask = np.asarray(drawing.getchannel("A")) > 127
        left, top = corner(placement, drawing, SCALE)
        areas.append(int(mask.sum()))
        rows, columns = slice(max(top, 0), min(top + mask.shape[0], height)), slice(max(left, 0), min(left + mask.shape[1], width))
        inside = mask[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
        owners[rows, columns][inside] = place
    return owners, areas


def _given(seed: tuple[int, ...], seen: tuple[VisibleThing, ...]) -> int:
    largest = max(seen, key=lambda thing: thing.area).thing
    names = largest.labels or (largest.mistaken_for,)
    return label_space().index_of(names[int(np.random.default_rng((*seed, 4)).integers(len(names)))])


def _truth(seen: tuple[VisibleThing, ...]) -> tuple[int, ...]:
    return tuple(sorted({label_space().index_of(key) for thing in seen for key in thing.thing.labels}))
