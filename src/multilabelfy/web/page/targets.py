"""Addresses to return to: only ever this site's own."""

from urllib.parse import quote, urlsplit


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
