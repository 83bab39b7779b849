"""Ask a bucket or a web server, within bounds on tries and on what is asked for at once.

A root that did not answer is not asked again for some seconds: a page with sixty pictures waits for one of them, not for all.
"""

import time
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import TypeVar

from multilabelfy.pictures.remote.addresses import RemoteAddress
from multilabelfy.pictures.remote.failures import Failure, require_extra, unreachable

TRIES = 2
REST_SECONDS = 10.0
AT_ONCE = 16
"""So much is fetched at a time, of all roots together."""
_FETCHING = BoundedSemaphore(AT_ONCE)
_UNREACHABLE: dict[RemoteAddress, tuple[float, str]] = {}
"""Until when a root is left alone, by `time.monotonic`, and why."""
T = TypeVar("T")


def asked(root: RemoteAddress, ask: Callable[[], T]) -> T:
    """What the root answers, on the second try if the first one failed in passing. Raises PicturesUnreachable and ExtraMissing."""
    require_extra(root)
    with _FETCHING:
        if why := why_left_alone(root):
            raise unreachable(root, why)
        for tries_left in reversed(range(TRIES)):
            try:
                return ask()
            except Failure as failure:
                if failure.may_pass and tries_left:
                    continue
                if failure.may_pass or failure.was_silent:
                    _UNREACHABLE[root] = (time.monotonic() + REST_SECONDS, failure.why)
                raise unreachable(root, failure.why) from None
    raise AssertionError("the last try returns or raises")


def why_left_alone(root: RemoteAddress) -> str:
    """Why nothing is asked for now: what happened some seconds ago."""
    until, why = _UNREACHABLE.get(root, (0.0, ""))
    return why if time.monotonic() < until else ""
