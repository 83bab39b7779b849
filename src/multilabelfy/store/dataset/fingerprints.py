"""Fingerprints of pictures, 64 bits as hex, so that a near-copy of the judged picture is not shown beside it as a reference."""

from collections.abc import Iterable, Mapping

from sqlalchemy import bindparam, select, update

from multilabelfy.dataset.model import ImageId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Listed
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.schema import exemplars, images

_OF_IMAGES = Listed(select(images.c.id, images.c.fingerprint), images.c.id)
_OF_EXEMPLARS = Listed(select(exemplars.c.id, exemplars.c.fingerprint), exemplars.c.id)


def of_images(c: Connection, ids: Iterable[ImageId]) -> dict[ImageId, str | None]:
    """The fingerprints of these images; None for one that was not computed yet."""
    by_image: dict[ImageId, str | None] = {}
    for chunk in chunked(ids):
        by_image.update((ImageId(image), fingerprint) for image, fingerprint in _OF_IMAGES.of(c, chunk))
    return by_image


def of_exemplars(c: Connection, ids: Iterable[int]) -> dict[int, str | None]:
    """The fingerprints of these reference pictures; None for one that was not computed yet."""
    by_exemplar: dict[int, str | None] = {}
    for chunk in chunked(ids):
        by_exemplar.update((exemplar, fingerprint) for exemplar, fingerprint in _OF_EXEMPLARS.of(c, chunk))
    return by_exemplar


def set_of_image(c: Connection, image: ImageId, fingerprint: str) -> None:
    """Store an image's fingerprint."""
    c.execute(update(images).where(images.c.id == image).values(fingerprint=fingerprint))


def set_of_images(c: Connection, by_image: Mapping[ImageId, str]) -> None:
    """Store the fingerprints of many images."""
    if by_image:
        statement = update(images).where(images.c.id == bindparam("of")).values(fingerprint=bindparam("is"))
        c.execute(statement, [{"of": image, "is": fingerprint} for image, fingerprint in by_image.items()])


def set_of_exemplar(c: Connection, exemplar: int, fingerprint: str) -> None:
    """Store a reference picture's fingerprint."""
    c.execute(update(exemplars).where(exemplars.c.id == exemplar).values(fingerprint=fingerprint))


def set_of_exemplars(c: Connection, by_exemplar: Mapping[int, str]) -> None:
    """Store the fingerprints of many reference pictures."""
    if by_exemplar:
        statement = update(exemplars).where(exemplars.c.id == bindparam("of")).values(fingerprint=bindparam("is"))
        c.execute(statement, [{"of": exemplar, "is": fingerprint} for exemplar, fingerprint in by_exemplar.items()])
