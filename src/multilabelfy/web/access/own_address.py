"""The server's own address, for links that leave the site: a request's `Host` header is whatever its sender writes.

Source: OWASP's guide to testing for Host header injection.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request

from multilabelfy.settings import Settings
from multilabelfy.web.access.proxies import prefix
from multilabelfy.workflows.serving.certificates import names_of

PORTS = {"http": 80, "https": 443}
NEARBY = ".local"
"""What machines on a local network put after each other's names (RFC 6762)."""


@dataclass(frozen=True, slots=True)
class OwnAddress:
    """Where people reach the server. `unknown` is the host that a request named, if it is not known to mean this server."""

    url: str
    unknown: str = ""


def own_address(request: Request, settings: Settings) -> OwnAddress:
    """`public_url` if it is set; else what the request names, if it is a name of this machine and the port at which the request arrived;
    else the address and port at which it arrived, which nobody can forge. Where hosts are listed, no other gets this far."""
    if settings.public_url:
        return OwnAddress(settings.address)
    scheme, (arrived, port) = request.url.scheme, request.scope["server"]
    host = request.headers.get("host", "")
    if settings.hosts or _named(scheme, host) in {(name, port) for name in (arrived.lower(), *_names(settings))}:
        return OwnAddress(f"{scheme}://{host}{prefix()}")
    return OwnAddress(f"{scheme}://{f'[{arrived}]' if ':' in arrived else arrived}:{port}{prefix()}", unknown=host)


def _named(scheme: str, host: str) -> tuple[str, int] | None:
    """The name and port in a `Host` header; None if it holds anything else."""
    try:
        parts = urlsplit(f"//{host}")
        named = (parts.hostname or "", parts.port or PORTS[scheme])
    except ValueError:
        return None
    return named if parts.netloc == host and parts.username is None else None


def _names(settings: Settings) -> set[str]:
    names = {name.lower() for name in names_of(settings)}
    return names | {name + NEARBY for name in names}
