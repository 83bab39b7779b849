"""The border of the application: headers that every response carries, and the refusal of requests that another site sent.

Sources: OWASP's cheat sheets on HTTP headers and on cross-site request forgery (fetch metadata, with the origin as the fallback).
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "img-src 'self'",
        "style-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # With `no-referrer` browsers send `Origin: null` with a form, which the origin check could not tell from a forged one.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
RAW = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
"""As a server sends them."""
CACHE_CONTROL = b"cache-control"
HTTPS_FOR_A_YEAR = (b"strict-transport-security", b"max-age=31536000")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class SecurityHeaders:
    """Add the security headers to every response, and keep pages out of caches unless they say otherwise: those that need a session out of
    all, others out of shared ones."""

    def __init__(self, app: ASGIApp, hsts: bool = False) -> None:
        self.app = app
        self.hsts = hsts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; complete the headers of its response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                own = {name for name, _ in headers}
                headers += [header for header in RAW if header[0] not in own]
                if CACHE_CONTROL not in own:
                    headers.append((CACHE_CONTROL, b"no-store" if scope.get("shows_people") else b"private, no-cache"))
                if self.hsts and scope["scheme"] == "https":
                    headers.append(HTTPS_FOR_A_YEAR)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class OriginCheck:
    """Refuse requests that change something unless this site's own pages (or a program that is not a browser) sent them."""

    def __init__(self, app: ASGIApp, public_url: str | None = None) -> None:
        self.app = app
        self.public_origin = urlsplit(public_url).netloc if public_url else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403."""
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS and not self.is_our_own(Headers(scope=scope)):
            refusal = PlainTextResponse("This request came from another site and was refused. Open the page itself and try again.", 403)
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def is_our_own(self, headers: Headers) -> bool:
        """Whether the headers tell so; browsers leave out fetch metadata over plain http, but always send an origin."""
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in {"same-origin", "none"}
        origin = headers.get("origin")
        return origin is None or _host_of(origin) in {headers.get("host"), self.public_origin} - {None, ""}


def _host_of(origin: str) -> str:
    """The host that an origin names; empty if it is not an address, such as `http://[`."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
