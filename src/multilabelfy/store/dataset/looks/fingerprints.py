"""Fingerprints of pictures, 64 bits as hex, so that a near-copy of the judged picture is not shown beside it as a reference."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import bindparam, func, select, update

from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Listed
from multilabelfy.store.database.rows import chunked
from multilabelfy.store.schema import exemplars, images

HEX_DIGITS = 16
"""Of a fingerprint. What is stored of a picture that cannot be read is shorter."""
ROWS_AT_ONCE = 50_000

_OF_IMAGES = Listed(select(images.c.id, images.c.fingerprint), images.c.id)
_OF_EXEMPLARS = Listed(select(exemplars.c.id, exemplars.c.fingerprint), exemplars.c.id)


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """The images of a dataset that have a fingerprint, in the order of the import, and their fingerprints, both (n_images,)."""

    images: npt.NDArray[np.int64]
    codes: npt.NDArray[np.uint64]


def of_dataset(c: Connection, dataset: DatasetId) -> Fingerprints:
    """Every fingerprint of a dataset's images."""
    is_known = (images.c.dataset_id == dataset) & (func.length(images.c.fingerprint) == HEX_DIGITS)
    rows = c.execute(select(images.c.id, images.c.fingerprint).where(is_known).order_by(images.c.place))
    parts = [np.array([(image, int(code, 16)) for image, code in chunk], dtype=np.uint64) for chunk in chunked(rows, ROWS_AT_ONCE)]
    table = np.concatenate(parts) if parts else np.zeros((0, 2), dtype=np.uint64)
    return Fingerprints(table[:, 0].astype(np.int64), np.ascontiguousarray(table[:, 1]))


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
