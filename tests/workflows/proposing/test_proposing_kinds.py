"""A picture of every kind is scored as its upright RGB twin would be."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from PIL.Image import Image as Picture
from tests.workflows.proposing.studies_for_proposing import HERE, NAME, NOW, proposed, settings, spec

from multilabelfy.workflows.importing.applying import import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.workspace import opened

COLOURS = np.array([[(255, 0, 0), (0, 255, 0), (0, 0, 255)], [(255, 255, 0), (0, 255, 255), (255, 255, 255)]], dtype=np.uint8)
SHADES = np.array([[0, 100, 255], [30, 60, 90]], dtype=np.uint8)
ORIENTATION = 0x0112


def blocks(values: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Two rows of three blocks, 8 × 8 pixels each: no turn or mirroring leaves it as it is."""
    return values.repeat(8, axis=0).repeat(8, axis=1)


def coloured() -> Picture:
    return Image.fromarray(blocks(COLOURS))


def turned_by_exif(path: Path) -> Picture:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # stored lying on its left side
    coloured().transpose(Image.Transpose.ROTATE_90).save(path.with_suffix(".png"), exif=exif)
    return coloured()


def grey(path: Path) -> Picture:
    Image.fromarray(blocks(SHADES)).save(path.with_suffix(".png"))
    return Image.fromarray(blocks(np.stack([SHADES] * 3, axis=-1)))


def cmyk(path: Path) -> Picture:
    ink = np.concatenate([255 - COLOURS, np.zeros((2, 3, 1), dtype=np.uint8)], axis=-1)
    Image.frombytes("CMYK", (24, 16), blocks(ink).tobytes()).save(path.with_suffix(".tiff"))
    return coloured()


def sixteen_bits(path: Path) -> Picture:
    Image.fromarray(blocks(SHADES).astype(np.uint16) * 257).save(path.with_suffix(".png"))
    return Image.fromarray(blocks(np.stack([SHADES] * 3, axis=-1)))


def palette(path: Path) -> Picture:
    coloured().quantize(8).save(path.with_suffix(".png"))
    return coloured()


def transparent(path: Path) -> Picture:
    """The right third is clear: over white."""
    alpha = blocks(np.array([[255, 255, 0], [255, 255, 0]], dtype=np.uint8))
    picture = coloured()
    picture.putalpha(Image.fromarray(alpha))
    picture.save(path.with_suffix(".png"))
    seen = COLOURS.copy()
    seen[:, 2] = 255
    return Image.fromarray(blocks(seen))


def animated(path: Path) -> Picture:
    others = [Image.new("RGB", (24, 16), "black"), Image.new("RGB", (24, 16), "white")]
    coloured().save(path.with_suffix(".webp"), save_all=True, append_images=others, lossless=True, duration=100)
    return coloured()


def animated_gif(path: Path) -> Picture:
    coloured().save(path.with_suffix(".gif"), save_all=True, append_images=[Image.new("RGB", (24, 16), "black")], duration=100)
    return coloured()


KINDS: tuple[Callable[[Path], Picture], ...] = (
    turned_by_exif,
    grey,
    cmyk,
    sixteen_bits,
    palette,
    transparent,
    animated,
    animated_gif,
)


def test_every_kind_of_picture_is_scored_as_its_upright_rgb_twin(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for kind in KINDS:
        kind(pictures / kind.__name__).save(pictures / f"{kind.__name__}_twin.png")
    labels = tmp_path / "labels.txt"
    labels.write_text("red\ngreen\nblue\n")

    with opened(settings(tmp_path), create=True) as workspace:
        import_dataset(workspace, ImportRequest(NAME, pictures, labels=str(labels), no_given=True), now=NOW)
        summary = propose(workspace, NAME, [spec("by_place")], k=3, folder=HERE, now=NOW)
        found = {Path(path).stem: ranked for path, ranked in proposed(workspace).items()}

    assert summary.unreadable == ()
    assert len(found) == 2 * len(KINDS)
    for kind in KINDS:
        ranked, twins = found[kind.__name__], found[f"{kind.__name__}_twin"]
        assert [one.label for one in ranked] == [one.label for one in twins], kind.__name__
        assert [one.score for one in ranked] == pytest.approx([one.score for one in twins], rel=1e-5), kind.__name__
    assert len({tuple(one.score for one in ranked) for ranked in found.values()}) > 2  # it does see a difference
