"""Addresses to return to, only ever this site's own, and where a dataset's pages are."""

import re
from urllib.parse import quote, unquote, urlencode, urlsplit

DATASET = re.compile(r"/d/([^/?#]+)")


def address_of(dataset: str) -> str:
    """Where a dataset's pages begin, without a slash at its end."""
    return f"/d/{quote(dataset, safe='')}"


def dataset_in(address: str) -> str | None:
    """The dataset whose page this is, as its address names it.

    >>> dataset_in("/d/my%20photos/images?state=agreed"), dataset_in("/team")
    ('my photos', None)
    """
    match = DATASET.match(address)
    return unquote(match[1]) if match else None


def coming_from(dataset: str | None) -> str:
    """What the address of a page that belongs to no dataset ends with, so that it knows from whose pages it was opened."""
    return f"?{urlencode({'back': address_of(dataset)})}" if dataset else ""


def local_target(target: str | None, otherwise: str = "/") -> str:
    """`target` if it is a path of this site, else `otherwise`: neither `//host` nor `/\\host` nor a scheme gets through."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target or not target.isprintable():
        return otherwise
    try:
        parts = urlsplit(target)
    except ValueError:
        return otherwise
    return otherwise if parts.scheme or parts.netloc else target


def sign_in_target(back_to: str) -> str:
    """The address of the sign-in page, with the page to return to."""
    return "/sign-in" if back_to == "/" else f"/sign-in?next={quote(local_target(back_to))}"
