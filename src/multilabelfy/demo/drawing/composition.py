"""Decide what a scene holds and where: one main thing, its company, their places on the ground, the light.

Things nearer to the viewer stand lower and larger; places are tried until little is covered, except for one thing now and then that
is meant to be half hidden. Every choice comes from the seed and the scene's number, so that a scene can be drawn again anywhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from multilabelfy.demo.catalogue import Pose, Setting, Thing, look_alikes, things
from multilabelfy.demo.drawing.glyphs import glyph

SHAPES = ((512, 384), (512, 384), (512, 384), (384, 512), (448, 448))
HORIZONS = {
    Setting.DESK: 0.42,
    Setting.KITCHEN: 0.40,
    Setting.ROOM: 0.48,
    Setting.STREET: 0.42,
    Setting.MEADOW: 0.38,
    Setting.SEA: 0.36,
    Setting.REEF: 0.80,
    Setting.SKY: 1.0,
}
COMPANY = (0.34, 0.26, 0.17, 0.12, 0.07, 0.04)
"""How often a scene holds one, two, … six things."""
ZOOM = (1.35, 1.2, 1.08, 0.98, 0.9, 0.84)
"""The fewer the things, the closer the viewer."""
TRIES = 40
HIDDEN = 0.35
"""How often, with company, one thing is half hidden behind another on purpose."""


@dataclass(frozen=True, slots=True)
class Placement:
    """One thing in a scene, in pixels: the middle of its foot, its longest side, how it is turned, and how far away (0 near, 1 far)."""

    thing: Thing
    x: float
    foot: float
    side: float
    turn: float
    mirrored: bool
    distance: float

    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom, before it is turned."""
        wide, tall = extent(self.thing, self.side)
        return (self.x - wide / 2, self.foot - tall, self.x + wide / 2, self.foot)


@dataclass(frozen=True, slots=True)
class Light:
    """The light of a scene: what it multiplies the colours by, from which side it falls (-1 left, 1 right), how hard the shadows are."""

    tint: tuple[float, float, float]
    side: float
    hardness: float
    grain: float


@dataclass(frozen=True, slots=True)
class Composition:
    """A scene before it is drawn; `placements` run from far to near, `horizon` is a share of the height, `blur` and `smear` are pixels."""

    seed: tuple[int, ...]
    setting: Setting
    width: int
    height: int
    horizon: float
    placements: tuple[Placement, ...]
    light: Light
    blur: float
    smear: int


def compose(seed: int, number: int) -> Composition:
    """The composition of the scene with this number. Over about a hundred numbers, each thing is once the main one."""
    rng = np.random.default_rng((seed, number))
    main = main_thing(seed, number)
    setting = main.settings[int(rng.integers(len(main.settings)))]
    n_things = 1 + int(rng.choice(len(COMPANY), p=COMPANY))
    cast = [main, *(_companion(rng, main, setting) for _ in range(n_things - 1))]
    return arrange(rng, cast, setting, (seed, number))


def compose_strangers(seed: int, number: int) -> Composition:
    """A composition of one or two things that no label of the space fits."""
    rng = np.random.default_rng((seed, number, 1))
    strangers = [thing for thing in things() if thing.is_stranger]
    main = strangers[int(rng.integers(len(strangers)))]
    setting = main.settings[0]
    others = [thing for thing in strangers if setting in thing.settings]
    cast = [main, *(others[int(rng.integers(len(others)))] for _ in range(int(rng.integers(2))))]
    return arrange(rng, cast, setting, (seed, number, 1))


def main_thing(seed: int, number: int) -> Thing:
    """The thing a scene is about: all labelled things in a shuffled order, then again in another."""
    labelled = [thing for thing in things() if not thing.is_stranger]
    turn, place = divmod(number, len(labelled))
    return labelled[int(np.random.default_rng((seed, turn, 2)).permutation(len(labelled))[place])]


def arrange(rng: np.random.Generator, cast: Sequence[Thing], setting: Setting, seed: tuple[int, ...]) -> Composition:
    """Put these things into a setting, where they cover little of one another."""
    width, height = SHAPES[int(rng.integers(len(SHAPES)))]
    horizon = 1.0 if setting is Setting.SKY else float(np.clip(rng.normal(HORIZONS[setting], 0.04), 0.25, 0.85))
    hidden = int(rng.integers(1, len(cast))) if len(cast) > 1 and rng.random() < HIDDEN else 0
    placed: list[Placement] = []
    for place, thing in enumerate(cast):
        misfit = _hidden_misfit if place and place == hidden else _free_misfit
        placed.append(_placed(rng, thing, placed, (width, height, horizon, setting), len(cast), misfit))
    far_to_near = tuple(sorted(placed, key=lambda placement: (-placement.distance, placement.foot)))
    return Composition(seed, setting, width, height, horizon, far_to_near, _light(rng, setting), _blur(rng), _smear(rng))


def extent(thing: Thing, side: float) -> tuple[float, float]:
    """Width and height in pixels of a thing whose longest side is `side`."""
    wide, tall = glyph(thing.glyph).size
    return side * wide / max(wide, tall), side * tall / max(wide, tall)


def _companion(rng: np.random.Generator, main: Thing, setting: Setting) -> Thing:
    here = [thing for thing in things() if setting in thing.settings]
    known = [thing for thing in here if not thing.is_stranger]
    alike = [thing for thing in known if any(look_alikes()[mine] & set(thing.labels) for mine in main.labels)]
    chance = rng.random()
    if chance < 0.1:
        return main
    if chance < 0.4 and alike:
        return alike[int(rng.integers(len(alike)))]
    strangers = [thing for thing in here if thing.is_stranger]
    pool = strangers if chance > 0.92 and strangers else known
    return pool[int(rng.integers(len(pool)))]


def _placed(
    rng: np.random.Generator,
    thing: Thing,
    others: Sequence[Placement],
    stage: tuple[int, int, float, Setting],
    n_things: int,
    misfit: Callable[[Placement, Sequence[Placement]], float],
) -> Placement:
    """The first try that fits, or else the one of them that misses least."""
    tiny = 0.45 if rng.random() < 0.1 and n_things > 1 else 1.0
    best, least = None, np.inf
    for _ in range(TRIES):
        trial = _tried(rng, thing, stage, ZOOM[min(n_things, len(ZOOM)) - 1] * tiny)
        if (miss := misfit(trial, others)) < least:
            best, least = trial, miss
        if not least:
            break
    assert best is not None
    return best


def _free_misfit(trial: Placement, others: Sequence[Placement]) -> float:
    """How much more than a little it covers of another, or another of it."""
    return max(max((_overlap(trial, other) for other in others), default=0.0) - 0.12, 0.0)


def _hidden_misfit(trial: Placement, others: Sequence[Placement]) -> float:
    """How far from half the nearest thing before it covers it."""
    cover = max((_overlap(trial, other) for other in others if other.distance < trial.distance), default=0.0)
    return max(abs(cover - 0.5) - 0.1, 0.0)


def _tried(rng: np.random.Generator, thing: Thing, stage: tuple[int, int, float, Setting], zoom: float) -> Placement:
    width, height, horizon, setting = stage
    distance = float(rng.uniform(0.0, 0.9) ** 1.3)
    unit = 0.5 * min(height, width * 0.9) * zoom
    side = float(np.clip(thing.size * unit * (1.0 - 0.55 * distance), 16, 0.8 * min(width, height)))
    wide, tall = extent(thing, side)
    if thing.pose in (Pose.FLIES, Pose.SWIMS) and setting is not Setting.SEA:
        ceiling = height * (horizon if setting in (Setting.REEF, Setting.SKY) else horizon * 0.95)
        foot = rng.uniform(tall + 4, max(ceiling - 4, tall + 5))
    else:
        foot = height * (horizon + (1 - horizon) * (0.12 + 0.84 * (1.0 - distance)))
    edge = wide * 0.5 - (wide * 0.25 if rng.random() < 0.08 else -3)
    x = rng.uniform(edge, max(width - edge, edge + 1))
    turn = float(rng.uniform(-180, 180) if thing.pose is Pose.LIES else rng.normal(0.0, 1.5))
    return Placement(thing, float(x), float(foot), side, turn, bool(rng.random() < 0.5), distance)


def _overlap(first: Placement, second: Placement) -> float:
    """The share of the smaller box that the two have in common."""
    left, top, right, bottom = first.box()
    left2, top2, right2, bottom2 = second.box()
    common = max(min(right, right2) - max(left, left2), 0.0) * max(min(bottom, bottom2) - max(top, top2), 0.0)
    return common / max(min((right - left) * (bottom - top), (right2 - left2) * (bottom2 - top2)), 1.0)


def _light(rng: np.random.Generator, setting: Setting) -> Light:
    warmth = rng.normal(0.0, 0.05)
    brightness = rng.uniform(0.42, 0.55) if rng.random() < 0.07 and setting is not Setting.SKY else rng.uniform(0.93, 1.06)
    tint = np.clip(np.array([1 + warmth, 1.0, 1 - warmth]) * brightness, 0.2, 1.12)
    grain = 9.0 if brightness < 0.6 else 0.0
    return Light((float(tint[0]), float(tint[1]), float(tint[2])), float(rng.uniform(-1, 1)), float(rng.uniform(0.25, 0.6)), grain)


def _blur(rng: np.random.Generator) -> float:
    return float(rng.uniform(1.5, 3.2)) if rng.random() < 0.08 else 0.0


def _smear(rng: np.random.Generator) -> int:
    return int(rng.integers(4, 9)) if rng.random() < 0.03 else 0
