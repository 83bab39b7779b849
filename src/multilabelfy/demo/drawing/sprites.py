"""One thing as it stands in a scene: its drawing at the right size, turned, mirrored, and laid down where it lies."""

from PIL import Image, ImageOps
from PIL.Image import Image as Picture

from multilabelfy.demo.catalogue import Pose
from multilabelfy.demo.drawing.composition import Placement, extent
from multilabelfy.demo.drawing.glyphs import glyph

LETTERED = frozenset({"1F6D1", "1F4D7", "1F4D8", "1F69B", "1F6FA"})
"""Drawings with writing on them: a mirror would betray it."""
LAID_DOWN = 0.72
"""How high a lying thing looks from where the viewer stands."""


def sprite(placement: Placement, scale: float = 1.0) -> Picture:
    """The thing's RGBA picture; at `scale` 0.25, a quarter of the size that it has in the scene."""
    wide, tall = extent(placement.thing, placement.side * scale)
    picture = glyph(placement.thing.glyph)
    picture = picture.resize((max(round(wide), 2), max(round(tall), 2)), Image.Resampling.BILINEAR, reducing_gap=2.0)
    if placement.mirrored and placement.thing.glyph not in LETTERED:
        picture = ImageOps.mirror(picture)
    if abs(placement.turn) > 1:
        picture = picture.rotate(placement.turn, Image.Resampling.BILINEAR, expand=True)
    if placement.thing.pose is Pose.LIES:
        picture = picture.resize((picture.width, max(round(picture.height * LAID_DOWN), 2)), Image.Resampling.BILINEAR)
    return picture


def corner(placement: Placement, picture: Picture, scale: float = 1.0) -> tuple[int, int]:
    """Where the sprite's upper left corner goes: its foot's middle stands at the placement's place."""
    return round(placement.x * scale - picture.width / 2), round(placement.foot * scale - picture.height)
