"""What pictures look like, 64 bits as hex: kept so that a reference picture that nearly is the judged one is not shown beside it."""

from collections.abc import Iterable

from sqlalchemy import select, update

from multilabelfy.dataset.model import ImageId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.schema import exemplars, images


def of_images(c: Connection, ids: Iterable[ImageId]) -> dict[ImageId, str | None]:
    """The fingerprints of these images; None where it was not made yet."""
    found: dict[ImageId, str | None] = {}
    for chunk in chunked(ids):
        query = select(images.c.id, images.c.fingerprint).where(images.c.id.in_(chunk))
        found.update((ImageId(image), fingerprint) for image, fingerprint in c.execute(query))
    return found


def of_exemplars(c: Connection, ids: Iterable[int]) -> dict[int, str | None]:
    """The fingerprints of these reference pictures; None where it was not made yet."""
    found: dict[int, str | None] = {}
    for chunk in chunked(ids):
        query = select(exemplars.c.id, exemplars.c.fingerprint).where(exemplars.c.id.in_(chunk))
        found.update((exemplar, fingerprint) for exemplar, fingerprint in c.execute(query))
    return found


def set_of_image(c: Connection, image: ImageId, fingerprint: str) -> None:
    """Keep what an image looks like."""
    c.execute(update(images).where(images.c.id == image).values(fingerprint=fingerprint))


def set_of_exemplar(c: Connection, exemplar: int, fingerprint: str) -> None:
    """Keep what a reference picture looks like."""
    c.execute(update(exemplars).where(exemplars.c.id == exemplar).values(fingerprint=fingerprint))
