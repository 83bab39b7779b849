"""Where remote pictures lie, and what may be asked for there: names below the root, and nothing else.

A root comes from the command line alone. It holds no secret, since it is stored and shown: whoever needs a key or a password keeps it in
the environment. A name comes from a table or a listing, and is refused if it leads out in any spelling.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from multilabelfy.errors import ForbiddenPath, InvalidInput, Problem

BUCKET = "s3"
DEFAULT_PORTS = {"http": 80, "https": 443}
REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]")
HOST = re.compile(r"[a-z0-9._:-]+")
ATTEMPT = "Cannot read pictures from there"


@dataclass(frozen=True, slots=True)
class RemoteAddress:
    """`scheme` is s3, http or https; `place` a bucket or a host with its port; `folder` the names of the folders below it.

    >>> str(RemoteAddress("https", "host:8080", ("my pets",)))
    'https://host:8080/my%20pets'
    """

    scheme: str
    place: str
    folder: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "/".join(filter(None, (f"{self.scheme}://{self.place}", self.path)))

    @property
    def is_bucket(self) -> bool:
        """Whether it is in S3, which lists what it holds; a web server does not."""
        return self.scheme == BUCKET

    @property
    def name(self) -> str:
        """The last name, of a folder or of a shard; empty where the address is a whole bucket or host."""
        return self.folder[-1] if self.folder else ""

    @property
    def path(self) -> str:
        """Its own key in its bucket, or its path on its host, encoded."""
        return "/".join(self.folder if self.is_bucket else [quote(name, safe="") for name in self.folder])

    def key(self, relative: str) -> str:
        """The key of a picture in its bucket, or its path on its host, encoded. Raises ForbiddenPath where the name leads out."""
        if why := _why_outside(relative):
            raise ForbiddenPath(f"Cannot open {relative!r}: {why}.")
        return RemoteAddress(self.scheme, self.place, (*self.folder, *relative.split("/"))).path

    def holds(self, address: str) -> bool:
        """Whether a web address lies below this one, so that a server may lead there."""
        try:
            parts = urlsplit(address)
            place = _place(parts.scheme.lower(), parts.hostname or "", parts.port)
        except ValueError:
            return False
        names, n_above = unquote(parts.path).strip("/").split("/"), len(self.folder)
        is_here = (parts.scheme.lower(), place, tuple(names[:n_above])) == (self.scheme, self.place, self.folder)
        return is_here and "@" not in parts.netloc and not _why_outside("/".join(names[n_above:]))


def remote_address(written: str) -> RemoteAddress | None:
    """The address that somebody wrote, in one form; None for a folder of this machine. Raises InvalidInput."""
    if not REMOTE.match(written):
        return None
    try:
        parts = urlsplit(written)
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError:
        raise _refused(_unsecret(written), "it is not an address") from None
    shown = f"{scheme}://{host}/…" if "@" in parts.netloc or parts.query or parts.fragment else written
    if scheme not in (BUCKET, *DEFAULT_PORTS):
        raise _refused(shown, "pictures are read from folders, s3://BUCKET/FOLDER and https://HOST/FOLDER")
    if "@" in parts.netloc:
        raise _refused(shown, "write it without a name and a password, which would be stored and shown: keep them in the environment")
    if parts.query or parts.fragment:
        raise _refused(shown, "write it without what follows ? or #, which would be stored and shown")
    if scheme == BUCKET and not BUCKET_NAME.fullmatch(parts.netloc):
        raise _refused(shown, "it names no bucket")
    if scheme != BUCKET and not HOST.fullmatch(host):
        raise _refused(shown, "it names no host")
    path = (parts.path if scheme == BUCKET else unquote(parts.path)).strip("/")
    if path and (why := _why_outside(path)):
        raise _refused(shown, why)
    place = parts.netloc if scheme == BUCKET else _place(scheme, host, port)
    return RemoteAddress(scheme, place, tuple(path.split("/")) if path else ())


def _place(scheme: str, host: str, port: int | None) -> str:
    shown = f"[{host}]" if ":" in host else host
    return shown if port in (None, DEFAULT_PORTS.get(scheme)) else f"{shown}:{port}"


def _why_outside(relative: str) -> str:
    """Why a name may not be asked for; empty for one below the root.

    A server may decode a name more than once, so that what an encoded name means is judged as well.
    """
    spelling = relative
    while True:
        if why := _why_unfit(spelling):
            return why
        plainer = unquote(spelling)
        if plainer == spelling:
            return ""
        spelling = plainer


def _why_unfit(name: str) -> str:
    if not name or name.startswith("/"):
        return "a picture's path must be relative to its folder"
    if REMOTE.match(name):
        return "it is an address of its own"
    if "\\" in name or not name.isprintable():
        return "it has a backslash or an unprintable character, which no picture's name needs"
    if any(part in ("", ".", "..") for part in name.split("/")):
        return "it leads out of the folder that its dataset was imported from, or is written so that it might"
    return ""


def _unsecret(written: str) -> str:
    """What begins an address, before anything in it that could be a secret."""
    return written.split("://", 1)[0] + "://…"


def _refused(shown: str, why: str) -> InvalidInput:
    return InvalidInput(ATTEMPT, [Problem(shown, why)])
