"""Read a folder of a web server, on fsspec's connections. A redirect is followed only to what lies below the same root."""

import os
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urljoin

from multilabelfy.pictures.remote.addresses import RemoteAddress
from multilabelfy.pictures.remote.failures import Failure
from multilabelfy.pictures.remote.parts import BEYOND, FilePart, stamp_of, whole_part

CONNECT_SECONDS = 5.0
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({404, 410})
PARTIAL, BEYOND_STATUS = 206, 416
PIECE = 1 << 20
PLAIN = {"Accept-Encoding": "identity"}
T = TypeVar("T")


def fetch_page(address: RemoteAddress, path: str, most: int, seconds: float) -> bytes | None:
    """What the server has under this path, `most` bytes and at most a piece more of a larger one; None where it has nothing.

    Raises Failure.
    """
    return _asked(address, path, PLAIN, lambda response: _content(response, most), seconds)


def page_part(address: RemoteAddress, path: str, span: tuple[int, int], seconds: float) -> FilePart | None:
    """The bytes of a page from the first of `span` up to the second; None where the server has nothing there. Raises Failure."""
    begins, ends = span
    asking = {**PLAIN, "Range": f"bytes={begins}-{ends - 1}"}
    part = _asked(address, path, asking, lambda response: _part(response, ends - begins), seconds)
    return None if part is None else whole_part(part, begins, ends)


def _asked(address: RemoteAddress, path: str, asking: Mapping[str, str], take: Callable[[Any], Awaitable[T]], seconds: float) -> T:
    from fsspec.asyn import sync

    files = _files(os.getpid(), seconds)
    try:
        taken: T = sync(files.loop, _fetched, files, address, path, asking, take, timeout=seconds)
        return taken
    except Failure:
        raise
    except Exception as error:  # aiohttp and the system raise dozens of kinds
        raise _failure(error, seconds) from None


async def _fetched(files: Any, address: RemoteAddress, path: str, asking: Mapping[str, str], take: Callable[[Any], Awaitable[T]]) -> T:
    from yarl import URL

    session = await files.set_session()
    url = f"{address.scheme}://{address.place}/{path}"
    for _ in range(MOST_REDIRECTS + 1):
        async with session.get(URL(url, encoded=True), allow_redirects=False, headers=asking) as response:
            if response.status not in REDIRECTS:
                return await take(response)
            url = urljoin(url, response.headers.get("Location", ""))
            if not address.holds(url):
                raise Failure("it redirects to another place, and no redirect out of the folder is followed")
    raise Failure("it redirects again and again")


async def _part(response: Any, size: int) -> FilePart | None:
    if response.status == BEYOND_STATUS:
        return BEYOND
    if response.status == 200:
        raise Failure("it gives no parts of files, so that no shard can be read there: copy the shards to a folder of this machine")
    content = await _content(response, size, PARTIAL)
    headers = response.headers
    tag = headers.get("ETag") or headers.get("Last-Modified", "")
    return None if content is None else FilePart(content[:size], stamp_of(headers.get("Content-Range", ""), tag))


async def _content(response: Any, most: int, expected: int = 200) -> bytes | None:
    if response.status in GONE:
        return None
    if response.status in (401, 403):
        raise Failure(f"it denies access (status {response.status}): a name and a password for it belong into ~/.netrc")
    if response.status != expected:
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
