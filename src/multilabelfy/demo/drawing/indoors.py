"""Painted grounds inside a house: a desk, a kitchen counter, a living room."""

import numpy as np

from multilabelfy.demo.drawing.painting import Canvas, box, darker, discs, gradient, laid, lit, mottling, pick, shape, strokes

WALLS = ("#d9d4c7", "#c9d3d6", "#dccfc0", "#b9c4b4", "#e4dfd2", "#9fb0bd", "#cdb9ae")
WOODS = ("#a9815b", "#8a6a4c", "#c59f72", "#6f5440", "#b58d68", "#d3b48a")
STONES = ("#c8c2b8", "#8f8f92", "#e2ded6", "#6d7073", "#b7aa98")
TILES = ("#eef0ec", "#dfe9ea", "#f1e7d6", "#c6d8cf", "#e9d5cc", "#b5c7d6")
RUGS = ("#8c3f3f", "#3f5d7a", "#5f7350", "#a8833f", "#6d5a80", "#b6a999")


def desk(rng: np.random.Generator, height: int, width: int, horizon: int) -> Canvas:
    """A wall with the light of a window on it, above a wooden top."""
    wall = _wall(rng, horizon, width)
    _window_light(rng, wall)
    if rng.random() < 0.5:
        _picture_frame(rng, wall)
    return np.concatenate([wall, _wood(rng, height - horizon, width)])


def kitchen(rng: np.random.Generator, height: int, width: int, horizon: int) -> Canvas:
    """Tiles above a counter of stone or wood."""
    wall = _tiles(rng, horizon, width)
    _window_light(rng, wall)
    top = _wood(rng, height - horizon, width) if rng.random() < 0.4 else _stone(rng, height - horizon, width)
    return np.concatenate([wall, top])


def room(rng: np.random.Generator, height: int, width: int, horizon: int) -> Canvas:
    """Wallpaper and skirting above floor boards, often with a rug."""
    wall = _wall(rng, horizon, width)
    if rng.random() < 0.6:
        _stripes(rng, wall)
    _window_light(rng, wall)
    skirting = max(round(height * 0.025), 2)
    wall[-skirting:] = wall[-skirting:] * 0.35 + 0.6
    wall[-1:] *= 0.6
    return np.concatenate([wall, _boards(rng, height - horizon, width)])


def _wall(rng: np.random.Generator, height: int, width: int) -> Canvas:
    tone = pick(rng, WALLS)
    wall = gradient(height, width, darker(tone, 0.86), darker(tone, 1.04))
    lit(wall, mottling(rng, height, width, rows=5, columns=7), 0.02)
    return wall


def _window_light(rng: np.random.Generator, wall: Canvas) -> None:
    height, width = wall.shape[:2]
    left, slant = rng.uniform(-0.2, 0.8) * width, rng.uniform(0.2, 0.6) * height
    panes = [
        [(left + start, 0), (left + start + pane, 0), (left + start + pane - slant, height), (left + start - slant, height)]
        for pane in (width * 0.14,)
        for start in (0.0, width * 0.17)
    ]
    lit(wall, shape(height, width, panes, softness=6), float(rng.uniform(0.0, 0.22)))


def _picture_frame(rng: np.random.Generator, wall: Canvas) -> None:
    height, width = wall.shape[:2]
    edge = rng.uniform(0.3, 0.5) * height
    left, top = rng.uniform(0.05, 0.8) * width, rng.uniform(0.08, 0.3) * height
    laid(wall, shape(height, width, [box(left, top, left + edge * 1.3, top + edge)], 1.2), pick(rng, WOODS), 0.8)
    inner = edge * 0.1
    laid(
        wall,
        shape(height, width, [box(left + inner, top + inner, left + edge * 1.3 - inner, top + edge - inner)], 1.2),
        pick(rng, RUGS),
        0.7,
    )


def _stripes(rng: np.random.Generator, wall: Canvas) -> None:
    height, width = wall.shape[:2]
    step = width / int(rng.integers(9, 18))
    bands = [box(left, 0, left + step / 2, height) for left in np.arange(0, width, step)]
    lit(wall, shape(height, width, bands), float(rng.uniform(0.03, 0.08)))


def _wood(rng: np.random.Generator, height: int, width: int) -> Canvas:
    tone = pick(rng, WOODS)
    top = gradient(height, width, darker(tone, 0.9), darker(tone, 1.08))
    lit(top, mottling(rng, height, width, rows=height // 2, columns=5), 0.035)
    lit(top, mottling(rng, height, width, rows=max(height // 8, 2), columns=3), 0.04)
    top[: max(height // 60, 1)] *= 1.15
    return top


def _stone(rng: np.random.Generator, height: int, width: int) -> Canvas:
    tone = pick(rng, STONES)
    top = gradient(height, width, darker(tone, 0.88), darker(tone, 1.08))
    lit(top, mottling(rng, height, width, rows=height // 2, columns=width // 2), 0.045)
    lit(top, mottling(rng, height, width, rows=6, columns=9), 0.04)
    top[: max(height // 60, 1)] *= 1.2
    return top


def _tiles(rng: np.random.Generator, height: int, width: int) -> Canvas:
    tone = pick(rng, TILES)
    wall = gradient(height, width, darker(tone, 0.88), darker(tone, 1.0))
    edge = max(height / int(rng.integers(3, 6)), 8)
    rows, columns = int(height / edge) + 1, int(width / edge) + 1
    shades = rng.normal(0.0, 1.0, (rows, columns)).astype(np.float32)
    lit(wall, shades[(np.arange(height) // edge).astype(int)][:, (np.arange(width) // edge).astype(int)], 0.025)
    joints = [((0, y), (width, y)) for y in np.arange(height, -1, -edge)] + [((x, 0), (x, height)) for x in np.arange(0, width, edge)]
    laid(wall, strokes(height, width, joints, thickness=1), darker(tone, 0.72), 0.6)
    return wall


def _boards(rng: np.random.Generator, height: int, width: int) -> Canvas:
    floor = _wood(rng, height, width)
    vanishing = (width * rng.uniform(0.3, 0.7), -height * 1.2)
    joints = [((foot, height), vanishing) for foot in np.linspace(-width, 2 * width, 28)]
    lit(floor, strokes(height, width, joints, thickness=1), -0.3)
    if rng.random() < 0.6:
        _rug(rng, floor)
    return floor


def _rug(rng: np.random.Generator, floor: Canvas) -> None:
    height, width = floor.shape[:2]
    middle, half, tone = rng.uniform(0.3, 0.7) * width, rng.uniform(0.3, 0.45) * width, pick(rng, RUGS)
    top, bottom = 0.22 * height, rng.uniform(0.8, 0.98) * height
    laid(floor, discs(height, width, [(middle - half, top, middle + half, bottom)], 0.8), darker(tone, 0.8))
    laid(floor, discs(height, width, [(middle - half * 0.9, top + 4, middle + half * 0.9, bottom - 5)], 0.8), tone)
    lit(floor, mottling(rng, height, width, rows=height // 2, columns=width // 2), 0.03)
