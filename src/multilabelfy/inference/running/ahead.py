"""Fetch remote pictures before their turn, so that no core waits for a bucket or a web server."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from multilabelfy.errors import PicturesUnreachable, UnreadablePicture
from multilabelfy.inference.running.threads import threads
from multilabelfy.pictures.remote.pictures import Place, RemotePicture, RemoteRoot
from multilabelfy.pictures.roots import PictureRoot, StoredPicture

Item = TypeVar("Item")

MOST_MISSING = 20
"""A place is asked for no more once so many pictures in a row were not there: its folder was moved, and no list says so."""
AHEAD = 2
"""So many pictures for each reader are fetched before they are asked for; with those being scored they are all that is in memory."""


@dataclass(frozen=True, slots=True)
class Coming(Generic[Item]):
    """Items in their order, and the picture of each when its item has come; asked for again, it is fetched again."""

    items: Iterable[Item]
    picture: Callable[[Item], StoredPicture]


@contextmanager
def coming_from(
    root: PictureRoot, items: Iterable[Item], path_of: Callable[[Item], str], place_of: Callable[[Item], Place | None] = lambda _: None
) -> Iterator[Coming[Item]]:
    """The items with their pictures at this root; a folder's are opened where they lie. Errors are raised where a picture is asked for.

    `place_of` says where in a remote archive a picture lies, if that is known.
    """
    if not isinstance(root, RemoteRoot):
        yield Coming(items, lambda item: root.picture(path_of(item)))
        return
    with threads(root.n_readers) as pool:
        begun: dict[str, Future[RemotePicture]] = {}

        def in_turn() -> Iterator[Item]:
            waiting: deque[Item] = deque()
            for item in items:
                begun[path_of(item)] = pool.submit(_fetched, root, path_of(item), place_of(item))
                waiting.append(item)
                if len(waiting) > AHEAD * root.n_readers:
                    yield waiting.popleft()
            yield from waiting

        missing = _Missing(root)

        def picture(item: Item) -> RemotePicture:
            fetched = begun.pop(path_of(item), None)
            return missing.counted(fetched or pool.submit(_fetched, root, path_of(item), place_of(item)))

        yield Coming(in_turn(), picture)


@dataclass(slots=True)
class _Missing:
    """How many pictures in a row were not there."""

    root: RemoteRoot
    n: int = 0

    def counted(self, fetched: Future[RemotePicture]) -> RemotePicture:
        """What was fetched. Raises its error, and PicturesUnreachable instead of the error of the last one in a long row."""
        try:
            picture = fetched.result()
        except UnreadablePicture as error:
            self.n += 1
            if self.n >= MOST_MISSING:
                why = f"{MOST_MISSING} pictures in a row cannot be had, the last because {error.why}; was the folder moved?"
                raise PicturesUnreachable(f"Cannot read pictures in '{self.root}': {why}", why) from None
            raise
        self.n = 0
        return picture


def _fetched(root: RemoteRoot, path: str, place: Place | None) -> RemotePicture:
    picture = root.picture(path, place)
    _ = picture.content
    return picture
