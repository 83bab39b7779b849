"""Write a file completely or not at all, and never over an existing file unless asked to."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from multilabelfy.errors import InvalidInput, Problem

ATTEMPT = "Cannot write"


@contextmanager
def whole_file(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """A temporary path beside `path`: it is renamed to `path` at the end, or removed if writing fails. Raises InvalidInput."""
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
    """Say before any work what would prevent the file from being written. Raises InvalidInput."""
    if path.is_dir():
        raise InvalidInput(ATTEMPT, [Problem(str(path), "it is a folder; name a file inside it")])
    if path.exists() and not overwrite:
        raise InvalidInput(ATTEMPT, [Problem(str(path), "a file of this name exists already")], "Choose another name, or add --overwrite.")


def _sync(part: Path) -> None:
    """Bring the content to the disk before the name."""
    descriptor = os.open(part, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
