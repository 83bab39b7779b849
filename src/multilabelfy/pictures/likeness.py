"""Tell whether two pictures are (nearly) the same one: no reference picture may be the very picture that is judged beside it.

The method is the usual perceptual hash ("pHash", Zauner 2010): the 64 lowest frequencies of a 32 × 32 grey version, each above or below
their median. Size, compression and slight changes of colour leave it nearly as it was; a mirrored or strongly cropped picture is another.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.Image import Image as Picture

EDGE = 32
N_FREQUENCIES = 8
CLEAR = 64
"""Pixels of both edges: a larger picture that is decoded no smaller looks as it does in full."""
MOST_BITS_APART = 10
"""On 250 photos and 1,000 small reference photos: a photo and its own small version differ in 0 to 8 bits, two photos in 12 or more."""


def _cosines() -> npt.NDArray[np.float64]:
    """The cosine transform's rows 0 to N_FREQUENCIES, (9, 32)."""
    frequency, place = np.arange(N_FREQUENCIES + 1)[:, None], np.arange(EDGE)[None, :]
    waves: npt.NDArray[np.float64] = np.cos(np.pi / EDGE * (place + 0.5) * frequency)
    return waves


COSINES = _cosines()


def fingerprint(picture: Picture) -> int:
    """64 bits that say what a picture looks like. The mean brightness is left out; frequency (8, 0) takes its place."""
    grey = np.asarray(picture.convert("L").resize((EDGE, EDGE), Image.Resampling.BOX), dtype=np.float64)
    waves = (COSINES @ grey @ COSINES.T).round(6)
    lowest = waves[:N_FREQUENCIES, :N_FREQUENCIES].flatten()
    lowest[0] = waves[N_FREQUENCIES, 0]
    return int.from_bytes(np.packbits(lowest > np.median(lowest)).tobytes(), "big")


def is_nearly(a: int, b: int) -> bool:
    """Whether two fingerprints are of one picture, or of two versions of one."""
    return bits_apart(a, b) <= MOST_BITS_APART


def bits_apart(a: int, b: int) -> int:
    """In how many of their 64 bits two fingerprints differ."""
    return (a ^ b).bit_count()
