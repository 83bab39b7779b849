"""Small helpers over rows: cutting long lists into the pieces that a statement takes."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

CHUNK = 1000  # well below the number of values that either database takes in one statement


def chunked(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The items in lists of at most `size`, in their order."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
