"""What the demo's scorers look at: colour and edges in cells of 4 × 4 pixels, at five sizes of the picture (after Dalal & Triggs, 2005).

A window of 8 × 8 cells is a square of 32 pixels, whatever the size: small things fill one in the large picture, large things in the
small one.
"""

from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.Image import Image as Picture

Cells = npt.NDArray[np.float32]
"""(n_cells, n_channels): the grids of all sizes, one after the other, each row by row."""
Windows = npt.NDArray[np.float32]
"""(n_windows, n_channels of all cells in a window)."""

EDGES = (192, 136, 96, 68, 48)
"""The sizes of the picture, in pixels: it is fitted into a square of each, the first alone being cut from the original."""
CELL = 4
SPAN = 8
"""Cells on a side of a window."""
STRIDE = 2
"""Cells from one window to the next."""
N_ANGLES = 6
N_CHANNELS = 3 + N_ANGLES


def cells(picture: Picture) -> Cells:
    """The cells of an RGB picture of any size. Pure: safe on several threads at once."""
    square = fitted(picture)
    return np.concatenate([_grid(_pixels(_shrunk(square, edge))) for edge in EDGES])


def small_cells(picture: Picture) -> Cells:
    """The cells of the smallest size alone, as they stand at the end of `cells`: all that a glance needs, at a tenth of the cost."""
    return _grid(_pixels(_shrunk(fitted(picture), EDGES[-1])))


def fitted(picture: Picture) -> Picture:
    """The picture in the middle of a grey square, its sides in proportion."""
    scale = EDGES[0] / max(picture.size)
    size = (max(round(picture.width * scale), 1), max(round(picture.height * scale), 1))
    square = Image.new("RGB", (EDGES[0], EDGES[0]), (128, 128, 128))
    square.paste(picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0), ((EDGES[0] - size[0]) // 2, (EDGES[0] - size[1]) // 2))
    return square


def windows(grids: Cells) -> Windows:
    """The cells of every window, in the order of `places`."""
    return grids[places()].reshape(len(places()), -1)


@cache
def places() -> npt.NDArray[np.int32]:
    """(n_windows, SPAN²) rows of `cells`, from the largest size to the smallest."""
    cells_of_windows, start = [], 0
    for edge in EDGES:
        across = edge // CELL
        inside = np.arange(SPAN)[:, None] * across + np.arange(SPAN)
        corners = np.arange(0, across - SPAN + 1, STRIDE)
        origins = start + corners[:, None] * across + corners
        cells_of_windows.append(origins.reshape(-1, 1) + inside.reshape(1, -1))
        start += across * across
    return np.concatenate(cells_of_windows).astype(np.int32)


@cache
def size_bounds() -> list[int]:
    """Where in `places` the windows of the second, third, … size begin."""
    counts = [((edge // CELL - SPAN) // STRIDE + 1) ** 2 for edge in EDGES]
    return [int(bound) for bound in np.cumsum(counts)[:-1]]


def glance(grids: Cells) -> npt.NDArray[np.float32]:
    """The whole picture at once and small, (6 × 6 × n_channels,): the mean of every four cells of the smallest size."""
    across = EDGES[-1] // CELL
    smallest = grids[-across * across :].reshape(across // 2, 2, across // 2, 2, N_CHANNELS)
    small: npt.NDArray[np.float32] = smallest.mean(axis=(1, 3)).reshape(-1)
    return small


def _shrunk(square: Picture, edge: int) -> Picture:
    return square if edge == EDGES[0] else square.resize((edge, edge), Image.Resampling.BILINEAR, reducing_gap=2.0)


def _pixels(picture: Picture) -> npt.NDArray[np.float32]:
    return np.asarray(picture, dtype=np.float32) / np.float32(255)


def _grid(pixels: npt.NDArray[np.float32]) -> Cells:
    """Brightness, red against green, yellow against blue, and the strength of edges at six angles, each averaged over a cell."""
    red, green, blue = pixels[:, :, 0], pixels[:, :, 1], pixels[:, :, 2]
    light = (red + green + blue) / np.float32(3)
    channels = [light - np.float32(0.5), red - green, (red + green) / np.float32(2) - blue, *_edges(light)]
    pooled: Cells = np.stack([_pooled(channel) for channel in channels], axis=-1)
    pooled[:, 3:] = np.sqrt(pooled[:, 3:])
    return pooled


def _pooled(channel: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The mean of each cell, row by row: rows are summed first, since they lie side by side in memory."""
    across = channel.shape[0] // CELL
    rows = channel.reshape(across, CELL, -1).sum(axis=1)
    pooled: npt.NDArray[np.float32] = rows.reshape(across * across, CELL).sum(axis=1) / np.float32(CELL**2)
    return pooled


def _edges(light: npt.NDArray[np.float32]) -> list[npt.NDArray[np.float32]]:
    """How strong the edge at each pixel is, for each of six angles: the nearer to the angle, the more of its strength."""
    right, down = np.zeros_like(light), np.zeros_like(light)
    right[:, 1:-1] = light[:, 2:] - light[:, :-2]
    down[1:-1] = light[2:] - light[:-2]
    share = np.float32(0.5) / (right * right + down * down + np.float32(4e-6))
    edges = []
    for angle in np.arange(N_ANGLES) * np.pi / N_ANGLES:
        along = np.abs(right * np.float32(np.cos(angle)) + down * np.float32(np.sin(angle)))
        edges.append(along * along * along * share)
    return edges
