"""Can the workspace serve people now? What hinders it is one word, which may go to anybody: it names no path and no address."""

import errno
import logging
import tempfile
from enum import StrEnum

from multilabelfy.errors import StoreUnavailable
from multilabelfy.store.database.migrations import is_current
from multilabelfy.workflows.workspace import Workspace

ROOM = b"\0" * 4096
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
log = logging.getLogger(__name__)


class Hindrance(StrEnum):
    """Why nobody can be served, or nothing saved."""

    DATABASE_UNREACHABLE = "database-unreachable"
    DATABASE_OUTDATED = "database-outdated"
    DISK_FULL = "disk-full"
    DISK_READ_ONLY = "disk-read-only"
    DISK_FAULTY = "disk-faulty"


def hindrance(workspace: Workspace) -> Hindrance | None:
    """What hinders the workspace: its database cannot be read or has the tables of another version, or its folder cannot be written."""
    try:
        with workspace.store.reading() as c:
            is_up_to_date = is_current(c)
    except StoreUnavailable as error:
        log.warning("Not ready: %s", error)
        return Hindrance.DATABASE_UNREACHABLE
    return _of_disk(workspace) if is_up_to_date else Hindrance.DATABASE_OUTDATED


def _of_disk(workspace: Workspace) -> Hindrance | None:
    """Write a little into a file without a name, as SQLite's log and the cache of pictures do."""
    if workspace.is_read_only:
        return Hindrance.DISK_READ_ONLY
    try:
        with tempfile.TemporaryFile(dir=workspace.folder, buffering=0) as file:
            file.write(ROOM)
    except OSError as error:
        log.warning("Not ready: %s", error)
        if error.errno in FULL:
            return Hindrance.DISK_FULL
        return Hindrance.DISK_READ_ONLY if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM) else Hindrance.DISK_FAULTY
    return None
