"""One annotator's votes from an annotation: shown and unticked is a no, not shown is not a vote (PROTOCOL, "the better protocol")."""

from collections.abc import Mapping

from multilabelfy.annotation.model import Annotation, Outcome, Vote

OUTCOMES_WITH_NOES = (Outcome.LABELLED, Outcome.NONE)


def votes_of(annotation: Annotation) -> Mapping[int, Vote]:
    """The votes by label. A tick is a vote wherever it was made, `unprompted` ones too; an unticked label whose group was opened is a
    no, unless the annotator could not tell or found the picture unfit: that is not a vote."""
    silent = annotation.screen.shown() if annotation.outcome in OUTCOMES_WITH_NOES else ()
    return {**dict.fromkeys(silent, Vote.NO), **annotation.answers}
