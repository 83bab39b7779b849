"""Files of the cache: under opaque names, and whole or not at all.

The cache holds what can be made anew at any time: display sizes of pictures, and what was found in remote shards.
"""

import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

UNFINISHED = "unfinished"
"""The folder in the cache for what is being written; what a killed process leaves there is removed later."""


class Cache(NamedTuple):
    """A folder that holds at most so many bytes."""

    folder: Path
    most_bytes: int


def place_of(cache: Path, token: str, suffix: str) -> Path:
    """The file of an opaque token of 32 hex digits; `cache_size` looks after the folders of two digits."""
    return cache / token[:2] / f"{token}{suffix}"


def is_whole(place: Path) -> bool:
    """Whether the file is there. One of 0 bytes is what a loss of power may leave of a renamed file."""
    try:
        return place.stat().st_size > 0
    except OSError:
        return False


def write_whole(place: Path, write: Callable[[Path], object]) -> None:
    """Write a file elsewhere in the cache, then rename it, so that whoever reads it gets all of it. Raises OSError."""
    part = place.parent.parent / UNFINISHED / uuid.uuid4().hex
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        place.parent.mkdir(exist_ok=True)
        write(part)
        part.replace(place)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
