"""Painted grounds under the sky: a street, a meadow, the sea and what is below it, the air."""

from collections.abc import Sequence

import numpy as np

from multilabelfy.demo.drawing.painting import (
    Canvas,
    Colour,
    Point,
    Stencil,
    box,
    colour,
    darker,
    discs,
    gradient,
    laid,
    lit,
    mottling,
    pick,
    shape,
    strokes,
)

SKIES = (("#6fa8dc", "#d6e9f5"), ("#86b3d1", "#eef3ee"), ("#8c9aa8", "#cfd4d6"), ("#5b7fae", "#f3cfa8"), ("#9db9c9", "#f2ead8"))
HOUSES = ("#b98c74", "#c7b299", "#8f8578", "#a4a9a8", "#c99a6b", "#7d8790", "#d5c4a8")
GRASSES = ("#7aa653", "#8bb05a", "#6d9748", "#a3b060", "#5f8f50")
LEAVES = ("#4f7a42", "#5f8a4a", "#3f6a48", "#77914a")
SEAS = (("#5f93b3", "#1f5f8f"), ("#6aa7b5", "#256d86"), ("#7d93a0", "#3d5a6b"), ("#7fb0c9", "#2d75b0"))
DEPTHS = (("#4fb3c4", "#0f4f78"), ("#63c2b8", "#145a6e"), ("#3f95bf", "#123a68"))


def street(rng: np.random.Generator, height: int, width: int, horizon: int) -> Canvas:
    """Houses, a pavement, a road in perspective."""
    canvas = np.concatenate([_sky(rng, horizon, width), gradient(height - horizon, width, colour("#6b6d70"), colour("#55575a"))])
    for depth in (0.75, 1.0):
        _houses(rng, canvas, horizon, depth)
    road = canvas[horizon:]
    lit(road, mottling(rng, height - horizon, width, rows=(height - horizon) // 2, columns=width // 2), 0.05)
    _pavement(rng, canvas, horizon)
    _lane(rng, canvas, horizon)
    return canvas


def meadow(rng: np.random.Generator, height: int, width: int, horizon: int) -> Canvas:
    """Grass with hills and trees behind it."""
    tone = pick(rng, GRASSES)
    canvas = np.concatenate([_sky(rng, horizon, width), gradient(height - horizon, width, darker(tone, 1.08), darker(tone, 0.82))])
    for nearness in (0.3, 0.8):
        _hills(rng, canvas, horizon, darker(tone, 0.62 + 0.3 * nearness), height=0.34 - 0.2 * nearness)
    _trees(rng, canvas, horizon)
    grass = canvas[horizon:]
    lit(grass, mottling(rng, height - horizon, width, rows=7, columns=6), 0.05)
    lit(grass, mottling(rng, height - horizon, width, rows=(height - horizon) // 3, columns=width // 2), 0.06)
    return canvas


def sea(rng: np.random.Generator, height: int, width: int, horizon: int) -> Canvas:
    """Water to the horizon; the nearer, the longer the waves."""
    far, near = SEAS[int(rng.integers(len(SEAS)))]
    water = gradient(height - horizon, width, colour(far), colour(near))
    lit(water, mottling(rng, height - horizon, width, rows=(height - horizon) // 3, columns=7), 0.05)
    _waves(rng, water)
    canvas = np.concatenate([_sky(rng, horizon, width), water])
    if rng.random() < 0.4:
        _hills(rng, canvas, horizon, darker(colour(far), 0.8), height=0.16)
    return canvas


def reef(rng: np.random.Generator, height: int, width: int, horizon: int) -> Canvas:
    """Under water: light from above, sand and weed below."""
    top, bottom = DEPTHS[int(rng.integers(len(DEPTHS)))]
    canvas = gradient(height, width, colour(top), colour(bottom))
    _rays(rng, canvas)
    sand = gradient(height - horizon, width, colour("#8fa08a"), colour("#b9ac84"))
    lit(sand, mottling(rng, height - horizon, width, rows=(height - horizon) // 2, columns=width // 5), 0.05)
    edge = mottling(rng, 1, width, rows=2, columns=6)[0] * height * 0.015 + horizon
    below = (np.arange(height)[:, None] > edge[None, :]).astype(np.float32)[horizon:]
    canvas[horizon:] = canvas[horizon:] * (1 - below[:, :, None]) + sand * below[:, :, None]
    _weed(rng, canvas, horizon)
    return canvas


def air(rng: np.random.Generator, height: int, width: int, horizon: int) -> Canvas:
    """Sky and clouds, now and then with the land far below."""
    canvas = _sky(rng, height, width, n_clouds=int(rng.integers(3, 8)))
    if rng.random() < 0.4:
        _hills(rng, canvas, horizon, pick(rng, LEAVES), height=0.12)
    return canvas


def _sky(rng: np.random.Generator, height: int, width: int, n_clouds: int | None = None) -> Canvas:
    top, bottom = SKIES[int(rng.integers(len(SKIES)))]
    sky = gradient(height, width, colour(top), colour(bottom))
    for _ in range(int(rng.integers(0, 4)) if n_clouds is None else n_clouds):
        _cloud(rng, sky)
    return sky


def _cloud(rng: np.random.Generator, sky: Canvas) -> None:
    height, width = sky.shape[:2]
    x, y, size = rng.uniform(0, width), rng.uniform(0.05, 0.75) * height, rng.uniform(0.05, 0.12) * width
    puffs = []
    for step in np.linspace(-1.6, 1.6, 6):
        radius = size * rng.uniform(0.5, 1.0) * (1.1 - abs(step) * 0.4)
        puffs.append((x + step * size - radius, y - radius * 0.8, x + step * size + radius, y + radius * 0.45))
    laid(sky, discs(height, width, puffs, softness=max(size * 0.12, 2)), (0.98, 0.98, 0.98), float(rng.uniform(0.5, 0.9)))


def _houses(rng: np.random.Generator, canvas: Canvas, horizon: int, depth: float) -> None:
    height, width = canvas.shape[:2]
    x = -rng.uniform(0, 0.1) * width
    while x < width:
        wide, tall = rng.uniform(0.1, 0.24) * width, rng.uniform(0.35, 0.95) * horizon * (1.35 - 0.5 * depth)
        tone = darker(pick(rng, HOUSES), 0.7 + 0.25 * depth)
        laid(canvas, shape(height, width, [box(x, horizon - tall, x + wide, horizon)]), tone, 0.55 + 0.45 * depth)
        if depth == 1.0:
            laid(canvas, shape(height, width, _windows(x, horizon - tall, wide, tall)), darker(tone, float(rng.uniform(0.45, 0.7))), 0.8)
        x += wide * rng.uniform(1.0, 1.5)


def _windows(left: float, top: float, wide: float, tall: float) -> list[Sequence[Point]]:
    across, edge = max(int(wide // 16), 1), wide / max(int(wide // 16), 1) * 0.42
    return [
        box(x, y, x + edge, y + edge * 1.3)
        for x in np.linspace(left + wide * 0.12, left + wide * 0.88 - edge, across)
        for y in np.arange(top + edge * 0.8, top + tall - edge * 2, edge * 2.3)
    ]


def _pavement(rng: np.random.Generator, canvas: Canvas, horizon: int) -> None:
    height, width = canvas.shape[:2]
    deep = max(round((height - horizon) * rng.uniform(0.12, 0.22)), 3)
    canvas[horizon : horizon + deep] = gradient(deep, width, colour("#a9a69f"), colour("#bbb7ae"))
    canvas[horizon + deep : horizon + deep + 2] *= 0.65


def _lane(rng: np.random.Generator, canvas: Canvas, horizon: int) -> None:
    height, width = canvas.shape[:2]
    y = horizon + (height - horizon) * rng.uniform(0.5, 0.7)
    start, dash, thick = rng.uniform(0, 0.2) * width, width * 0.11, max((height - horizon) * 0.022, 1.5)
    dashes = [
        [(x, y), (x + dash, y), (x + dash - thick, y + thick), (x - thick, y + thick)] for x in np.arange(start - dash, width, dash * 1.8)
    ]
    laid(canvas, shape(height, width, dashes), (0.88, 0.87, 0.83), 0.75)


def _hills(rng: np.random.Generator, canvas: Canvas, horizon: int, tone: Colour, height: float) -> None:
    rows, width = canvas.shape[:2]
    crest = horizon - np.abs(mottling(rng, 1, width, rows=2, columns=int(rng.integers(4, 8)))[0]) * height * horizon * 0.6 - 1
    outline = [(float(x), float(crest[x])) for x in range(0, width, 3)] + [(float(width), float(crest[-1]))]
    laid(canvas, shape(rows, width, [[*outline, (width, horizon), (0, horizon)]]), tone, 0.85)


def _trees(rng: np.random.Generator, canvas: Canvas, horizon: int) -> None:
    height, width = canvas.shape[:2]
    for _ in range(int(rng.integers(0, 6))):
        x, size, tone = rng.uniform(0, width), rng.uniform(0.04, 0.09) * height, pick(rng, LEAVES)
        laid(canvas, shape(height, width, [box(x - size * 0.1, horizon - size, x + size * 0.1, horizon + 1)]), colour("#6a5340"), 0.9)
        crown = [
            (x - size * 0.7, horizon - size * 2.1, x + size * 0.5, horizon - size * 0.7),
            (x - size * 0.4, horizon - size * 1.8, x + size * 0.8, horizon - size * 0.6),
        ]
        laid(canvas, discs(height, width, crown, 1.0), tone, 0.95)


def _waves(rng: np.random.Generator, water: Canvas) -> None:
    height, width = water.shape[:2]
    for depth in (0.25, 0.55, 0.85):
        ripples = []
        for _ in range(int(30 * (1.2 - depth))):
            x, y = rng.uniform(-0.1, 1.0) * width, (depth + rng.uniform(-0.22, 0.15)) * height
            ripples.append(((x, y), (x + width * 0.09 * depth * rng.uniform(0.5, 1.4), y)))
        lit(water, strokes(height, width, ripples, thickness=1 + depth, softness=1.0), 0.28)


def _rays(rng: np.random.Generator, canvas: Canvas) -> None:
    height, width = canvas.shape[:2]
    source = rng.uniform(0.1, 0.9) * width
    beams = []
    for _ in range(int(rng.integers(3, 7))):
        foot, spread = source + rng.normal(0, 0.5) * width, rng.uniform(0.03, 0.12) * width
        beams.append([(source - spread * 0.2, -10), (source + spread * 0.2, -10), (foot + spread, height), (foot - spread, height)])
    light = shape(height, width, beams, softness=5)
    fading = np.linspace(1.0, 0.15, height, dtype=np.float32)[light.top : light.top + light.mask.shape[0], None]
    lit(canvas, Stencil(light.mask * fading, light.top, light.left), 0.25)


def _weed(rng: np.random.Generator, canvas: Canvas, horizon: int) -> None:
    height, width = canvas.shape[:2]
    for _ in range(int(rng.integers(2, 7))):
        x, tall = rng.uniform(0, width), rng.uniform(0.1, 0.25) * height
        blades = []
        for lean in rng.normal(0, 0.18, 5):
            foot = x + lean * 40
            blades.append(
                [(foot - 2, horizon + 6), (foot + 2, horizon + 6), (foot + lean * tall, horizon + 6 - tall * rng.uniform(0.6, 1.0))]
            )
        laid(canvas, shape(height, width, blades, 0.8), darker(colour("#2f6b57"), float(rng.uniform(0.7, 1.2))), 0.75)
