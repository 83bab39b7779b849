"""Read what pictures' files hold as bytes, to tell whether two are the same file; nothing is decoded, and no file is in memory as a whole.

A picture of a bucket or a web server is one request for its end and one for the whole, which is in memory then.
"""

import io
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from multilabelfy.pictures.remote.pictures import RemotePicture
from multilabelfy.pictures.roots import StoredPicture

END_BYTES = 4096
"""Files of one size hardly ever end alike unless they are the same; they begin alike where one program wrote them."""
PIECE = 1 << 20
DIGEST_BYTES = 16


def end_digest(picture: StoredPicture, n_bytes: int) -> int:
    """64 bits about a file's size, `n_bytes`, and its last END_BYTES: different ones are of different files.

    Raises OSError, UnreadablePicture, PicturesUnreachable, ForbiddenPath and ExtraMissing.
    """
    begins = max(n_bytes - END_BYTES, 0)
    if isinstance(picture, RemotePicture):
        end = picture.part(begins, n_bytes - begins)
    else:
        with closing(_opened(picture)) as file:
            file.seek(begins)
            end = file.read(n_bytes - begins)
    return int.from_bytes(blake2b(b"%d " % n_bytes + end, digest_size=8).digest(), "big")


def content_digest(picture: StoredPicture) -> bytes:
    """A digest of the whole file: 128 bits of BLAKE2b, so that equal ones are of equal files. Raises as `end_digest`."""
    with closing(_opened(picture)) as file:
        digest = blake2b(digest_size=DIGEST_BYTES)
        while piece := file.read(PIECE):
            digest.update(piece)
        return digest.digest()


def _opened(picture: StoredPicture) -> BinaryIO:
    if isinstance(picture, RemotePicture):
        return io.BytesIO(picture.content)
    return picture.open("rb") if isinstance(picture, Path) else picture.open()
