"""Who experts are to each other while they talk about an image."""

from datetime import UTC, datetime

from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.dataset.model import ImageId
from multilabelfy.refinement.discussion import Remark, RemarkKind, pseudonyms

NOW = datetime(2030, 5, 6, 8, 0, tzinfo=UTC)


def test_without_names_others_are_numbered_as_they_spoke_first() -> None:
    spoken = [Remark(str(i), ImageId(1), AnnotatorId(author), RemarkKind.NOTE, "", NOW) for i, author in enumerate((9, 5, 9, 4))]
    assert pseudonyms(spoken, AnnotatorId(5)) == {5: "you", 9: "expert 1", 4: "expert 2"}
