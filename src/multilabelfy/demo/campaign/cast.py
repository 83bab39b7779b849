"""The people of the demo's study, with their known errors; and what a scene is to them."""

import math

from multilabelfy.annotation.model import Role
from multilabelfy.demo.catalogue import label_space, look_alikes
from multilabelfy.demo.drawing.scenes import Scene, VisibleThing
from multilabelfy.simulation.annotators import Habits, LookAlikes
from multilabelfy.simulation.truth import TrueObject, Truth

ANNOTATORS = {
    "Ada": Habits(miss=0.01, miss_faint=0.15, one_name=0.06, confuse=0.01, doubt=0.02, search=0.9, pace=11.0),
    "Ben": Habits(miss=0.02, miss_faint=0.30, one_name=0.12, confuse=0.02, doubt=0.03, search=0.6, pace=8.0),
    "Chloé": Habits(miss=0.02, miss_faint=0.25, one_name=0.10, confuse=0.03, doubt=0.08, search=0.7, pace=9.0),
    "Deniz": Habits(miss=0.03, miss_faint=0.40, one_name=0.20, confuse=0.02, doubt=0.02, search=0.4, pace=6.0),
    "Emeka": Habits(miss=0.02, miss_faint=0.25, one_name=0.15, confuse=0.06, doubt=0.04, search=0.6, pace=7.0),
}
"""Ada is careful, Deniz quick, Chloé in doubt, Emeka mistakes look-alikes."""

EXPERTS = {
    "Fatima": Habits(miss=0.005, miss_faint=0.08, one_name=0.02, confuse=0.005, search=0.9, pace=14.0),
    "George": Habits(miss=0.01, miss_faint=0.12, one_name=0.04, confuse=0.01, search=0.8, pace=12.0),
}

VISITORS = {Role.ANNOTATOR: "Visitor", Role.EXPERT: "Visiting expert", Role.OWNER: "Owner"}
"""Who the printed links are for, by role."""

STRIKING_SIZE = 0.16
"""A thing whose side (the root of its area) is this share of the picture's strikes the eye at once; one of a quarter of it hardly does."""


def truth_of(scene: Scene) -> Truth:
    """The scene as simulated people see it."""
    objects = tuple(TrueObject(_indices(seen), _conspicuity(seen, scene)) for seen in scene.seen if not seen.thing.is_stranger)
    return Truth(objects, is_unusable=scene.is_unusable)


def confusions() -> LookAlikes:
    """The look-alikes by label index."""
    index_of = label_space().index_of
    return {index_of(key): frozenset(map(index_of, others)) for key, others in look_alikes().items()}


def _indices(seen: VisibleThing) -> tuple[int, ...]:
    return tuple(label_space().index_of(key) for key in seen.thing.labels)


def _conspicuity(seen: VisibleThing, scene: Scene) -> float:
    """Small, covered and blurred things strike the eye less."""
    composition = scene.composition
    side = math.sqrt(seen.area / (composition.width * composition.height))
    size = (side / STRIKING_SIZE - 0.25) / 0.75
    return min(max(size, 0.0), 1.0) * seen.share * (0.6 if composition.blur else 1.0)
