"""Look at many picture files on several threads, and list those that cannot be read."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from multilabelfy.errors import ForbiddenPath, UnreadablePicture
from multilabelfy.pictures.opening import check_header, verify
from multilabelfy.pictures.paths import inside
from multilabelfy.settings import Settings

BATCH = 128

Progress = Callable[[int, int], None]
"""Told after each batch: how many are done, and of how many."""


def silent(done: int, total: int) -> None:
    """The progress of somebody who does not want to know."""


def unreadable_pictures(
    root: Path, paths: Sequence[str], *, settings: Settings, decode: bool = False, progress: Progress = silent
) -> dict[str, str]:
    """Why each unreadable picture of these is so, in the order of `paths`: by its header, or with `decode` by all of it."""
    look = verify if decode else check_header
    max_pixels = int(settings.max_megapixels * 1_000_000)

    def look_at(batch: Sequence[str]) -> list[tuple[str, str]]:
        return [(path, why) for path in batch if (why := _why_unreadable(root, path, look, max_pixels))]

    found: dict[str, str] = {}
    with ThreadPoolExecutor(settings.decode_threads) as threads:
        for number, bad in enumerate(threads.map(look_at, _batches(paths)), start=1):
            found.update(bad)
            progress(min(number * BATCH, len(paths)), len(paths))
    return found


def _why_unreadable(root: Path, path: str, look: Callable[..., object], max_pixels: int) -> str:
    try:
        look(inside(root, path), max_pixels=max_pixels)
    except UnreadablePicture as error:
        return error.why
    except ForbiddenPath as error:
        return str(error)
    except MemoryError:
        return "there is not enough memory to decode it"
    return ""


def _batches(paths: Sequence[str]) -> Iterator[Sequence[str]]:
    return (paths[start : start + BATCH] for start in range(0, len(paths), BATCH))
