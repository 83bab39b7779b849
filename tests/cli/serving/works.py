"""What workers do in tests of their supervisor. It stands apart, since each of them loads the file in which its work stands."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

from multilabelfy.cli.serving.supervising import STARTED
from multilabelfy.errors import InvalidSetting


def works(folder: Path, say: Callable[[str], None]) -> None:
    """A worker that leaves its number and does nothing, until it is told to end."""
    (folder / str(os.getpid())).touch()
    say(STARTED)
    signal.pause()


def is_broken(say: Callable[[str], None]) -> None:
    """A worker that says why it cannot start."""
    raise InvalidSetting("The cellar is flooded: pump it out.")


def dies(say: Callable[[str], None]) -> None:
    """A worker that ends without a word."""
    os._exit(7)
