"""What the demo's pictures hold: 124 labels and the things that carry them.

A thing is one drawing. Near-synonyms are labels that one thing carries together (a laptop is a notebook computer too); look-alikes are
labels that people take for each other although only one is right (taxi and private car); a stranger carries no label of the space.
The tables lie beside this file, so that they can be read, and changed, without reading code.
"""

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from multilabelfy.dataset.model import Label, LabelSpace


class Setting(StrEnum):
    """Where a scene plays."""

    DESK = "desk"
    KITCHEN = "kitchen"
    ROOM = "room"
    STREET = "street"
    MEADOW = "meadow"
    SEA = "sea"
    REEF = "reef"
    SKY = "sky"


class Pose(StrEnum):
    """How a thing is held in a scene."""

    STANDS = "stands"  # upright on the ground, with a cast shadow
    LIES = "lies"  # flat on the ground, turned any way
    FLOATS = "floats"  # on water, with its lower edge wet
    SWIMS = "swims"  # in water
    FLIES = "flies"  # in the air


@dataclass(frozen=True, slots=True)
class Thing:
    """One drawing: the keys of the labels it carries (none for a stranger, which then is `mistaken_for` one), and how it is placed.

    `size` is its longest side, where 1.0 is half of the picture's height when it stands nearest.
    """

    glyph: str
    labels: tuple[str, ...]
    mistaken_for: str
    settings: tuple[Setting, ...]
    pose: Pose
    size: float

    @property
    def is_stranger(self) -> bool:
        """Whether no label of the space fits."""
        return not self.labels


@cache
def label_space() -> LabelSpace:
    """The labels of the demo, in the order of `labels.csv`."""
    labels = (
        Label(index, row["key"], tuple(name.strip() for name in row["names"].split("|")), row["definition"])
        for index, row in enumerate(_rows("labels.csv"))
    )
    return LabelSpace("demo", tuple(labels))


@cache
def things() -> tuple[Thing, ...]:
    """Every drawing, in the order of `things.csv`."""
    return tuple(
        Thing(
            row["glyph"],
            tuple(row["labels"].split()),
            row["mistaken_for"],
            tuple(Setting(setting) for setting in row["settings"].split()),
            Pose(row["pose"]),
            float(row["size"]),
        )
        for row in _rows("things.csv")
    )


@cache
def look_alikes() -> dict[str, frozenset[str]]:
    """From a label's key to the keys that it is taken for; symmetric."""
    alike: dict[str, set[str]] = {label.key: set() for label in label_space().labels}
    for row in _rows("lookalikes.csv"):
        group = row["labels"].split()
        for key in group:
            alike[key].update(other for other in group if other != key)
    return {key: frozenset(others) for key, others in alike.items()}


def _rows(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(files(__package__).joinpath(table).read_text(encoding="utf-8").splitlines()))
