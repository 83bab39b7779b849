"""Slow down whoever tries links that are none: a few mistakes are free, then the next try waits. By address, in memory, without a writer.

192 random bits cannot be guessed; what is held off is the work that the tries make.
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
    """When each address will have been forgiven all its mistakes; the address that was quiet for longest is forgotten first."""

    def __init__(self) -> None:
        self._forgiven_at: OrderedDict[str, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, address: str, now: datetime) -> timedelta:
        """How long this address has to wait before it may try again; nothing where it may now."""
        with self._lock:
            return max(self._forgiven_at.get(address, now) - now - EVERY * (FREE - 1), timedelta())

    def count(self, address: str, now: datetime) -> None:
        """One more link from this address that was none."""
        with self._lock:
            self._forgiven_at[address] = max(self._forgiven_at.get(address, now), now) + EVERY
            self._forgiven_at.move_to_end(address)
            while len(self._forgiven_at) > MOST_ADDRESSES:
                self._forgiven_at.popitem(last=False)


@contextmanager
def guessing(request: Request) -> Iterator[None]:
    """Around the use of a link: counts one that is none. Raises TooManyGuesses, before it is looked up, where the address has to wait."""
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
