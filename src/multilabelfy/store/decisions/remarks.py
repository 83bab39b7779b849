"""Experts' remarks to each other about an image; each is appended once, by the id that its browser gave it."""

from typing import Any

from sqlalchemy import Row, insert, select

from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.errors import AnswerIdUsed
from multilabelfy.refinement.discussion import Remark, RemarkKind
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.schema import remarks


def append(c: Connection, remark: Remark, dataset: DatasetId) -> bool:
    """Store a remark and return whether it is new: the same remark under the same `client_id` changes nothing.

    Raises AnswerIdUsed if the stored remark differs.
    """
    stored = by_client_id(c, remark.client_id)
    if stored is not None:
        if not remark.repeats(stored):
            raise AnswerIdUsed
        return False
    c.execute(
        insert(remarks).values(
            client_id=remark.client_id,
            dataset_id=dataset,
            image_id=remark.image,
            author_id=remark.author,
            kind=remark.kind.value,
            to_id=remark.to,
            text=remark.text,
            created_at=remark.created_at,
        )
    )
    return True


def by_client_id(c: Connection, client_id: str) -> Remark | None:
    """The remark with this id, which its browser gave it."""
    row = c.execute(select(remarks).where(remarks.c.client_id == client_id)).one_or_none()
    return None if row is None else _from_row(row)


def of_image(c: Connection, image: ImageId) -> list[Remark]:
    """Every remark about an image, oldest first."""
    return [_from_row(row) for row in c.execute(select(remarks).where(remarks.c.image_id == image).order_by(remarks.c.id))]


def _from_row(row: Row[Any]) -> Remark:
    return Remark(
        client_id=row.client_id,
        image=ImageId(row.image_id),
        author=AnnotatorId(row.author_id),
        kind=RemarkKind(row.kind),
        text=row.text,
        created_at=row.created_at,
        to=None if row.to_id is None else AnnotatorId(row.to_id),
    )
