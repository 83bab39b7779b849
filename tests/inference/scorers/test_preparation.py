"""A picture is prepared as torchvision prepares it, bit for bit."""

import numpy as np
import pytest
from PIL import Image
from PIL.Image import Image as Picture

from multilabelfy.inference.scorers.preparation import INTERPOLATIONS, Preparation, centre_crop, normalised, prepare, resized, value_table

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
SIZES = [(500, 375), (375, 500), (300, 300), (257, 256), (256, 256), (40, 31), (1023, 257), (12, 300)]


def noise(width: int, height: int) -> Picture:
    return Image.fromarray(np.random.default_rng(width * 7 + height).integers(0, 256, (height, width, 3), dtype=np.uint8))


def grey(width: int, height: int) -> Picture:
    return Image.new("RGB", (width, height), (128, 128, 128))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("interpolation", sorted(INTERPOLATIONS))
def test_it_equals_torchvision_bit_for_bit(size: tuple[int, int], interpolation: str) -> None:
    transforms = pytest.importorskip("torchvision.transforms", reason="needs the extra timm")
    theirs = transforms.Compose(
        [
            transforms.Resize(256, interpolation=transforms.InterpolationMode(interpolation)),
            transforms.CenterCrop(224),
            transforms.ToTensor(),
            transforms.Normalize(*IMAGENET),
        ]
    )
    picture = noise(*size)

    ours = prepare(picture, Preparation(256, 224, interpolation, *IMAGENET), value_table(*IMAGENET))

    assert (ours.shape, ours.dtype) == ((3, 224, 224), np.dtype("float32"))
    assert np.array_equal(ours, theirs(picture).numpy())


def test_the_shorter_side_gets_its_size_and_the_longer_one_is_rounded_down() -> None:
    assert resized(grey(500, 375), 256, "bicubic").size == (341, 256)  # 256 · 500 / 375 = 341.3
    assert resized(grey(375, 500), 256, "bicubic").size == (256, 341)
    assert resized(grey(10, 10), 256, "bicubic").size == (256, 256)


def test_an_odd_pixel_goes_where_rounding_to_even_puts_it() -> None:
    picture = Image.fromarray(np.arange(7, dtype=np.uint8)[None, :].repeat(4, axis=0))

    assert np.asarray(centre_crop(picture, 4))[0].tolist() == [2, 3, 4, 5]  # (7 − 4) / 2 = 1.5, to even: 2


def test_values_are_scaled_and_shifted_channel_by_channel() -> None:
    picture = Image.new("RGB", (2, 3), (0, 255, 51))

    prepared = normalised(picture, value_table((0.0, 0.5, 0.2), (1.0, 0.5, 0.1)))

    assert prepared.shape == (3, 3, 2)
    assert prepared[:, 0, 0].tolist() == pytest.approx([0.0, 1.0, 0.0], abs=1e-6)
