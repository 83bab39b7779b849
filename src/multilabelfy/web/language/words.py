"""The words that pages use for states, outcomes and what is said beside labels: stated once, the same everywhere."""

from collections.abc import Mapping

from multilabelfy.annotation.access.security_events import EventKind
from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.annotation.model import Outcome, Role, UnfitReason, Vote
from multilabelfy.dataset.model import ImageState
from multilabelfy.disagreement.comparison import Why
from multilabelfy.refinement import label_sources
from multilabelfy.refinement.explanation import CHOSEN_PARTS

STATES: Mapping[str, str] = {state: state.meaning.words for state in ImageState}
PARTS: Mapping[str, Mapping[str, str]] = {part.name: {value.value: text for value, text in part.words.items()} for part in CHOSEN_PARTS}
"""Of each part of an explanation that is not a text: its values and their words."""
REASONS = PARTS["reason"]
WHYS: Mapping[str, str] = {
    Why.SETS_DIFFER: "their sets differ",
    Why.NOT_ASKED: "a label was chosen that somebody else was not asked about",
    Why.MAYBE: "somebody said maybe",
    Why.CANNOT_TELL: "somebody could not tell",
    Why.UNFIT: "somebody found the picture unfit",
    Why.AGREED_EMPTY: "they agree that no label fits: the reason is missing",
}
OUTCOMES: Mapping[str, str] = {
    Outcome.LABELLED: "labelled",
    Outcome.NONE: "no label fits",
    Outcome.CANNOT_TELL: "cannot tell",
    Outcome.UNFIT: "unfit picture",
}
UNFIT_REASONS: Mapping[str, str] = {
    UnfitReason.BROKEN: "it cannot be displayed",
    UnfitReason.POOR: "too blurred, dark or small",
    UnfitReason.INAPPROPRIATE: "inappropriate",
    UnfitReason.OTHER: "other",
}
SOURCES: Mapping[str, str] = {source: meaning.words for source, meaning in label_sources.SOURCES.items()}
VOTES: Mapping[int, str] = {Vote.NO: "no", Vote.MAYBE: "maybe", Vote.YES: "yes"}
ROLES: Mapping[str, str] = {
    Role.ANNOTATOR: "annotator: labels pictures",
    Role.EXPERT: "expert: refines disputes too",
    Role.OWNER: "owner: runs the study",
}

EVENTS: Mapping[str, str] = {
    EventKind.SIGNED_IN: "signed in",
    EventKind.WRONG_LINK: "tried an invalid link",
    EventKind.REFUSED: "was refused",
    EventKind.SESSION_ENDED: "ended a session",
    EventKind.SIGNED_OUT: "signed out everywhere",
    EventKind.INVITED: "made a link",
    EventKind.LINKS_ENDED: "ended open links",
    EventKind.JOINED: "added to a team",
    EventKind.LEFT: "removed from a team",
    EventKind.ROLE_CHANGED: "changed a role",
    EventKind.ERASED: "erased a name",
    EventKind.BLOCKED: "blocked access",
    EventKind.EXPORTED: "exported",
    EventKind.BACKED_UP: "made a backup",
    EventKind.RENAMED: "renamed a dataset",
    EventKind.ARCHIVED: "archived a dataset",
    EventKind.TAKEN_BACK: "took a dataset out of the archive",
    EventKind.DELETED: "deleted a dataset",
}
"""What a security log writes down."""

GOLD_KINDS = {
    GoldKind.PRACTICE.value: "practice: a new annotator’s first images, with feedback",
    GoldKind.CALIBRATION.value: "calibration: measures each annotator’s errors",
    GoldKind.TEST.value: "test: tells how well people answer",
}
