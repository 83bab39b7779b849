"""Prepare a picture for a network: resize the shorter side, crop the centre, normalise; bit for bit as torchvision does on PIL pictures.

Source: torchvision.transforms Resize(size), CenterCrop, ToTensor, Normalize, which published weights were evaluated with. The sizes are
rounded as there. Each of the 256 values of a channel has one result, so a table of 3 × 256 replaces the arithmetic on every pixel.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.Image import Image as Picture

INTERPOLATIONS = {
    "nearest": Image.Resampling.NEAREST,
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "hamming": Image.Resampling.HAMMING,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
Prepared = npt.NDArray[np.float32]
"""(3, crop, crop), normalised."""


@dataclass(frozen=True, slots=True)
class Preparation:
    """`resize` is the shorter side and `crop` the edge of the central square, in pixels; mean and std are of values in 0…1."""

    resize: int
    crop: int
    interpolation: str
    mean: tuple[float, float, float]
    std: tuple[float, float, float]


def prepare(picture: Picture, preparation: Preparation, table: npt.NDArray[np.float32]) -> Prepared:
    """An RGB picture as a network wants it; `table` is `value_table` of the same mean and std."""
    return normalised(centre_crop(resized(picture, preparation.resize, preparation.interpolation), preparation.crop), table)


def resized(picture: Picture, shorter: int, interpolation: str) -> Picture:
    """The picture with its shorter side at `shorter` pixels, the longer one rounded down."""
    width, height = picture.size
    longer = int(shorter * max(width, height) / min(width, height))
    size = (shorter, longer) if width <= height else (longer, shorter)
    return picture if size == picture.size else picture.resize(size, INTERPOLATIONS[interpolation])


def centre_crop(picture: Picture, edge: int) -> Picture:
    """The central square; an odd pixel goes where rounding to even puts it, as in torchvision."""
    left, top = round((picture.width - edge) / 2), round((picture.height - edge) / 2)
    return picture.crop((left, top, left + edge, top + edge))


def value_table(mean: Sequence[float], std: Sequence[float]) -> npt.NDArray[np.float32]:
    """(n_channels, 256): the prepared value for each channel and pixel value, (value / 255 − mean) / std in float32 steps."""
    values = np.arange(256, dtype=np.float32) / np.float32(255)
    return (values - np.array(mean, dtype=np.float32)[:, None]) / np.array(std, dtype=np.float32)[:, None]


def normalised(picture: Picture, table: npt.NDArray[np.float32]) -> Prepared:
    """(height, width, 3) bytes → (3, height, width) float32 by the table."""
    pixels = np.asarray(picture)
    prepared = np.empty((len(table), picture.height, picture.width), dtype=np.float32)
    for channel, values in enumerate(table):
        np.take(values, pixels[:, :, channel], out=prepared[channel], mode="clip")  # "clip" writes without a copy; bytes never leave 0…255
    return prepared
