"""An address at which there is no page: which one is meant, and who asks."""

from contextlib import suppress
from urllib.parse import quote

from fastapi import Request
from starlette.routing import Match

from multilabelfy import errors
from multilabelfy.web.access.proxies import at
from multilabelfy.web.access.sessions import person_of
from multilabelfy.web.language.viewer import recognise


def without_slash(request: Request) -> str:
    """The address of the page that is meant by one with slashes at its end; empty if that is none, or something was sent."""
    path = request.url.path
    meant = path.rstrip("/")
    if request.method not in ("GET", "HEAD") or meant in ("", path) or meant.startswith("//"):
        return ""
    scope = {**request.scope, "path": meant}
    if not any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
        return ""
    return f"{at(quote(meant))}{'?' if request.url.query else ''}{request.url.query}"


def recognise_who_asks(request: Request) -> None:
    """Whoever is signed in need not sign in to come from a page that does not exist to those that do."""
    if getattr(request.state, "person", None) is not None:
        return
    with suppress(errors.NotSignedIn, errors.StoreUnavailable):
        request.state.person = person_of(request)
        request.scope["shows_people"] = True
        recognise(request.state.person)
