"""The images that look most like an image, nearest first, as they were last worked out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import delete, func, insert, select

from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.schema import kin

_IDS, _COSINES = np.dtype("<i8"), np.dtype("<f2")


@dataclass(frozen=True, slots=True)
class Kin:
    """An image that looks like another: `similarity` is the cosine of their embeddings, at most 1."""

    image: ImageId
    similarity: float


def forget(c: Connection, dataset: DatasetId) -> None:
    """Forget the kin of all images of a dataset."""
    c.execute(delete(kin).where(kin.c.dataset_id == dataset))


def forget_some(c: Connection, dataset: DatasetId, n: int) -> int:
    """Forget the kin of n images of a dataset, or of as many as have some; returns of how many."""
    some = select(kin.c.image_id).where(kin.c.dataset_id == dataset).limit(n)
    return c.execute(delete(kin).where(kin.c.image_id.in_(some))).rowcount


def n_among(c: Connection, image_ids: Sequence[ImageId]) -> int:
    """How many of these images have kin."""
    return int(c.execute(select(func.count()).where(kin.c.image_id.in_(image_ids))).scalar_one())


def add_chunk(
    c: Connection, dataset: DatasetId, image_ids: Sequence[ImageId], nearest: npt.NDArray[np.int64], similarities: npt.NDArray[np.floating]
) -> None:
    """Store the kin of images that have none: `nearest` (n, m) ids, nearest first, with their `similarities` (n, m)."""
    ids, cosines = np.asarray(nearest, dtype=_IDS), np.asarray(similarities, dtype=_COSINES)
    rows: Iterable[dict[str, object]] = (
        {"image_id": image, "dataset_id": dataset, "nearest": ids[row].tobytes(), "similarities": cosines[row].tobytes()}
        for row, image in enumerate(image_ids)
    )
    if image_ids:
        c.execute(insert(kin), list(rows))


def of_image(c: Connection, image: ImageId) -> list[Kin]:
    """The kin of an image, nearest first; none if none was worked out."""
    row = c.execute(select(kin).where(kin.c.image_id == image)).one_or_none()
    if row is None:
        return []
    ids, cosines = np.frombuffer(row.nearest, dtype=_IDS), np.frombuffer(row.similarities, dtype=_COSINES)
    return [Kin(ImageId(other), cosine) for other, cosine in zip(ids.tolist(), cosines.tolist(), strict=True)]


def n_of(c: Connection, dataset: DatasetId) -> int:
    """How many images of a dataset have kin."""
    return int(c.execute(select(func.count()).where(kin.c.dataset_id == dataset)).scalar_one())
