"""Reference pictures: each label's things, one at a time and close up, drawn by seeds that no scene has."""

import numpy as np

from multilabelfy.demo.catalogue import Pose, Setting, Thing, things
from multilabelfy.demo.drawing.composition import HORIZONS, Composition, Light, Placement, extent

EDGE = 176
"""The side of a reference picture, in pixels."""
REFERENCE_SEED = 40_917
"""Apart from every scene's seed, also those of the scorer's lessons."""


def reference(label: str, number: int) -> Composition:
    """The reference picture with this number of the label with this key; things that share the label take turns."""
    carriers = [thing for thing in things() if label in thing.labels]
    thing = carriers[number % len(carriers)]
    seed = (REFERENCE_SEED, int.from_bytes(label.encode()[:6].ljust(6), "big"), len(label), number)
    rng = np.random.default_rng(seed)
    setting = thing.settings[int(rng.integers(len(thing.settings)))]
    horizon = 1.0 if setting is Setting.SKY else float(np.clip(HORIZONS[setting] + rng.normal(0, 0.03), 0.25, 0.85))
    light = Light((1.0, 1.0, 1.0), float(rng.uniform(-1, 1)), 0.4, 0.0)
    return Composition(seed, setting, EDGE, EDGE, horizon, (_close_up(rng, thing, horizon),), light, 0.0, 0)


def _close_up(rng: np.random.Generator, thing: Thing, horizon: float) -> Placement:
    side = float(rng.uniform(0.62, 0.78)) * EDGE
    _, tall = extent(thing, side)
    middle = EDGE / 2 + tall / 2 + rng.uniform(-0.04, 0.06) * EDGE
    on_ground = thing.pose in (Pose.STANDS, Pose.LIES, Pose.FLOATS)
    foot = min(max(middle, (horizon + 0.14) * EDGE if on_ground else 0.0), EDGE * 0.96)
    turn = float(rng.uniform(-40, 40) if thing.pose is Pose.LIES else rng.normal(0, 1.5))
    x = EDGE / 2 + rng.uniform(-0.05, 0.05) * EDGE
    return Placement(thing, float(x), float(foot), side, turn, bool(rng.random() < 0.5), 0.0)
