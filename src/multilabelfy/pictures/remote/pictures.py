"""A remote root and its pictures: fetched whole when they are opened, with bounds on bytes, on seconds and on tries.

A root that did not answer is not asked again for some seconds: a page with sixty pictures waits for one of them, not for all.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from threading import BoundedSemaphore
from typing import TypeVar

from multilabelfy.errors import PicturesUnreachable
from multilabelfy.pictures.remote.addresses import RemoteAddress
from multilabelfy.pictures.remote.buckets import fetch_object, list_objects
from multilabelfy.pictures.remote.failures import Failure, missing, require_extra, unreachable
from multilabelfy.pictures.remote.web_folders import fetch_page

MOST_BYTES = 512 << 20
TRIES = 2
REST_SECONDS = 10.0
AT_ONCE = 16
"""So many are fetched at a time, of all roots together."""
_FETCHING = BoundedSemaphore(AT_ONCE)
_UNREACHABLE: dict[RemoteAddress, tuple[float, str]] = {}
"""Until when a root is left alone, by `time.monotonic`, and why."""
T = TypeVar("T")


@dataclass(frozen=True)
class RemotePicture:
    """One picture of a remote root. Its content is fetched once, when it is first asked for, and stays with this value."""

    root: "RemoteRoot"
    relative: str

    def __str__(self) -> str:
        return f"{self.root}/{self.relative}"

    @cached_property
    def content(self) -> bytes:
        """The file. Raises UnreadablePicture where it is not there or too large, and PicturesUnreachable."""
        return self.root.fetched(self.relative)


@dataclass(frozen=True)
class RemoteRoot:
    """A folder of a bucket or of a web server, which has `seconds` to answer."""

    address: RemoteAddress
    seconds: float
    n_readers: int = field(default=AT_ONCE, repr=False)

    def __str__(self) -> str:
        return str(self.address)

    def picture(self, relative: str) -> RemotePicture:
        """The picture of this name; nothing is fetched yet. Raises ForbiddenPath where the name leads out."""
        self.address.key(relative)
        return RemotePicture(self, relative)

    def fetched(self, relative: str) -> bytes:
        """A picture's file. Raises UnreadablePicture, PicturesUnreachable, ForbiddenPath and ExtraMissing."""
        key, fetch = self.address.key(relative), fetch_object if self.address.is_bucket else fetch_page
        content = self._asked(lambda: fetch(self.address, key, MOST_BYTES, self.seconds))
        if content is None:
            raise missing(self.address, relative, "there is no such file")
        if len(content) > MOST_BYTES:
            raise missing(self.address, relative, f"the file is larger than {MOST_BYTES >> 20} MB, as no picture is")
        if not content:
            raise missing(self.address, relative, "the file is empty (0 bytes)")
        return content

    def names(self) -> Iterator[str]:
        """What a bucket lists below the root. Raises PicturesUnreachable and ExtraMissing."""
        require_extra(self.address)
        try:
            yield from list_objects(self.address, self.seconds)
        except Failure as failure:
            raise unreachable(self.address, failure.why) from None

    def why_closed(self) -> str:
        """Why no picture can be read there, after asking anew; empty where nothing speaks against it. A web server lists nothing to see."""
        if not self.address.is_bucket:
            return self.why_left_alone()
        try:
            first = self._asked(lambda: list(list_objects(self.address, self.seconds, most=1)))
        except PicturesUnreachable as error:
            return error.why
        return "" if first else "it is empty"

    def why_left_alone(self) -> str:
        """Why nothing is asked for now: what happened some seconds ago."""
        until, why = _UNREACHABLE.get(self.address, (0.0, ""))
        return why if time.monotonic() < until else ""

    def _asked(self, ask: Callable[[], T]) -> T:
        """What the root answers, on the second try if the first one failed in passing. Raises PicturesUnreachable."""
        require_extra(self.address)
        with _FETCHING:
            if why := self.why_left_alone():
                raise unreachable(self.address, why)
            for tries_left in reversed(range(TRIES)):
                try:
                    return ask()
                except Failure as failure:
                    if failure.may_pass and tries_left:
                        continue
                    if failure.may_pass or failure.was_silent:
                        _UNREACHABLE[self.address] = (time.monotonic() + REST_SECONDS, failure.why)
                    raise unreachable(self.address, failure.why) from None
        raise AssertionError("the last try returns or raises")
