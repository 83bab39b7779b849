"""Decide whether a submitted answer fits the screen that it was made on, and turn it into an annotation.

The screen is the server's own knowledge (the frozen candidates in this annotator's order); of the browser's word only the times at which
fives were opened enter it. What does not fit is refused with a message for each field, so that nothing is guessed.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from multilabelfy.annotation.model import Annotation, AnnotatorId, Outcome, Relation, Screen, UnfitReason, Vote
from multilabelfy.annotation.protocol import AnnotationProtocol
from multilabelfy.dataset.model import ImageId
from multilabelfy.errors import AnswerRefused

MAX_NOTE = 2000
MAX_NAME = 200
NOTHING_CHOSEN = "Nothing is chosen yet. Choose a label, or say “none of these” (0) or “cannot tell” (U)."
RELATION_MISSING = "Two or more labels are chosen: say whether they are several objects (S), one object with several names (N) or both (B)."
REASON_MISSING = "Say why the picture is unfit."
NOTE_MISSING = "Say in the note (C) why the picture is unfit."
CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True, slots=True)
class Submission:
    """What a form said, parsed but not yet believed. `yes` and `maybe` are ticks among the candidates or, with `added`, beyond them.

    `added` are the labels that were found by the search over all labels.
    """

    client_id: str
    outcome: Outcome
    yes: frozenset[int] = frozenset()
    maybe: frozenset[int] = frozenset()
    added: frozenset[int] = frozenset()
    relation: Relation | None = None
    unfit_reason: UnfitReason | None = None
    missing_label: str = ""
    note: str = ""

    def ticked(self) -> frozenset[int]:
        """Every label with a yes or a maybe."""
        return self.yes | self.maybe

    def sure(self) -> frozenset[int]:
        """The labels with a yes; a label that got both counts as a maybe, the weaker claim."""
        return self.yes - self.maybe


def annotation_of(
    said: Submission,
    screen: Screen,
    protocol: AnnotationProtocol,
    *,
    known: Collection[int],
    image: ImageId,
    annotator: AnnotatorId,
    submitted_at: datetime,
    present_ms: int = 0,
    search_first: Mapping[int, Vote] | None = None,
) -> Annotation:
    """The annotation that a submission makes on its screen. `known` are the labels that the dataset has, of those ticked at least.

    Raises AnswerRefused with every problem by field.
    """
    found = problems(said, screen, protocol, known=known)
    if found:
        raise AnswerRefused(dict(found))
    answers = _answers(said)
    return Annotation(
        client_id=said.client_id,
        image=image,
        annotator=annotator,
        outcome=said.outcome,
        answers=answers,
        screen=screen,
        submitted_at=submitted_at,
        unprompted=tuple(sorted(answers.keys() - set(screen.shown()))),
        relation=said.relation if relation_wanted(said, protocol) else None,
        unsure_between=_unsure_between(said),
        missing_label=said.missing_label.strip(),
        unfit_reason=said.unfit_reason if said.outcome is Outcome.UNFIT else None,
        note=said.note.strip(),
        present_ms=present_ms,
        search_first=search_first,
    )


def says_the_same(said: Submission, stored: Annotation, protocol: AnnotationProtocol) -> bool:
    """Whether a submission is what a stored annotation says, as it is where an answer is sent again. Times and screens are left out.

    `protocol` is the one that the stored annotation was made under.
    """
    return (
        said.outcome is stored.outcome
        and _answers(said) == stored.answers
        and _unsure_between(said) == stored.unsure_between
        and (said.relation if relation_wanted(said, protocol) else None) is stored.relation
        and (said.unfit_reason if said.outcome is Outcome.UNFIT else None) is stored.unfit_reason
        and (said.missing_label.strip(), said.note.strip()) == (stored.missing_label, stored.note)
    )


def further_id(client_id: str, *content: object) -> str:
    """An id for what came under a used one: the same for the same content, so that sending that again stores it once."""
    return sha256(repr((client_id, *content)).encode(errors="surrogatepass")).hexdigest()[:32]


def problems(said: Submission, screen: Screen, protocol: AnnotationProtocol, *, known: Collection[int]) -> Mapping[str, str]:
    """What does not fit, by field: `answers`, `fives`, `relation`, `reason`, `note`, `missing` or `id`; the first problem of each."""
    checks = {
        "answers": _ticks_fit(said, screen, protocol, known) or _outcome_fits(said),
        "fives": _fives_fit(said, screen, protocol),
        "relation": _relation_fits(said, protocol),
        "reason": _reason_fits(said),
        "note": _text_fits("note", said.note, MAX_NOTE),
        "missing": _text_fits("name of the missing label", said.missing_label, MAX_NAME),
        "id": "" if CLIENT_ID.fullmatch(said.client_id) else "The answer came without an id: reload the page and answer again.",
    }
    return {field: message for field, message in checks.items() if message}


def relation_wanted(said: Submission, protocol: AnnotationProtocol) -> bool:
    """Whether the question how the labels relate was asked: the protocol does, and two or more got a yes."""
    return protocol.relation_asked and said.outcome is Outcome.LABELLED and len(said.sure()) >= 2


def _answers(said: Submission) -> dict[int, Vote]:
    if said.outcome is Outcome.CANNOT_TELL:
        return {}
    return {label: Vote.MAYBE if label in said.maybe else Vote.YES for label in sorted(said.ticked())}


def _unsure_between(said: Submission) -> tuple[int, ...]:
    return tuple(sorted(said.ticked())) if said.outcome is Outcome.CANNOT_TELL else ()


def _ticks_fit(said: Submission, screen: Screen, protocol: AnnotationProtocol, known: Collection[int]) -> str:
    beyond = sorted(label for label in said.ticked() | said.added if label not in known)
    if beyond:
        return f"There is no label number {beyond[0]} in this dataset."
    unseen = sorted(said.ticked() - set(screen.shown()) - said.added)
    if unseen:
        return f"Label number {unseen[0]} was not on this screen: open its five first, or add it by the search."
    if said.maybe and not protocol.maybe_allowed:
        return "This study asks for yes or no: a maybe cannot be saved."
    return ""


def _outcome_fits(said: Submission) -> str:
    if said.outcome is Outcome.LABELLED and not said.ticked():
        return NOTHING_CHOSEN
    if said.outcome is Outcome.NONE and said.ticked():
        return "“None of these” and a chosen label contradict each other: take one of them back."
    if said.outcome is Outcome.UNFIT and said.ticked():
        return "An unfit picture gets no labels: take back either the chosen labels or “unfit picture”."
    return ""


def _fives_fit(said: Submission, screen: Screen, protocol: AnnotationProtocol) -> str:
    """An unfit picture needs no look at its candidates; everything else does where the protocol asks for all of them."""
    n_unseen = sum(opened is None for opened in screen.opened_at)
    if not n_unseen or not protocol.all_groups_required or said.outcome is Outcome.UNFIT:
        return ""
    return (
        "One five has not been seen yet: Enter shows it."
        if n_unseen == 1
        else f"{n_unseen} fives have not been seen yet: Enter shows the next."
    )


def _relation_fits(said: Submission, protocol: AnnotationProtocol) -> str:
    if not relation_wanted(said, protocol) or said.relation is not None:
        return ""
    return RELATION_MISSING


def _reason_fits(said: Submission) -> str:
    if said.outcome is not Outcome.UNFIT:
        return ""
    if said.unfit_reason is None:
        return REASON_MISSING
    if said.unfit_reason is UnfitReason.OTHER and not said.note.strip():
        return NOTE_MISSING
    return ""


def _text_fits(name: str, text: str, longest: int) -> str:
    return f"The {name} has {len(text)} characters; at most {longest} are allowed." if len(text) > longest else ""
