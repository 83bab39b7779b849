"""What people are shown of an image: its picture, and its frozen candidates or else the proposals from which they are chosen."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Text, cast, exists, select

from multilabelfy.annotation.model import Candidate
from multilabelfy.dataset.model import ImageId
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.proposals.model import Proposal
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Coming, Listed
from multilabelfy.store.dataset.candidates import parsed
from multilabelfy.store.dataset.image_rows import from_row
from multilabelfy.store.dataset.proposals import by_rank, of_runs
from multilabelfy.store.schema import candidates, images, proposals

_PICTURES = Listed(
    select(images, cast(candidates.c.candidates, Text).label("candidates")).outerjoin(candidates, candidates.c.image_id == images.c.id),
    images.c.id,
)
_PROPOSED = Listed(of_runs().where(~exists().where(candidates.c.image_id == proposals.c.image_id)), proposals.c.image_id)


@dataclass(frozen=True, slots=True)
class ShownImage:
    """An image with its frozen candidates, or, while they are not frozen, with what was proposed for it."""

    image: StoredImage
    frozen: tuple[Candidate, ...] | None
    proposed: tuple[Proposal, ...] = ()


def asked(c: Connection, ids: Collection[ImageId]) -> Coming[dict[ImageId, ShownImage]]:
    """What these images show; unknown ids are left out."""
    listed = [*dict.fromkeys(ids)]
    if not listed:
        return dict
    pictures, proposed = _PICTURES.asked(c, listed), _PROPOSED.asked(c, listed)

    def read() -> dict[ImageId, ShownImage]:
        by_image: dict[ImageId, list[Proposal]] = {}
        for row in proposed.rows():
            by_image.setdefault(ImageId(row.image_id), []).extend(by_rank(row))
        return {
            ImageId(row.id): ShownImage(from_row(row), parsed(row.candidates) if row.candidates else None, tuple(by_image.get(row.id, ())))
            for row in pictures.rows()
        }

    return read
