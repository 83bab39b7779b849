"""Where a workspace is served now: `serve` writes its address into a file and holds a lock on it, which ends with it however it ends."""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TextIO

from multilabelfy.workflows.served_at import FILE, address_in
from multilabelfy.workflows.workspace import Workspace


@contextmanager
def served(workspace: Workspace, address: str) -> Iterator[None]:
    """Say for as long as this lasts that the workspace is served at this address.

    A second server of the same workspace says nothing, and neither does one whose workspace cannot be written.
    """
    with ExitStack() as stack:
        file = _locked(workspace)
        if file is not None:
            stack.enter_context(file)
            stack.callback(file.truncate, 0)
            file.truncate(0)
            file.write(address)
            file.flush()
        yield


def _locked(workspace: Workspace) -> TextIO | None:
    """The file, locked; None where another server holds it or the disk refuses it."""
    try:
        file = (workspace.folder / FILE).open("a+")
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def served_at(workspace: Workspace) -> str | None:
    """The address at which the workspace is served now; None if it is not."""
    return address_in(workspace.folder)
