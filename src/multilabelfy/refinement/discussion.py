"""What experts say to each other about an image: notes, passing it on, bringing it back. A log that is appended to, never edited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.dataset.model import ImageId


class RemarkKind(StrEnum):
    """What a remark does beside saying something."""

    NOTE = "note"
    PASSED = "passed"  # the image goes to another expert: to the named one, else to anybody but the author
    REOPENED = "reopened"  # a decided image is brought back


@dataclass(frozen=True, slots=True)
class Remark:
    """One entry of an image's discussion; `to` is whom it was passed to by name."""

    client_id: str
    image: ImageId
    author: AnnotatorId
    kind: RemarkKind
    text: str
    created_at: datetime
    to: AnnotatorId | None = None

    def repeats(self, stored: "Remark") -> bool:
        """Whether this repeats a stored remark, as a remark sent twice does; its kind is not compared."""
        mine = (self.image, self.author, self.text, self.to)
        return mine == (stored.image, stored.author, stored.text, stored.to)


def pseudonyms(remarks: Sequence[Remark], reader: AnnotatorId) -> dict[AnnotatorId, str]:
    """Who speaks, without names: "you", and "expert 1", "expert 2" in the order of their first remarks."""
    others = dict.fromkeys(remark.author for remark in remarks if remark.author != reader)
    return {reader: "you"} | {author: f"expert {number}" for number, author in enumerate(others, 1)}
