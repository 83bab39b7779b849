"""Brushes for painted grounds: gradients, mottling, soft shapes; all on float arrays (height, width, 3) from 0 to 1."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

Canvas = npt.NDArray[np.float32]
"""(height, width, 3), red, green and blue from 0 to 1."""
Mask = npt.NDArray[np.float32]
"""(height, width), how much of a shape is at each pixel, from 0 to 1."""
Colour = tuple[float, float, float]
Point = tuple[float, float]
Box = tuple[float, float, float, float]


def colour(code: str) -> Colour:
    """`'#ff8000'` as three numbers from 0 to 1."""
    return (int(code[1:3], 16) / 255, int(code[3:5], 16) / 255, int(code[5:7], 16) / 255)


def pick(rng: np.random.Generator, choices: Sequence[str]) -> Colour:
    """One of these colours, varied a little."""
    red, green, blue = colour(choices[int(rng.integers(len(choices)))])
    shift = rng.normal(0.0, 0.015, 3)
    return (float(red + shift[0]), float(green + shift[1]), float(blue + shift[2]))


def darker(tone: Colour, by: float) -> Colour:
    """The colour with its light multiplied by `by` (above 1: lighter)."""
    return (min(tone[0] * by, 1.0), min(tone[1] * by, 1.0), min(tone[2] * by, 1.0))


def gradient(height: int, width: int, top: Colour, bottom: Colour) -> Canvas:
    """From one colour at the top to another at the bottom."""
    share = np.linspace(0.0, 1.0, max(height, 1), dtype=np.float32)[:, None]
    column = np.asarray(top, dtype=np.float32) * (1 - share) + np.asarray(bottom, dtype=np.float32) * share
    return np.repeat(column[:, None, :], width, axis=1)


def mottling(rng: np.random.Generator, height: int, width: int, *, rows: int, columns: int) -> Mask:
    """Smooth noise around 0 with a spread of about 1; few rows and columns make large spots, many columns alone upright streaks."""
    coarse = rng.normal(0.0, 1.0, (max(rows, 2), max(columns, 2))).astype(np.float32)
    return np.asarray(Image.fromarray(coarse).resize((width, max(height, 1)), Image.Resampling.BICUBIC), dtype=np.float32)


def lit(canvas: Canvas, light: "Mask | Stencil", strength: float) -> None:
    """Brighten and darken the canvas in place by `1 + strength × light`."""
    if isinstance(light, Stencil):
        canvas, light = light.part_of(canvas), light.mask
    canvas *= 1 + strength * light[:, :, None]


def laid(canvas: Canvas, stencil: "Stencil", tone: Colour, opacity: float = 1.0) -> None:
    """Paint a colour over the canvas in place, where the stencil is."""
    part, cover = stencil.part_of(canvas), (stencil.mask * np.float32(opacity))[:, :, None]
    part *= 1 - cover
    part += cover * np.asarray(tone, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Stencil:
    """A shape on a part of a canvas, whose upper left corner is at `top`, `left`: most shapes are small, and so is their work."""

    mask: Mask
    top: int
    left: int

    def part_of(self, canvas: Canvas) -> Canvas:
        """The part of the canvas that the stencil lies on, as a view."""
        return canvas[self.top : self.top + self.mask.shape[0], self.left : self.left + self.mask.shape[1]]


def shape(height: int, width: int, polygons: Sequence[Sequence[Point]], softness: float = 0.6) -> Stencil:
    """Filled polygons, in pixels of a canvas of this size, with an edge that is `softness` pixels soft."""
    return _stencil(height, width, [point for polygon in polygons for point in polygon], softness, partial(_polygons, polygons))


def discs(height: int, width: int, boxes: Sequence[Box], softness: float = 0.6) -> Stencil:
    """Filled ellipses by their boxes (left, top, right, bottom), in pixels."""
    corners = [corner for left, top, right, bottom in boxes for corner in ((left, top), (right, bottom))]
    return _stencil(height, width, corners, softness, partial(_ellipses, boxes))


def strokes(height: int, width: int, lines: Sequence[tuple[Point, Point]], thickness: float, softness: float = 0.6) -> Stencil:
    """Straight lines, in pixels."""
    pen = max(round(thickness), 1)
    return _stencil(height, width, [end for line in lines for end in line], softness + pen, partial(_lines, lines, pen), softness)


def box(left: float, top: float, right: float, bottom: float) -> tuple[Point, Point, Point, Point]:
    """A rectangle as a polygon."""
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def _stencil(
    height: int,
    width: int,
    points: Sequence[Point],
    margin: float,
    draw: Callable[[ImageDraw.ImageDraw, Point], None],
    softness: float | None = None,
) -> Stencil:
    """Draw on the smallest part of the canvas that holds the points and the soft edge around them."""
    around = 2 * margin + 2
    left, top = (
        (int(np.clip(min(point[axis] for point in points) - around, 0, (width, height)[axis])) for axis in (0, 1)) if points else (0, 0)
    )
    right, bottom = (
        (int(np.clip(max(point[axis] for point in points) + around, 0, (width, height)[axis])) for axis in (0, 1)) if points else (0, 0)
    )
    stencil = Image.new("L", (max(right - left, 1), max(bottom - top, 1)))
    draw(ImageDraw.Draw(stencil), (left, top))
    soft = stencil.filter(ImageFilter.BoxBlur(margin if softness is None else softness))
    mask = np.asarray(soft, dtype=np.float32) / np.float32(255)
    return Stencil(mask[: height - top, : width - left], top, left)


def _polygons(polygons: Sequence[Sequence[Point]], pen: ImageDraw.ImageDraw, origin: Point) -> None:
    for polygon in polygons:
        pen.polygon([(x - origin[0], y - origin[1]) for x, y in polygon], fill=255)


def _ellipses(boxes: Sequence[Box], pen: ImageDraw.ImageDraw, origin: Point) -> None:
    for left, top, right, bottom in boxes:
        pen.ellipse((left - origin[0], top - origin[1], right - origin[0], bottom - origin[1]), fill=255)


def _lines(lines: Sequence[tuple[Point, Point]], thickness: int, pen: ImageDraw.ImageDraw, origin: Point) -> None:
    for line in lines:
        pen.line([(x - origin[0], y - origin[1]) for x, y in line], fill=255, width=thickness)
