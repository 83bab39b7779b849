"""What an assignment is about, found by its number alone, so that it is asked for in one row with the assignment itself."""

from dataclasses import dataclass

from sqlalchemy import Text, bindparam, cast, select

from multilabelfy.annotation.model import AssignmentId, Candidate
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Coming, Prebuilt
from multilabelfy.store.dataset.candidates import parsed
from multilabelfy.store.dataset.image_rows import from_row
from multilabelfy.store.schema import assignments, candidates, images

_OF_ASSIGNMENT = Prebuilt(
    select(images, cast(candidates.c.candidates, Text).label("candidates"))
    .join(assignments, assignments.c.image_id == images.c.id)
    .outerjoin(candidates, candidates.c.image_id == images.c.id)
    .where(assignments.c.id == bindparam("assignment"))
)


@dataclass(frozen=True, slots=True)
class HandedPicture:
    """The image of an assignment, and its frozen candidates; none if they are not frozen yet."""

    image: StoredImage
    candidates: tuple[Candidate, ...]


def asked(c: Connection, assignment: AssignmentId) -> Coming[HandedPicture]:
    """The picture of an assignment that is there."""
    coming = _OF_ASSIGNMENT.asked(c, assignment=assignment)

    def read() -> HandedPicture:
        (row,) = coming.rows()
        return HandedPicture(from_row(row), parsed(row.candidates) if row.candidates else ())

    return read
