"""What a security log writes down: who did what to whose access, to which dataset, and from where. Never a secret."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from multilabelfy.annotation.model import AnnotatorId

MAX_DETAIL = 200


class EventKind(StrEnum):
    """What happened."""

    SIGNED_IN = "signed-in"
    WRONG_LINK = "wrong-link"
    REFUSED = "refused"
    SESSION_ENDED = "session-ended"
    SIGNED_OUT = "signed-out-everywhere"
    INVITED = "invited"
    LINKS_ENDED = "links-ended"
    JOINED = "joined-team"
    LEFT = "left-team"
    ROLE_CHANGED = "role-changed"
    ERASED = "erased"
    BLOCKED = "blocked"
    EXPORTED = "exported"
    BACKED_UP = "backed-up"
    RENAMED = "renamed"
    ARCHIVED = "archived"
    TAKEN_BACK = "taken-back"
    DELETED = "deleted"


COUNTED = frozenset({EventKind.SIGNED_IN, EventKind.WRONG_LINK, EventKind.REFUSED})
"""Kinds that anybody can cause as often as they like: the same within an hour is one event with a count."""


@dataclass(frozen=True, slots=True)
class SecurityEvent:
    """One event, or `n` of the same from `at` to `last_at`.

    `who` is None for the command line, and for somebody who is not signed in. `about` is whose access it was about; `dataset` is that
    dataset's name at the time; `detail` says more in a few words, such as two roles or a format; `address` is a network address.
    """

    kind: EventKind
    at: datetime
    who: AnnotatorId | None = None
    about: AnnotatorId | None = None
    dataset: str = ""
    detail: str = ""
    address: str = ""
    n: int = 1
    last_at: datetime | None = None
    number: int = 0
