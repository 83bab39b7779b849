"""Where the workspace in a folder is served now: a file holds the address, and a lock on it ends with the server however that ends.

It is asked before the workspace is opened, too: then its database may be of another version, or damaged.
"""

import fcntl
from pathlib import Path

FILE = "served-at"


def address_in(folder: Path) -> str | None:
    """The address at which the workspace in this folder is served now; None if it is not."""
    try:
        with (folder / FILE).open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return file.read().strip() or None
            return None
    except FileNotFoundError:
        return None
