"""What can go wrong on the way to a remote picture, in our own words.

Libraries put addresses, keys and headers into their messages: none of their text is passed on.
"""

from importlib.util import find_spec

from multilabelfy.errors import ExtraMissing, PicturesUnreachable, UnreadablePicture
from multilabelfy.pictures.remote.addresses import RemoteAddress


class Failure(Exception):
    """One try to fetch something failed: `why`, whether another try at once may help, and whether the time to answer was used up."""

    def __init__(self, why: str, *, may_pass: bool = False, was_silent: bool = False) -> None:
        self.why, self.may_pass, self.was_silent = why, may_pass, was_silent
        super().__init__(why)


def missing(address: RemoteAddress, relative: str, why: str) -> UnreadablePicture:
    """Of a picture that is not there, or is not a picture by its size, while the others may well be."""
    return UnreadablePicture(f"Cannot open the picture '{relative}' in '{address}': {why}.", why)


def unreachable(address: RemoteAddress, why: str) -> PicturesUnreachable:
    """Of a bucket or a web server that gives no pictures now."""
    return PicturesUnreachable(f"Cannot read pictures in '{address}': {why}.", why)


def require_extra(address: RemoteAddress) -> None:
    """Raises ExtraMissing, with the command that installs it and without the place, which a page may not show."""
    needed = ("fsspec", "s3fs") if address.is_bucket else ("fsspec", "aiohttp")
    if any(find_spec(module) is None for module in needed):
        where = "in a bucket" if address.is_bucket else "of a web server"
        raise ExtraMissing(
            f"Cannot read pictures {where}: the extra 'remote' is not installed. Install it: pip install 'multilabelfy[remote]'. "
            "Or copy the pictures to a folder of this machine."
        )
