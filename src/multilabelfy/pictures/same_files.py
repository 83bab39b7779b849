"""Find pictures whose files hold the same bytes, reading as little as that needs.

A file is read only if another has its size: first its last bytes, and the whole of it only where these are equal, too.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, TypeVar

import numpy as np

from multilabelfy.errors import ForbiddenPath, UnreadablePicture
from multilabelfy.pictures.remote.pictures import RemotePicture
from multilabelfy.pictures.roots import PictureRoot, StoredPicture

BATCH = 256
Progress = Callable[[int, int], None]
Places = Sequence[int]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SameFiles:
    """The groups of pictures with the same content, each as ascending places in the order asked for, ordered by their first.

    Of `n_unknown` pictures the size is not known without reading them: they were not looked at.
    """

    groups: tuple[tuple[int, ...], ...]
    n_unknown: int


@dataclass(frozen=True, slots=True)
class _Search:
    """Pictures by place, of which those from `first_new` on are new: a group without a new one is not looked for."""

    root: PictureRoot
    paths: Sequence[str]
    first_new: int
    threads: ThreadPoolExecutor

    def each(self, places: Places, look: Callable[[str, int], T], progress: Progress) -> list[T | None]:
        """What `look` tells of each path and place, None where the picture cannot be read. Raises PicturesUnreachable."""

        def looked(batch: Places) -> list[T | None]:
            return [_looked(look, self.paths[place], place) for place in batch]

        looks: list[T | None] = []
        for several in self.threads.map(looked, _batches(places)):
            looks += several
            progress(len(looks), len(places))
        return looks

    def sharing(self, places: Places, keys: Sequence[int | None]) -> list[int]:
        """The places whose key another one has, a new one among them; a place without a key shares it with none."""
        known = [(place, key) for place, key in zip(places, keys, strict=True) if key is not None]
        _, which, counts = np.unique(np.array([key for _, key in known], dtype=np.uint64), return_inverse=True, return_counts=True)
        at = np.array([place for place, _ in known], dtype=np.int64)
        with_new = np.zeros(len(counts), dtype=bool)
        with_new[which[at >= self.first_new]] = True
        return [int(place) for place in at[((counts > 1) & with_new)[which]]]


def same_files(
    root: PictureRoot, paths: Sequence[str], first_new: int, sizes: Mapping[str, int], *, n_threads: int, progress: Progress
) -> SameFiles:
    """The groups among these pictures in which there is one from the place `first_new` on.

    `sizes` are sizes in bytes as far as they are known already. A picture that cannot be read is in no group. Raises PicturesUnreachable.
    """
    with ThreadPoolExecutor(n_threads) as threads:
        search = _Search(root, paths, first_new, threads)
        n_bytes = search.each(range(len(paths)), lambda path, _: _size(root, path, sizes), lambda _done, _total: None)
        of_one_size = search.sharing(range(len(paths)), n_bytes)
        ends = search.each(of_one_size, lambda path, place: end_digest(root.picture(path), n_bytes[place] or 0), progress)
        ending_alike = search.sharing(of_one_size, ends)
        contents = search.each(ending_alike, lambda path, _: content_digest(root.picture(path)), progress)
    return SameFiles(tuple(_groups(ending_alike, contents, first_new)), n_bytes.count(None))


def _size(root: PictureRoot, path: str, known: Mapping[str, int]) -> int | None:
    return known[path] if path in known else root.n_bytes(path)


def _groups(places: Places, contents: Sequence[bytes | None], first_new: int) -> Iterator[tuple[int, ...]]:
    """The places of each content that several have, one of them new."""
    by_content: dict[bytes, list[int]] = {}
    for place, content in zip(places, contents, strict=True):
        if content is not None:
            by_content.setdefault(content, []).append(place)
    return (tuple(group) for group in by_content.values() if len(group) > 1 and group[-1] >= first_new)


def _looked(look: Callable[[str, int], T], path: str, place: int) -> T | None:
    with suppress(OSError, UnreadablePicture, ForbiddenPath, MemoryError):
        return look(path, place)
    return None


def _batches(places: Places) -> Iterable[Places]:
    return (places[start : start + BATCH] for start in range(0, len(places), BATCH))


END_BYTES = 4096
"""Files of one size hardly ever end alike unless they are the same; they begin alike where one program wrote them."""
PIECE = 1 << 20
DIGEST_BYTES = 16


def end_digest(picture: StoredPicture, n_bytes: int) -> int:
    """64 bits about a file's size, `n_bytes`, and its last END_BYTES: different ones are of different files.

    Raises OSError, UnreadablePicture, PicturesUnreachable, ForbiddenPath and ExtraMissing.
    """
    begins = max(n_bytes - END_BYTES, 0)
    if isinstance(picture, RemotePicture):
        end = picture.part(begins, n_bytes - begins)
    else:
        with closing(_opened(picture)) as file:
            file.seek(begins)
            end = file.read(n_bytes - begins)
    return int.from_bytes(blake2b(b"%d " % n_bytes + end, digest_size=8).digest(), "big")


def content_digest(picture: StoredPicture) -> bytes:
    """A digest of the whole file: 128 bits of BLAKE2b, so that equal ones are of equal files. Raises as `end_digest`.

    A picture of a bucket or a web server is one request for its end and one for the whole, which is in memory then.
    """
    with closing(_opened(picture)) as file:
        digest = blake2b(digest_size=DIGEST_BYTES)
        while piece := file.read(PIECE):
            digest.update(piece)
        return digest.digest()


def _opened(picture: StoredPicture) -> BinaryIO:
    if isinstance(picture, RemotePicture):
        return io.BytesIO(picture.content)
    return picture.open("rb") if isinstance(picture, Path) else picture.open()
