"""A reference picture that is (nearly) the judged one is found, and hardly any other."""

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance

from multilabelfy.pictures.likeness import bits_apart, fingerprint, is_nearly
from multilabelfy.pictures.opening import open_picture


def drawing(seed: int) -> Image.Image:
    random = np.random.default_rng(seed)
    picture = Image.new("RGB", (300, 200), tuple(int(part) for part in random.integers(0, 256, 3)))
    pen = ImageDraw.Draw(picture)
    for _ in range(12):
        x, y, w, h = (int(part) for part in random.integers(0, 200, 4))
        pen.ellipse((x, y, x + w, y + h), fill=tuple(int(part) for part in random.integers(0, 256, 3)))
    return picture


def as_jpeg(picture: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return Image.open(file)


def test_bits_apart_counts_differing_bits() -> None:
    assert bits_apart(0b1011, 0b0010) == 2


def test_ten_bits_are_near_and_eleven_are_not() -> None:
    assert is_nearly(0, 2**10 - 1)
    assert not is_nearly(0, 2**11 - 1)


def test_a_smaller_a_compressed_a_grey_and_a_brighter_version_are_the_same_picture() -> None:
    original = drawing(1)
    versions = [original.resize((90, 60)), as_jpeg(original, 25), original.convert("L"), ImageEnhance.Brightness(original).enhance(1.2)]
    assert all(is_nearly(fingerprint(original), fingerprint(version)) for version in versions)


def test_two_drawings_are_not() -> None:
    assert not is_nearly(fingerprint(drawing(1)), fingerprint(drawing(2)))


def test_a_fingerprint_has_64_bits() -> None:
    assert 0 <= fingerprint(drawing(3)) < 2**64


def test_the_250_photos_are_found_among_1000_reference_photos_without_a_false_alarm(shared_data: Path) -> None:
    photos, references = (
        {path.parent.name: fingerprint(open_picture(path, at_least=64)) for path in (shared_data / room).glob("*/*")}
        for room in ("photos", "reference")
    )
    found = sum(is_nearly(value, references[name]) for name, value in photos.items())
    alarms = sum(is_nearly(value, other) for name, value in photos.items() for key, other in references.items() if key != name)
    assert (found, alarms) == (250, 0)
