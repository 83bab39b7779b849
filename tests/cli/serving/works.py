"""What workers do in tests of their supervisor. It stands apart, since each of them loads the file in which its work stands."""

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

from multilabelfy.cli.serving import serving, supervising
from multilabelfy.cli.serving.supervising import STARTED
from multilabelfy.errors import InvalidSetting
from multilabelfy.settings import load_settings
from multilabelfy.workflows.workspace import opened


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


def serves_beside_what_never_ends(folder: Path) -> None:
    """A server that is told to end while something runs on in a thread, as a long request does."""
    supervising.CLOSING_SECONDS = 0.2
    threading.Thread(target=threading.Event().wait).start()
    with opened(load_settings(folder)) as workspace:
        serving.run_server(workspace, serving.listen("127.0.0.1", 0), on_started=lambda: os.kill(os.getpid(), signal.SIGTERM))
