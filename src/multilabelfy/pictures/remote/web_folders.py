"""Read a folder of a web server, on fsspec's connections. A redirect is followed only to what lies below the same root."""

import os
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from multilabelfy.pictures.remote.addresses import RemoteAddress
from multilabelfy.pictures.remote.failures import Failure

CONNECT_SECONDS = 5.0
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({404, 410})
PIECE = 1 << 20
PLAIN = {"Accept-Encoding": "identity"}


def fetch_page(address: RemoteAddress, path: str, most: int, seconds: float) -> bytes | None:
    """What the server has under this path, `most` bytes and at most a piece more of a larger one; None where it has nothing.

    Raises Failure.
    """
    from fsspec.asyn import sync

    files = _files(os.getpid(), seconds)
    try:
        content: bytes | None = sync(files.loop, _fetched, files, address, path, most, timeout=seconds)
        return content
    except Failure:
        raise
    except Exception as error:  # aiohttp and the system raise dozens of kinds
        raise _failure(error, seconds) from None


async def _fetched(files: Any, address: RemoteAddress, path: str, most: int) -> bytes | None:
    from yarl import URL

    session = await files.set_session()
    url = f"{address.scheme}://{address.place}/{path}"
    for _ in range(MOST_REDIRECTS + 1):
        async with session.get(URL(url, encoded=True), allow_redirects=False, headers=PLAIN) as response:
            if response.status not in REDIRECTS:
                return await _content(response, most)
            url = urljoin(url, response.headers.get("Location", ""))
            if not address.holds(url):
                raise Failure("it redirects to another place, and no redirect out of the folder is followed")
    raise Failure("it redirects again and again")


async def _content(response: Any, most: int) -> bytes | None:
    if response.status in GONE:
        return None
    if response.status in (401, 403):
        raise Failure(f"it denies access (status {response.status}): a name and a password for it belong into ~/.netrc")
    if response.status != 200:
        raise Failure(f"it answers with status {response.status}", may_pass=response.status >= 500)
    content = bytearray()
    async for piece in response.content.iter_chunked(PIECE):
        content += piece
        if len(content) > most:
            break
    return bytes(content)


@lru_cache(maxsize=8)
def _files(process: int, seconds: float) -> Any:  # noqa: ARG001 – connections do not outlive a fork
    """fsspec's connections, one set for all threads of a process. Proxies and `~/.netrc` count, as in other programs."""
    import aiohttp
    from fsspec.implementations.http import HTTPFileSystem

    patience = aiohttp.ClientTimeout(total=seconds, connect=min(CONNECT_SECONDS, seconds))
    return HTTPFileSystem(client_kwargs={"timeout": patience, "trust_env": True}, skip_instance_cache=True)


def _failure(error: Exception, seconds: float) -> Failure:
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if kinds & {"TimeoutError", "FSTimeoutError", "ServerTimeoutError"}:
        return Failure(f"it did not answer within {seconds:g} seconds", was_silent=True)
    if "ClientSSLError" in kinds:
        return Failure("its certificate is not one that this machine trusts")
    return Failure(f"it cannot be reached ({type(error).__name__})", may_pass=True)
