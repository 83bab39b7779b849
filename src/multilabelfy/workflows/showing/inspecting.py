"""Inspect many picture files on several threads: find unreadable ones, and compute fingerprints of the others."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from multilabelfy.errors import ForbiddenPath, UnreadablePicture
from multilabelfy.pictures.cache_files import Cache
from multilabelfy.pictures.likeness import CLEAR, fingerprint
from multilabelfy.pictures.opening import check_header, open_picture, verify
from multilabelfy.pictures.remote.addresses import RemoteAddress
from multilabelfy.pictures.remote.pictures import RemoteRoot
from multilabelfy.pictures.roots import PictureRoot, StoredPicture, root_at
from multilabelfy.settings import Settings

AT_ONCE = 256
"""So many pictures in a row are looked at by all threads together: in a table they lie in few row groups, each of which is read once."""

Progress = Callable[[int, int], None]
"""Called after each batch with the number done and the total."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a picture cannot be read, for a list that names the picture."""

    why: str


def silent(done: int, total: int) -> None:
    """Report no progress."""


def unreadable_pictures(
    root: PictureRoot, paths: Sequence[str], *, settings: Settings, decode: bool = False, progress: Progress = silent
) -> dict[str, str]:
    """The unreadable pictures with the reasons, in the order of `paths`; judged by the header, or with `decode` by the whole file.

    Raises PicturesUnreachable.
    """
    look, limit = verify if decode else check_header, max_pixels(settings)
    reasons = _looked_at(root, paths, lambda path: look(path, max_pixels=limit), settings.decode_threads or root.n_readers, progress)
    return {path: seen.why for path, seen in reasons if isinstance(seen, Unreadable)}


def fingerprints_of(
    root: PictureRoot, paths: Sequence[str], settings: Settings, progress: Progress = silent
) -> dict[str, int | Unreadable]:
    """Each picture's fingerprint, in the order of `paths`; each is decoded in full, a big JPEG at a fraction of its size."""
    limit = max_pixels(settings)

    def look(path: StoredPicture) -> int:
        return fingerprint(open_picture(path, max_pixels=limit, at_least=CLEAR))

    return dict(_looked_at(root, paths, look, settings.decode_threads or root.n_readers, progress))


def remote_root(settings: Settings, address: RemoteAddress) -> RemoteRoot:
    """The bucket or web server of this address, as the settings let it be read."""
    return RemoteRoot(address, settings.remote_seconds, _cache(settings))


def root_of(settings: Settings, written: str | Path | RemoteAddress) -> PictureRoot:
    """The root of a dataset's pictures, as the settings let it be read."""
    return root_at(written, settings.remote_seconds, _cache(settings))


def _cache(settings: Settings) -> Cache:
    return Cache(settings.workspace / "pictures", int(settings.picture_cache_gigabytes * 1_000_000_000))


def max_pixels(settings: Settings) -> int:
    """The largest number of pixels that is decoded."""
    return int(settings.max_megapixels * 1_000_000)


def _looked_at(
    root: PictureRoot, paths: Sequence[str], look: Callable[[StoredPicture], T], n_threads: int, progress: Progress
) -> Iterator[tuple[str, T | Unreadable]]:
    size = max(AT_ONCE // n_threads, 1)

    def look_at(batch: Sequence[str]) -> list[tuple[str, T | Unreadable]]:
        return [(path, _seen(root, path, look)) for path in batch]

    with ThreadPoolExecutor(n_threads) as threads:
        for number, seen in enumerate(threads.map(look_at, _batches(paths, size)), start=1):
            yield from seen
            progress(min(number * size, len(paths)), len(paths))


def _seen(root: PictureRoot, path: str, look: Callable[[StoredPicture], T]) -> T | Unreadable:
    try:
        return look(root.picture(path))
    except UnreadablePicture as error:
        return Unreadable(error.why)
    except ForbiddenPath as error:
        return Unreadable(str(error))
    except MemoryError:
        return Unreadable("there is not enough memory to decode it")


def _batches(paths: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (paths[start : start + size] for start in range(0, len(paths), size))
