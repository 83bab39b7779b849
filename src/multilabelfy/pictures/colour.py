"""Turn whatever a file stores (grey, 16 bits, CMYK, a palette, transparency, a colour profile) into plain RGB."""

import io

import numpy as np
from PIL import Image, ImageCms
from PIL.Image import Image as Picture

from multilabelfy.errors import UnreadablePicture

WHITE = (255, 255, 255, 255)
SIXTEEN_BITS = ("I;16", "I;16L", "I;16B", "I;16N")
MINISWHITE, PHOTOMETRIC, BITS_PER_SAMPLE = 0, 262, 258
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def plain_rgb(picture: Picture) -> Picture:
    """The picture in RGB as its numbers stand, whatever profile it names; transparent parts show white.

    A CMYK JPEG is read as Adobe writes it (inverted), as browsers do; CMYK in TIFF is not inverted. Raises UnreadablePicture for
    floating-point and 32-bit values, which name no white.
    """
    if picture.mode in SIXTEEN_BITS:
        return _from_sixteen_bits(picture).convert("RGB")
    if picture.mode == "I" and picture.format == "PPM":  # Pillow scales its values to 16 bits
        return _eight_bits(np.asarray(picture), 65535).convert("RGB")
    if picture.mode in ("I", "F"):
        why = "its values are 32 bits wide and name no white; save it with 8 or 16 bits"
        raise UnreadablePicture(f"Cannot show the picture: {why}.", why)
    if picture.mode == "LAB":
        return _converted(picture, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")))
    if picture.has_transparency_data:
        return _over_white(picture.convert("RGBA"))
    return picture.convert("RGB")


def managed_rgb(picture: Picture, profile: bytes) -> Picture:
    """The picture with the colours that its profile means, in sRGB; as `plain_rgb` where the profile does not fit or is sRGB itself."""
    source = picture if picture.mode == "CMYK" else plain_rgb(picture)
    try:
        meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(meant).lower():
            return plain_rgb(source)
        return _converted(source, meant)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return plain_rgb(source)


def _converted(picture: Picture, source: ImageCms.ImageCmsProfile) -> Picture:
    converted = ImageCms.profileToProfile(picture, source, SRGB, outputMode="RGB")
    assert converted is not None  # None comes back only from a conversion in place
    return converted


def _from_sixteen_bits(picture: Picture) -> Picture:
    tags = getattr(picture, "tag_v2", {})
    values = np.asarray(picture)
    grey = _eight_bits(values, 2 ** int(tags.get(BITS_PER_SAMPLE, (16,))[0]) - 1)
    if tags.get(PHOTOMETRIC) == MINISWHITE:
        return grey.point(lambda value: 255 - value)
    transparent = picture.info.get("transparency")
    if isinstance(transparent, int):
        grey.paste(255, mask=Image.fromarray(values == transparent))
    return grey


def _eight_bits(values: np.ndarray[tuple[int, ...], np.dtype[np.generic]], white: int) -> Picture:
    """(height, width) values from 0 to `white` as grey from 0 to 255, rounded; beyond white is white."""
    wide = np.clip(values.astype(np.int64), 0, white)
    return Image.fromarray(((wide * 255 + white // 2) // white).astype(np.uint8))


def _over_white(picture: Picture) -> Picture:
    return Image.alpha_composite(Image.new("RGBA", picture.size, WHITE), picture).convert("RGB")
