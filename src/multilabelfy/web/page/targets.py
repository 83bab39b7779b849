"""Addresses to return to, only ever this site's own, and where a dataset's pages are."""

import re
from urllib.parse import quote, unquote, urlencode, urlsplit

from multilabelfy.web.access.proxies import at, prefix

DATASET = re.compile(r"/d/([^/?#]+)")


def address_of(dataset: str) -> str:
    """Where a dataset's pages begin, without a slash at its end."""
    return at(f"/d/{quote(dataset, safe='')}")


def dataset_in(address: str) -> str | None:
    """The dataset whose page this is, as its address names it.

    >>> dataset_in("/d/my%20photos/images?state=agreed"), dataset_in("/team")
    ('my photos', None)
    """
    match = DATASET.match(address.removeprefix(prefix()))
    return unquote(match[1]) if match else None


def coming_from(dataset: str | None) -> str:
    """What the address of a page that belongs to no dataset ends with, so that it knows from whose pages it was opened."""
    return f"?{urlencode({'back': address_of(dataset)})}" if dataset else ""


def local_target(target: str | None) -> str:
    """`target` if it is an address of this site, else its first page: neither `//host` nor `/\\host` nor a scheme gets through, nor what
    lies beside the site's prefix."""
    otherwise = at("/")
    if not target or not target.startswith(otherwise) or target.startswith("//") or "\\" in target or not target.isprintable():
        return otherwise
    try:
        parts = urlsplit(target)
    except ValueError:
        return otherwise
    return otherwise if parts.scheme or parts.netloc or ".." in parts.path.split("/") else target


def sign_in_target(back_to: str) -> str:
    """The address of the sign-in page, with the page to return to, whose path begins at the site's root."""
    return at("/sign-in") if back_to == "/" else f"{at('/sign-in')}?next={quote(local_target(prefix() + back_to))}"
