"""End a server upon a signal, and in time, whatever is still under way."""

import logging
import os
import threading

GRACE_SECONDS = 7
"""So long requests under way may take once a signal came."""
CLOSING_SECONDS = 2.5
"""So long the rest of the end may take: what is under way still is given up then, as if the process were killed."""
log = logging.getLogger(__name__)


def end_in_time() -> None:
    """A request that was given up runs on in its thread, which the process would wait for, however long that takes."""

    def give_up() -> None:
        log.warning("What did not end in time was given up.")
        os._exit(0)

    ending = threading.Timer(CLOSING_SECONDS, give_up)
    ending.daemon = True
    ending.start()


def ends(*_: object) -> None:
    """SIGTERM ends a command as its last line does: uvicorn, once it has ended gracefully, raises the signal again, which would kill the
    process before the workspace is closed."""
    raise SystemExit(0)
