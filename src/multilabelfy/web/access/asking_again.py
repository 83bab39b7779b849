"""Ask again who it is before roles change, people's data leave or something is deleted (decision 29 in docs/decisions).

A browser may have been left alone since its session began, and the link that opened it stands in its history. So only a link counts that
was not used before: opening it proves who it is for CONFIRMED_FOR. Whoever runs the server prints one with `invite --once NAME`. On one's
own machine nobody is asked: whoever sits there can read the database itself.
"""

from datetime import timedelta
from ipaddress import ip_address

from fastapi import Request

from multilabelfy.annotation.access.sessions import SignedIn
from multilabelfy.errors import MustConfirm
from multilabelfy.settings import Settings
from multilabelfy.web.language.translation import gettext as _

CONFIRMED_FOR = timedelta(minutes=15)
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def ask_again(request: Request) -> None:
    """Raise MustConfirm unless the person proved within CONFIRMED_FOR who they are, or sits at the machine itself."""
    session: SignedIn = request.state.signed_in
    now = request.app.state.clock()
    is_proven = session.proven_at is not None and timedelta() <= now - session.proven_at <= CONFIRMED_FOR
    if not is_proven and not is_at_the_machine(request, request.app.state.workspace.settings):
        raise MustConfirm(_("Open a link that was not used before: this goes on for 15 minutes then."))


def is_at_the_machine(request: Request, settings: Settings) -> bool:
    """Whether the server listens to its own machine alone, is said to be reached by no other address, and this request came by no proxy."""
    came_from = request.client.host if request.client else ""
    hosts = (settings.host, came_from, request.url.hostname or "")
    is_behind = bool(settings.public_url or settings.trusted_proxies or settings.root_path)
    is_forwarded = is_behind or any(name in request.headers for name in FORWARDED)
    return all(map(_is_loopback, hosts)) and not is_forwarded


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
