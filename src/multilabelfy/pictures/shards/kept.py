"""Keep what was read of shards, up to a bound, and forget first what was asked for longest ago."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import BoundedSemaphore, Lock
from typing import Generic, TypeVar

T = TypeVar("T")
AT_ONCE = 16
"""So many values are made at a time, unless they are large."""


class Kept(Generic[T]):
    """Values by key; together they weigh at most `most`, but for a single one that is heavier. For all threads of a process."""

    def __init__(self, most: int, weight: Callable[[T], int], at_once: int = AT_ONCE) -> None:
        self._most, self._weight = most, weight
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self._weighs = 0
        self._looking = Lock()
        self._makers: dict[Hashable, Lock] = {}
        self._making = BoundedSemaphore(at_once)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of a key. What is missing is made by one thread, while others that miss the same wait; `at_once` values are made."""
        if (known := self._known(key)) is not None:
            return known
        with self._looking:
            maker = self._makers.setdefault(key, Lock())
        with maker:
            if (known := self._known(key)) is not None:
                return known
            try:
                with self._making:
                    made = make()
                self._keep(key, made)
                return made
            finally:
                with self._looking:
                    self._makers.pop(key, None)

    def forget(self, key: Hashable) -> None:
        """Make the value of a key anew when it is next asked for."""
        with self._looking:
            self._drop(key)

    def clear(self) -> None:
        """Forget all."""
        with self._looking:
            self._values.clear()
            self._weighs = 0

    def _drop(self, key: Hashable) -> None:
        if (value := self._values.pop(key, None)) is not None:
            self._weighs -= self._weight(value)

    def _known(self, key: Hashable) -> T | None:
        with self._looking:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
            return None

    def _keep(self, key: Hashable, value: T) -> None:
        with self._looking:
            self._drop(key)
            self._values[key] = value
            self._weighs += self._weight(value)
            while self._weighs > self._most and len(self._values) > 1:
                self._drop(next(iter(self._values)))
