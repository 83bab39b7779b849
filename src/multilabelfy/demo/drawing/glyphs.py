"""OpenMoji's drawings of the demo's things, out of the archive that ships with the package (made by scripts/draw_openmoji.py)."""

import io
import zipfile
from functools import cache
from pathlib import Path

from PIL import Image
from PIL.Image import Image as Picture

ARCHIVE = Path(__file__).parents[1] / "pictures" / "openmoji.zip"


@cache
def glyph(code: str) -> Picture:
    """The drawing with this code (its code points), RGBA, trimmed to its outline, at most 256 pixels wide or high."""
    with zipfile.ZipFile(ARCHIVE) as archive, Image.open(io.BytesIO(archive.read(f"{code}.webp"))) as picture:
        return picture.convert("RGBA")
