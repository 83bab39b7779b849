"""Addresses to return to: only ever this site's own."""

from urllib.parse import quote, urlsplit

from multilabelfy.web.access.proxies import at, prefix


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
