"""Keep a person signed in by a cookie: the browser holds a random secret, the store only its hash."""

import logging
from datetime import datetime, timedelta

from fastapi import Request
from starlette.responses import Response

from multilabelfy.annotation.access.sessions import SignedIn
from multilabelfy.annotation.model import Annotator
from multilabelfy.errors import NotSignedIn, StoreReadOnly, StoreUnavailable
from multilabelfy.web.access.proxies import prefix
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.workflows.team import sessions
from multilabelfy.workflows.workspace import Workspace

COOKIE = "multilabelfy_session"
"""What the name of the cookie begins with; alone, it is the name that earlier versions gave."""
ALONE = "__Host-"
"""What it begins with where the site has its host to itself."""
RENEWED_EVERY = timedelta(hours=1)
TRIED_EVERY = timedelta(minutes=5)
CLEAR_CACHE = '"cache"'
"""What a browser drops when somebody signs out. Never `"storage"`: answers that are not sent yet live there."""
log = logging.getLogger(__name__)


class Renewals:
    """When each session was last renewed by this process: a visit keeps a session alive, but not every request may write."""

    def __init__(self) -> None:
        self._last: dict[str, datetime] = {}

    def is_due(self, secret: str, now: datetime) -> bool:
        """Whether to renew now: true once in every `RENEWED_EVERY`."""
        if now - self._last.get(secret, datetime.min.replace(tzinfo=now.tzinfo)) < RENEWED_EVERY:
            return False
        self._last[secret] = now
        return True

    def put_off(self, secret: str, now: datetime) -> None:
        """It could not be renewed: it is due again soon."""
        self._last[secret] = now - RENEWED_EVERY + TRIED_EVERY


def person_of(request: Request) -> Annotator:
    """The person behind a request. Raises NotSignedIn if there is no session or it has ended."""
    return signed_in(request).person


def signed_in(request: Request) -> SignedIn:
    """The same with their role in the dataset that the request's address names."""
    secret = check_has_session(request)
    workspace: Workspace = request.app.state.workspace
    now = request.app.state.clock()
    signed = sessions.person_of_session(workspace, secret, now, str(request.path_params.get("dataset", "")))
    if signed is None:
        raise NotSignedIn(_("Your session has ended. Open your invitation link again, or ask an owner for a new one."))
    if request.app.state.renewals.is_due(secret, now):
        _renew(request, secret, now)
    return signed


def sees(request: Request, dataset: str) -> bool:
    """Whether the person behind a request may open the dataset of this name."""
    workspace, now = request.app.state.workspace, request.app.state.clock()
    signed = sessions.person_of_session(workspace, secret_of(request), now, dataset)
    return signed is not None and (signed.person.owns_workspace or signed.role_there is not None)


def secret_of(request: Request) -> str:
    """The secret of the browser's session, also from a cookie of an earlier version where that is as safe; empty if it has none."""
    name, cookies = cookie_name(request), request.cookies
    return cookies.get(name) or ("" if name.startswith(ALONE) else cookies.get(COOKIE, ""))


def check_has_session(request: Request) -> str:
    """The browser's secret, whether or not it is worth anything. Raises NotSignedIn if there is none."""
    secret = secret_of(request)
    if not secret:
        raise NotSignedIn(_("You are not signed in. Open your invitation link again: it works until it expires or is replaced."))
    return secret


def _renew(request: Request, secret: str, now: datetime) -> None:
    """Keep the session alive; where nothing can be written, people may still read, and a later visit tries again."""
    try:
        sessions.extend_session(request.app.state.workspace, secret, now)
    except StoreUnavailable as error:
        request.app.state.renewals.put_off(secret, now)
        log.warning("A session was not renewed: %s", error)


def set_session(request: Request, response: Response, secret: str) -> None:
    """Give the browser its session; only this site's own requests carry it, and no script can read it.

    The cookie outlives the session on purpose: the store alone decides when that ends.
    """
    name, place, https = cookie_name(request), prefix() or "/", is_https(request)
    response.set_cookie(name, secret, max_age=400 * 86_400, path=place, httponly=True, samesite="lax", secure=https)


def end_earlier(request: Request) -> None:
    """End the session that the browser has, as far as anything can be written."""
    try:
        sessions.sign_out(request.app.state.workspace, secret_of(request))
    except StoreReadOnly as error:
        log.warning("A session was taken from its browser alone: %s", error)


def forget_session(request: Request, response: Response) -> None:
    """Take the session away from the browser and the store."""
    end_earlier(request)
    response.headers["Clear-Site-Data"] = CLEAR_CACHE
    for name in {cookie_name(request), *({COOKIE} & request.cookies.keys())}:
        response.delete_cookie(name, path=prefix() or "/", httponly=True, samesite="lax", secure=is_https(request))


def cookie_name(request: Request) -> str:
    """The session's cookie: two workspaces on one host have two. Under `__Host-` no other host and no plain http can have set it."""
    workspace: Workspace = request.app.state.workspace
    own = f"{COOKIE}_{workspace.mark}"
    return f"{ALONE}{own}" if _is_alone(request) else own


def _is_alone(request: Request) -> bool:
    """Whether the site has its host to itself, by https."""
    return is_https(request) and not prefix()


def is_https(request: Request) -> bool:
    """Whether the person's browser speaks https, to us or to the proxy before us."""
    public_url = request.app.state.workspace.settings.public_url or ""
    return bool(request.scope["scheme"] == "https") or public_url.startswith("https:")
