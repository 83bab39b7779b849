"""Which images were passed on to whom: an expert may pass an image to another expert, who then gets it first."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, func, select

from multilabelfy.annotation.model import AnnotatorId, Role
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.refinement.discussion import RemarkKind
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.schema import annotators, images, remarks

MOVES = (RemarkKind.PASSED.value, RemarkKind.REOPENED.value)
"""The newest remark of these kinds tells who may have the image next."""


def passed_by_name(c: Connection, dataset: DatasetId, expert: AnnotatorId) -> Sequence[ImageId]:
    """The images that were passed to this expert by name, oldest first, whatever has become of them since."""
    theirs = (remarks.c.to_id == expert) & (remarks.c.dataset_id == dataset)
    return [ImageId(image) for image in c.execute(select(remarks.c.image_id).where(theirs).order_by(remarks.c.id)).scalars()]


def is_withheld_from(expert: AnnotatorId) -> ColumnElement[bool]:
    """Whether an image was passed on, but not to this expert, as an expression over `images`.

    Whoever passed it on does not get it back; where somebody was named, nobody else gets it as long as that person may decide.
    """
    newest = select(func.max(remarks.c.id)).where(remarks.c.image_id == images.c.id, remarks.c.kind.in_(MOVES)).correlate(images)
    able = exists().where(
        annotators.c.id == remarks.c.to_id, annotators.c.active, annotators.c.role.in_([Role.EXPERT.value, Role.OWNER.value])
    )
    for_another = (remarks.c.to_id != expert) & able
    by_expert = (remarks.c.author_id == expert) & ((remarks.c.to_id.is_(None)) | ~able)
    passed = (remarks.c.id == newest.scalar_subquery()) & (remarks.c.kind == RemarkKind.PASSED.value)
    return exists().where(passed, for_another | by_expert).correlate(images)
