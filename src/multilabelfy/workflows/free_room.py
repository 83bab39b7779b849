"""How much room a disk has, and how much of it is left for answers: whatever else is written there leaves this much free."""

import shutil
from pathlib import Path

LOW_DISK = 1 << 30
"""Free space, in bytes, below which a workspace is in danger."""


def free_bytes(folder: Path) -> int:
    """The free space on the disk of a folder, in bytes."""
    return shutil.disk_usage(folder).free
