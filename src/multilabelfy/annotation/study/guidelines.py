"""A dataset's guidelines: versioned Markdown, so that each annotation names the version it was made under."""

from dataclasses import dataclass
from datetime import datetime

from multilabelfy.annotation.model import AnnotatorId


@dataclass(frozen=True, slots=True)
class Guidelines:
    """One version of the text; version 0 is the empty text before the first."""

    version: int
    text: str
    author: AnnotatorId | None
    created_at: datetime | None
