"""End a process with the one that began it, however that ends: at the end of a pipe which nobody else holds open."""

import os
import signal
import sys
import threading

ENDS_WITH_PIPE = "MULTILABELFY_ENDS_WITH_PIPE"
"""Set for a command whose standard input is such a pipe."""


def end_with_parent() -> None:
    """If this process was begun so, let it end as by SIGTERM once its standard input ends. Its own children are not begun so."""
    if os.environ.pop(ENDS_WITH_PIPE, None):
        threading.Thread(target=_wait_and_end, args=(sys.stdin.fileno(),), daemon=True).start()


def _wait_and_end(pipe: int) -> None:
    """Reads the pipe itself: a thread that waits in `sys.stdin` would keep the interpreter from ending."""
    while os.read(pipe, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
