"""Serve behind a proxy: what it says of the browser is believed from named addresses alone, and the site may lie under a prefix.

Inside, every address begins at the root, as if there were no proxy. `at` makes of it the address that browsers use. A proxy may take the
prefix off before it passes a request on, or leave it there.

Source: the headers `X-Forwarded-For`, `-Proto` and `-Prefix`, as nginx, Caddy and Traefik send them.
"""

from collections.abc import Iterable
from contextvars import ContextVar
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

from starlette.datastructures import Headers
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from multilabelfy.settings import PREFIX_FORM

Network = IPv4Network | IPv6Network
_prefix: ContextVar[str] = ContextVar("prefix", default="")


def prefix() -> str:
    """Where the site lies below its host, as `/labels`; empty if it lies at the root."""
    return _prefix.get()


def at(path: str) -> str:
    """The address at which browsers find a path of this site, which begins with a slash."""
    return _prefix.get() + path


class BehindProxy:
    """Give each request the browser's own address and scheme, and a path without the prefix."""

    def __init__(self, app: ASGIApp, root_path: str = "", trusted: Iterable[Network] = ()) -> None:
        self.app = app
        self.root_path = root_path
        self.trusted = tuple(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as the browser sent it."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            is_by_proxy = bool(self.trusted) and self._is_trusted((scope.get("client") or ("",))[0])
            if is_by_proxy:
                self._believe(scope, headers)
            below = self.root_path or (_forwarded_prefix(headers) if is_by_proxy else "")
            _prefix.set(below)
            if below:
                _take_off(scope, below)
        await self.app(scope, receive, send)

    def _believe(self, scope: Scope, headers: Headers) -> None:
        """The browser is the last address that no trusted proxy has; a scheme counts if it is one word."""
        proto = headers.get("x-forwarded-proto", "").strip().lower()
        if proto in ("http", "https"):
            scope["scheme"] = proto
        hops = [hop.strip() for hop in headers.get("x-forwarded-for", "").split(",") if hop.strip()]
        if hops:
            strangers = [hop for hop in hops if not self._is_trusted(hop)]
            scope["client"] = (strangers[-1] if strangers else hops[0], 0)

    def _is_trusted(self, host: str) -> bool:
        try:
            address: Any = ip_address(host)
        except ValueError:
            return False
        return any(address in network for network in self.trusted)


class AllowedHosts(TrustedHostMiddleware):
    """Refuse a request that names another host with 400; programs that watch the server know it by its address alone."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope.get("path") in ("/healthz", "/readyz", "/metrics"):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def _forwarded_prefix(headers: Headers) -> str:
    named = headers.get("x-forwarded-prefix", "").rstrip("/")
    return named if PREFIX_FORM.fullmatch(named) else ""


def _take_off(scope: Scope, below: str) -> None:
    """Take the prefix off the path, if the proxy has not."""
    path: str = scope["path"]
    if path == below or path.startswith(f"{below}/"):
        scope["path"] = path[len(below) :] or "/"
        raw: bytes = scope.get("raw_path") or b""
        scope["raw_path"] = raw[len(below) :] or b"/"
