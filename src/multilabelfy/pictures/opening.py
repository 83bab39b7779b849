"""Open a picture file as what people and models should see: RGB, upright, its first frame, transparency over white.

The kind of a file comes from its content, and only kinds of this fixed list are read: SVG runs scripts (CVE-2026-23516), EPS and PDF run
programs; they are not pictures here. The number of pixels is checked after the header and before anything is decoded.
"""

import io
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageCms, ImageFile, UnidentifiedImageError
from PIL.Image import Image as Picture

from multilabelfy.errors import UnreadablePicture
from multilabelfy.pictures.remote.pictures import RemotePicture
from multilabelfy.pictures.roots import StoredPicture
from multilabelfy.pictures.shards.pictures import ShardPicture

KINDS = ("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF", "PPM", "JPEG2000", "AVIF")
MAX_PIXELS = 200_000_000
ORIENTATION = 0x0112
# Pillow's own limit is a warning at one size and an error at another; here `max_pixels` alone decides, before decoding.
Image.MAX_IMAGE_PIXELS = None


UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How to turn a picture upright, by the value of its EXIF orientation (1 is upright)."""

# Pillow warns of damaged metadata, which we read for the orientation alone.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\..*")


def check_header(path: StoredPicture, *, max_pixels: int = MAX_PIXELS) -> tuple[int, int]:
    """The stored (width, height) of a picture, from its header alone: cheap. Raises UnreadablePicture."""
    with _opened(path, max_pixels) as picture:
        return picture.size


def verify(path: StoredPicture, *, max_pixels: int = MAX_PIXELS) -> None:
    """Decode the whole picture, so that a truncated one is found. Raises UnreadablePicture."""
    open_picture(path, max_pixels=max_pixels)


def open_picture(path: StoredPicture, *, max_pixels: int = MAX_PIXELS, at_least: int | None = None, managed: bool = False) -> Picture:
    """The decoded picture: mode RGB, upright, first frame, over white. Raises UnreadablePicture.

    `at_least` allows a JPEG to be decoded at a half, a quarter or an eighth while both edges keep so many pixels: quick, for small sizes.
    `managed` turns the colours of an embedded profile into sRGB, for eyes; models were trained on the stored values.
    """
    with _opened(path, max_pixels) as picture:
        try:
            return _decoded(picture, at_least, managed)
        except UnreadablePicture as error:
            raise _refused(path, error.why) from None
        except Exception as error:  # decoders raise whatever a damaged file makes them stumble over
            raise _refused(path, _in_words(error)) from error


def _decoded(picture: ImageFile.ImageFile, at_least: int | None, managed: bool) -> Picture:
    if at_least is not None:
        picture.draft(None, (at_least, at_least))  # None keeps the mode
    picture.load()
    profile = picture.info.get("icc_profile") if managed else None
    turned = _upright(picture)
    return managed_rgb(turned, profile) if profile else plain_rgb(turned)


def _upright(picture: ImageFile.ImageFile) -> Picture:
    try:
        orientation = picture.getexif().get(ORIENTATION, 1)
    except Exception:  # damaged metadata around a good picture
        orientation = 1
    return picture.transpose(UPRIGHT[orientation]) if orientation in UPRIGHT else picture


@contextmanager
def _opened(path: StoredPicture, max_pixels: int) -> Iterator[ImageFile.ImageFile]:
    """The picture with its header read and its size found fit."""
    with _file(path) as file:
        picture = _with_header(path, file)
        width, height = picture.size
        if not 0 < width * height <= max_pixels:
            why = (
                f"it says that it is {width:,} × {height:,} pixels, and at most {max_pixels:,} in all are decoded (setting max_megapixels)"
            )
            raise _refused(path, why)
        yield picture


def _with_header(path: StoredPicture, file: BinaryIO) -> ImageFile.ImageFile:
    try:
        return Image.open(file, formats=KINDS)
    except UnidentifiedImageError:
        raise _refused(path, _what_else(file)) from None
    except Exception as error:  # as above: a damaged header makes a decoder raise anything
        raise _refused(path, f"its header is damaged ({_in_words(error)})") from error


def _file(path: StoredPicture) -> BinaryIO:
    if isinstance(path, ShardPicture):
        return path.open()
    return io.BytesIO(path.content) if isinstance(path, RemotePicture) else _regular_file(path)


def _regular_file(path: Path) -> BinaryIO:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _refused(path, "it is not a file")
        if status.st_size == 0:
            raise _refused(path, "the file is empty (0 bytes)")
        return path.open("rb")
    except FileNotFoundError:
        raise _refused(path, "there is no such file") from None
    except (OSError, ValueError) as error:
        raise _refused(path, _in_words(error)) from error


def _what_else(file: BinaryIO) -> str:
    file.seek(0)
    start = file.read(1024).lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    kinds = "JPEG, PNG, GIF, BMP, WebP, TIFF, PPM, JPEG 2000 and AVIF are read"
    if b"<svg" in start:
        return f"it is an SVG drawing, not a picture ({kinds})"
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return f"it is a web page, not a picture ({kinds})"
    return f"its content is not a picture, or its header is damaged ({kinds})"


def _in_words(error: Exception) -> str:
    text = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return text or type(error).__name__


def _refused(path: StoredPicture, why: str) -> UnreadablePicture:
    return UnreadablePicture(f"Cannot open the picture '{path}': {why}.", why)


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
