"""Comments that annotators leave with their labels, and owners' answers to them.

A comment is a standing answer (the newest revision of one person's on one image) with a note, with the name of a missing label, or with a
picture found unfit. It is open until somebody answered these very words; a revision that says something else is open again.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from multilabelfy.annotation.model import Annotation, AnnotatorId, AssignmentId
from multilabelfy.dataset.model import DatasetId


class CommentKind(StrEnum):
    """What an answer says beside its labels; one comment may be of several kinds."""

    NOTE = "note"
    MISSING = "missing"  # a label that is not in the set
    UNFIT = "unfit"


@dataclass(frozen=True, slots=True)
class CommentAnswer:
    """What an owner answered to a comment."""

    number: int
    author: AnnotatorId
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment with the answers to it, oldest first; `number` is that of the answer that says it."""

    number: int
    dataset: DatasetId
    assignment: AssignmentId
    annotation: Annotation
    answers: tuple[CommentAnswer, ...]
    is_open: bool
