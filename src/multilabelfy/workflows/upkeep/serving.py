"""Where a workspace is served now: `serve` writes its address into a file and holds a lock on it, which ends with it however it ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from multilabelfy.workflows.workspace import Workspace

FILE = "served-at"


@contextmanager
def served(workspace: Workspace, address: str) -> Iterator[None]:
    """Say for as long as this lasts that the workspace is served at this address; a second server of the same workspace says nothing."""
    with (workspace.folder / FILE).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield
            return
        file.truncate(0)
        file.write(address)
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def served_at(workspace: Workspace) -> str | None:
    """The address at which the workspace is served now; None if it is not."""
    try:
        with (workspace.folder / FILE).open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return file.read().strip() or None
            return None
    except FileNotFoundError:
        return None
