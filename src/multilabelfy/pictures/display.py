"""Make the pictures that pages show: WebP, made once, kept under an opaque token, with nothing left in them but pixels.

Files appear whole, so that two requests for one picture at once both get a good one.
"""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageOps
from PIL.Image import Image as Picture

from multilabelfy.errors import ForbiddenPath, StoreUnavailable, UnreadablePicture
from multilabelfy.pictures.cache_files import is_whole, place_of, write_whole
from multilabelfy.pictures.cache_size import BOUND, asked_for
from multilabelfy.pictures.opening import MAX_PIXELS, check_header, open_picture
from multilabelfy.pictures.remote.pictures import RemotePicture
from multilabelfy.pictures.roots import StoredPicture

QUALITY = 88
STRIP_QUALITY = 82
EDGES = range(16, 8193)
MOST_BYTES = 20_000_000_000
_AT_ONCE = threading.BoundedSemaphore(4)
"""Each decoding may hold a whole picture in memory: so many at once, whatever the number of requests."""


class Limits(NamedTuple):
    """A picture with more pixels is not decoded; a cache with more bytes loses what was asked for longest ago."""

    max_pixels: int
    most_bytes: int


class Budget:
    """So much may be held at once; what is more than all of it is held alone."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held = 0
        self._changed = threading.Condition()

    @contextmanager
    def held(self, n: int) -> Iterator[None]:
        """Wait for room, and hold it."""
        with self._changed:
            self._changed.wait_for(lambda: not self._held or self._held + n <= self.most)
            self._held += n
        try:
            yield
        finally:
            with self._changed:
                self._held -= n
                self._changed.notify_all()


_MOST_PIXELS = 100_000_000
_PIXELS = Budget(_MOST_PIXELS)
"""Of four photos of 24 megapixels each is decoded at once, of four of 188 one: 600 MB, not 2.4 GB."""


def share_memory(n_workers: int) -> None:
    """Of several workers each holds its part of the pixels that one may hold."""
    _PIXELS.most = _MOST_PIXELS // n_workers


def display(path: StoredPicture, cache: Path, token: str, size: int, *, max_pixels: int = MAX_PIXELS, most_bytes: int = MOST_BYTES) -> Path:
    """The picture at `path` as WebP with a longest edge of at most `size` pixels (never enlarged). Raises UnreadablePicture."""

    def draw() -> Picture:
        picture = open_picture(path, max_pixels=max_pixels, at_least=size, managed=True)
        picture.thumbnail((size, size), Image.Resampling.LANCZOS, reducing_gap=3.0)
        return picture

    return _made_once(_place(cache, token, f"-{_fit(size)}"), [path], draw, QUALITY, Limits(max_pixels, most_bytes))


def strip(
    paths: Sequence[StoredPicture],
    cache: Path,
    token: str,
    *,
    n: int,
    edge: int,
    max_pixels: int = MAX_PIXELS,
    most_bytes: int = MOST_BYTES,
) -> Path:
    """`n` squares of `edge` pixels side by side in one WebP: the middle of each picture, in order.

    A picture that cannot be read is passed over; places that nothing fills are transparent. The token must name the pictures, too.
    """

    def draw() -> Picture:
        row = Image.new("RGBA", (n * edge, edge))
        for place, tile in enumerate(_tiles(paths, n, edge, max_pixels)):
            row.paste(tile, (place * edge, 0))
        return row

    return _made_once(_place(cache, token, f"-{n}x{_fit(edge)}"), paths, draw, STRIP_QUALITY, Limits(max_pixels, most_bytes))


def _tiles(paths: Sequence[StoredPicture], n: int, edge: int, max_pixels: int) -> list[Picture]:
    tiles: list[Picture] = []
    for path in paths:
        if len(tiles) == n:
            break
        try:
            picture = open_picture(path, max_pixels=max_pixels, at_least=edge, managed=True)
        except UnreadablePicture:
            continue
        tiles.append(ImageOps.fit(picture, (edge, edge), Image.Resampling.LANCZOS))
    return tiles


def _place(cache: Path, token: str, suffix: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{32}", token):
        raise ForbiddenPath("Cannot show this picture: its address is not one that was handed out.")
    return place_of(cache, token, f"{suffix}.webp")


def _fit(edge: int) -> int:
    if edge not in EDGES:
        raise ForbiddenPath(f"Cannot show a picture at {edge} pixels: between {EDGES.start} and {EDGES.stop - 1} are made.")
    return edge


def _made_once(place: Path, paths: Sequence[StoredPicture], draw: Callable[[], Picture], quality: int, limits: Limits) -> Path:
    """The file, drawn where it is not there: from these pictures, one after the other."""
    if is_whole(place):
        asked_for(place)
        return place
    _fetch(paths)
    with _AT_ONCE, _PIXELS.held(max((_n_pixels(path, limits.max_pixels) for path in paths), default=0)):
        if not is_whole(place):  # while this one waited, another may have made it
            _write(draw(), place, quality)
    BOUND.grew(place.parent.parent, place.stat().st_size, limits.most_bytes)
    return place


def _fetch(paths: Sequence[StoredPicture]) -> None:
    """Fetch remote pictures before others have to wait for this one. Raises PicturesUnreachable."""
    for path in paths:
        with suppress(UnreadablePicture):  # said where it is opened
            _ = path.content if isinstance(path, RemotePicture) else b""


def _n_pixels(path: StoredPicture, max_pixels: int) -> int:
    """How many pixels decoding would hold; none of what cannot be read."""
    try:
        width, height = check_header(path, max_pixels=max_pixels)
    except UnreadablePicture:
        return 0
    return width * height


def _write(picture: Picture, place: Path, quality: int) -> None:
    picture.info = {}  # no profile, no EXIF, no comment: nothing but pixels
    try:
        write_whole(place, lambda part: picture.save(part, "WEBP", quality=quality, method=4))
    except OSError as error:
        raise StoreUnavailable(
            f"Cannot keep a picture in '{place.parent}': {error.strerror or error}. Make room, or allow writing."
        ) from None
