"""The words that pages use for states, reasons, outcomes and relations: said once, the same everywhere."""

from collections.abc import Mapping

from multilabelfy.annotation.checks import GoldKind
from multilabelfy.annotation.model import Outcome, Relation, Role, UnfitReason, Vote
from multilabelfy.dataset.model import ImageState
from multilabelfy.disagreement.comparison import Why
from multilabelfy.refinement.model import EmptyReason, LabelSource

STATES: Mapping[str, str] = {
    ImageState.UNPROPOSED: "waits for proposals",
    ImageState.OPEN: "wants answers",
    ImageState.AGREED: "agreed",
    ImageState.DISPUTED: "disputed",
    ImageState.REFINED: "decided by an expert",
    ImageState.CONTESTED: "experts differ",
    ImageState.IMPORTED: "imported with labels",
    ImageState.UNREADABLE: "not readable",
}
REASONS: Mapping[str, str] = {
    EmptyReason.NO_CLASS_PRESENT: "no class of the label space is present",
    EmptyReason.NOT_PROPOSED: "the right class was not among the proposals",
    EmptyReason.TOO_FINE_GRAINED: "cannot tell between classes (too fine-grained)",
    EmptyReason.UNUSABLE: "the image is unusable (blurred, tiny, edited)",
    EmptyReason.RENDITION: "a rendition, or text only",
    EmptyReason.INAPPROPRIATE: "inappropriate",
    EmptyReason.OTHER: "other",
    EmptyReason.UNKNOWN: "unknown (imported)",
}
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
    Outcome.NONE: "none of these",
    Outcome.CANNOT_TELL: "cannot tell",
    Outcome.UNFIT: "unfit picture",
}
UNFIT_REASONS: Mapping[str, str] = {
    UnfitReason.BROKEN: "it does not show",
    UnfitReason.POOR: "too blurred, dark or small",
    UnfitReason.INAPPROPRIATE: "inappropriate",
    UnfitReason.OTHER: "other",
}
RELATIONS: Mapping[str, str] = {
    Relation.SEVERAL_OBJECTS: "several objects",
    Relation.SEVERAL_NAMES: "one object, several names",
    Relation.BOTH: "both",
}
SOURCES: Mapping[str, str] = {
    LabelSource.AGREED: "agreed by the annotators",
    LabelSource.REFINED: "decided by an expert",
    LabelSource.AUDITED: "agreed by the annotators, then decided by experts (audit)",
    LabelSource.IMPORTED: "imported",
}
VOTES: Mapping[int, str] = {Vote.NO: "no", Vote.MAYBE: "maybe", Vote.YES: "yes"}
ROLES: Mapping[str, str] = {
    Role.ANNOTATOR: "annotator: labels pictures",
    Role.EXPERT: "expert: refines disputes too",
    Role.OWNER: "owner: runs the study",
}

GOLD_KINDS = {
    GoldKind.PRACTICE.value: "practice: a new annotator’s first images, with feedback",
    GoldKind.CALIBRATION.value: "calibration: measures each annotator’s errors",
    GoldKind.TEST.value: "test: tells how well people answer",
}
