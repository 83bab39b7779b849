"""Write a file so that it is there whole or not at all, and never over one that is there already unless that was asked for."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from multilabelfy.errors import InvalidInput, Problem

ATTEMPT = "Cannot write"


@contextmanager
def whole_file(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """A path beside `path` to write to; renamed to it at the end, removed where the writing fails. Raises InvalidInput."""
    check_writable(path, overwrite=overwrite)
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        _sync(part)
        part.replace(path)
    except OSError as error:
        raise InvalidInput(ATTEMPT, [Problem(str(path), f"{error.strerror or error}")]) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def check_writable(path: Path, *, overwrite: bool) -> None:
    """Say early what would keep a file from being written. Raises InvalidInput."""
    if path.is_dir():
        raise InvalidInput(ATTEMPT, [Problem(str(path), "it is a folder; name a file in it")])
    if path.exists() and not overwrite:
        raise InvalidInput(ATTEMPT, [Problem(str(path), "there is a file of this name already")], "Name another, or add --overwrite.")


def _sync(part: Path) -> None:
    """The content reaches the disk before the name does."""
    descriptor = os.open(part, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
