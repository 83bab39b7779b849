"""Slow down whoever tries invalid links: a few mistakes are free, then the next attempt has to wait. Counted by address, in memory.

192 random bits cannot be guessed; this only limits the work that the attempts cause. Of several workers each allows its part, so that
together they allow as much as one.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil

from fastapi import Request

from multilabelfy.errors import InvitationInvalid, TooManyGuesses

FREE = 20
EVERY = timedelta(seconds=3)
MOST_ADDRESSES = 10_000


class Guesses:
    """When all mistakes of each address will be forgiven; the address that has been quiet longest is forgotten first."""

    def __init__(self, n_workers: int = 1) -> None:
        self._free, self._every = max(1, FREE // n_workers), EVERY * n_workers
        self._forgiven_at: OrderedDict[str, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, address: str, now: datetime) -> timedelta:
        """How long this address has to wait before it may try again; zero if it may try now."""
        with self._lock:
            return max(self._forgiven_at.get(address, now) - now - self._every * (self._free - 1), timedelta())

    def count(self, address: str, now: datetime) -> None:
        """Count one more invalid link from this address."""
        with self._lock:
            self._forgiven_at[address] = max(self._forgiven_at.get(address, now), now) + self._every
            self._forgiven_at.move_to_end(address)
            while len(self._forgiven_at) > MOST_ADDRESSES:
                self._forgiven_at.popitem(last=False)


@contextmanager
def guessing(request: Request) -> Iterator[None]:
    """Wraps the use of a link and counts invalid ones. Raises TooManyGuesses, before the link is looked up, if the address has to wait."""
    guesses: Guesses = request.app.state.guesses
    address, now = address_of(request), request.app.state.clock()
    wait = guesses.wait(address, now)
    if wait:
        raise TooManyGuesses(ceil(wait.total_seconds()))
    try:
        yield
    except InvitationInvalid:
        guesses.count(address, now)
        raise


def address_of(request: Request) -> str:
    """Whose request it is: an IPv4 address, or the network of an IPv6 one, of which anybody has 2^64 addresses."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(int(address) >> 64) if isinstance(address, IPv6Address) else host
