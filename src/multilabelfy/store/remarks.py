"""Keep what experts say to each other about an image, and to whom it was passed; a remark is appended once, by the id of its browser."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, func, insert, select

from multilabelfy.annotation.model import AnnotatorId, Role
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.refinement.discussion import Remark, RemarkKind
from multilabelfy.store.engine import Connection
from multilabelfy.store.schema import annotators, images, remarks

MOVES = (RemarkKind.PASSED.value, RemarkKind.REOPENED.value)
"""The newest of these says who may have the image next."""


def append(c: Connection, remark: Remark, dataset: DatasetId) -> bool:
    """Keep a remark; says whether it is new: one whose `client_id` is there already changes nothing."""
    if c.execute(select(remarks.c.id).where(remarks.c.client_id == remark.client_id)).first() is not None:
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


def of_image(c: Connection, image: ImageId) -> list[Remark]:
    """Everything that was said of an image, oldest first."""
    return [_from_row(row) for row in c.execute(select(remarks).where(remarks.c.image_id == image).order_by(remarks.c.id))]


def passed_by_name(c: Connection, dataset: DatasetId, expert: AnnotatorId) -> Sequence[ImageId]:
    """The images that were passed to this expert by name, in that order, whatever became of them since."""
    theirs = (remarks.c.to_id == expert) & (remarks.c.dataset_id == dataset)
    return [ImageId(image) for image in c.execute(select(remarks.c.image_id).where(theirs).order_by(remarks.c.id)).scalars()]


def is_withheld_from(expert: AnnotatorId) -> ColumnElement[bool]:
    """Whether an image was passed on and is not for this expert, as an expression over `images`.

    It is not for the one who passed it on, or is for the one who was named alone, as long as that person may decide.
    """
    newest = select(func.max(remarks.c.id)).where(remarks.c.image_id == images.c.id, remarks.c.kind.in_(MOVES)).correlate(images)
    able = exists().where(
        annotators.c.id == remarks.c.to_id, annotators.c.active, annotators.c.role.in_([Role.EXPERT.value, Role.OWNER.value])
    )
    for_another = (remarks.c.to_id != expert) & able
    by_expert = (remarks.c.author_id == expert) & ((remarks.c.to_id.is_(None)) | ~able)
    passed = (remarks.c.id == newest.scalar_subquery()) & (remarks.c.kind == RemarkKind.PASSED.value)
    return exists().where(passed, for_another | by_expert).correlate(images)


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
