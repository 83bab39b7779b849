"""Keep what was read of shards, up to a bound, and forget first what was asked for longest ago."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from multilabelfy.pictures.shards.failures import unusable

T = TypeVar("T")


class Kept(Generic[T]):
    """Values by key; together they weigh at most `most`, but for a single one that is heavier. For all threads of a process."""

    def __init__(self, most: int, weight: Callable[[T], int]) -> None:
        self._most, self._weight = most, weight
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self._weighs = 0
        self._looking = Lock()
        self._making = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of a key. What is missing is made by one thread, while others that miss something wait."""
        if (known := self._known(key)) is not None:
            return known
        with self._making:
            if (known := self._known(key)) is not None:
                return known
            made = make()
            self._keep(key, made)
            return made

    def _known(self, key: Hashable) -> T | None:
        with self._looking:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
            return None

    def _keep(self, key: Hashable, value: T) -> None:
        with self._looking:
            self._values[key] = value
            self._weighs += self._weight(value)
            while self._weighs > self._most and len(self._values) > 1:
                _, oldest = self._values.popitem(last=False)
                self._weighs -= self._weight(oldest)


def version_of(shard: Path) -> tuple[str, int, int]:
    """A key for what is read of a file: it changes with the file. Raises PicturesUnreachable where there is none."""
    try:
        status = shard.stat()
    except OSError as error:
        raise unusable(shard, "there is no such file" if isinstance(error, FileNotFoundError) else str(error.strerror)) from None
    return str(shard), status.st_size, status.st_mtime_ns
