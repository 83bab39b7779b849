"""Decide whether a submitted answer fits the screen it was made on, and turn it into an annotation.

The screen is the server's own knowledge (the frozen candidates in this annotator's order); of the browser's word only the times at which
fives were opened enter it. What does not fit is refused with a message for each field, so that nothing is guessed.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from multilabelfy.annotation.model import Annotation, AnnotatorId, Outcome, Relation, Screen, UnfitReason, Vote
from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.dataset.model import ImageId
from multilabelfy.errors import AnswerRefused

MAX_NOTE = 2000
MAX_NAME = 200
NOTHING_CHOSEN = "Nothing is chosen yet. Choose a label, or say “no label fits” or “cannot tell”."
RELATION_MISSING = "Two or more labels are chosen: say whether they are several objects, one object with several names, or both."
REASON_MISSING = "Say why the picture is unfit."
NOTE_MISSING = "Say in the note why the picture is unfit."
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
        """The labels with a yes; a label with both yes and maybe counts as a maybe, the weaker claim."""
        return self.yes - self.maybe


def annotation_of(
    submission: Submission,
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
    """The annotation that a submission makes on its screen. `known` holds at least those ticked labels that the dataset has.

    Raises AnswerRefused with every problem by field.
    """
    wrong = problems(submission, screen, protocol, known=known)
    if wrong:
        raise AnswerRefused(dict(wrong))
    answers = _answers(submission)
    return Annotation(
        client_id=submission.client_id,
        image=image,
        annotator=annotator,
        outcome=submission.outcome,
        answers=answers,
        screen=screen,
        submitted_at=submitted_at,
        unprompted=tuple(sorted(answers.keys() - set(screen.shown()))),
        relation=submission.relation if relation_wanted(submission, protocol) else None,
        unsure_between=_unsure_between(submission),
        missing_label=submission.missing_label.strip(),
        unfit_reason=submission.unfit_reason if submission.outcome is Outcome.UNFIT else None,
        note=submission.note.strip(),
        present_ms=present_ms,
        search_first=search_first,
    )


def says_the_same(submission: Submission, stored: Annotation, protocol: AnnotationProtocol) -> bool:
    """Whether a submission repeats a stored annotation, as an answer sent twice does. Times and screens are not compared.

    `protocol` is the one that the stored annotation was made under.
    """
    return (
        submission.outcome is stored.outcome
        and _answers(submission) == stored.answers
        and _unsure_between(submission) == stored.unsure_between
        and (submission.relation if relation_wanted(submission, protocol) else None) is stored.relation
        and (submission.unfit_reason if submission.outcome is Outcome.UNFIT else None) is stored.unfit_reason
        and (submission.missing_label.strip(), submission.note.strip()) == (stored.missing_label, stored.note)
    )


def further_id(client_id: str, *content: object) -> str:
    """A new id for content sent under a used one: the same content gets the same id, so that sending it again stores it once."""
    return sha256(repr((client_id, *content)).encode(errors="surrogatepass")).hexdigest()[:32]


def problems(submission: Submission, screen: Screen, protocol: AnnotationProtocol, *, known: Collection[int]) -> Mapping[str, str]:
    """What does not fit, by field: `answers`, `fives`, `relation`, `reason`, `note`, `missing` or `id`; the first problem of each."""
    checks = {
        "answers": _ticks_fit(submission, screen, protocol, known) or _outcome_fits(submission),
        "fives": _fives_fit(submission, screen, protocol),
        "relation": _relation_fits(submission, protocol),
        "reason": _reason_fits(submission),
        "note": _text_fits("note", submission.note, MAX_NOTE),
        "missing": _text_fits("name of the missing label", submission.missing_label, MAX_NAME),
        "id": "" if CLIENT_ID.fullmatch(submission.client_id) else "The answer came without an id: reload the page and answer again.",
    }
    return {field: message for field, message in checks.items() if message}


def relation_wanted(submission: Submission, protocol: AnnotationProtocol) -> bool:
    """Whether the question how the labels relate was asked: the protocol does, and two or more got a yes."""
    return protocol.relation_asked and submission.outcome is Outcome.LABELLED and len(submission.sure()) >= 2


def _answers(submission: Submission) -> dict[int, Vote]:
    if submission.outcome is Outcome.CANNOT_TELL:
        return {}
    return {label: Vote.MAYBE if label in submission.maybe else Vote.YES for label in sorted(submission.ticked())}


def _unsure_between(submission: Submission) -> tuple[int, ...]:
    return tuple(sorted(submission.ticked())) if submission.outcome is Outcome.CANNOT_TELL else ()


def _ticks_fit(submission: Submission, screen: Screen, protocol: AnnotationProtocol, known: Collection[int]) -> str:
    beyond = sorted(label for label in submission.ticked() | submission.added if label not in known)
    if beyond:
        return f"There is no label number {beyond[0]} in this dataset."
    unseen = sorted(submission.ticked() - set(screen.shown()) - submission.added)
    if unseen:
        return f"Label number {unseen[0]} was not on this screen: open its five first, or add it by the search."
    if submission.maybe and not protocol.maybe_allowed:
        return "This study asks for yes or no: a maybe cannot be saved."
    return ""


def _outcome_fits(submission: Submission) -> str:
    if submission.outcome is Outcome.LABELLED and not submission.ticked():
        return NOTHING_CHOSEN
    if submission.outcome is Outcome.NONE and submission.ticked():
        return "“No label fits” and a chosen label contradict each other: take one of them back."
    if submission.outcome is Outcome.UNFIT and submission.ticked():
        return "An unfit picture gets no labels: take back either the chosen labels or “unfit picture”."
    return ""


def _fives_fit(submission: Submission, screen: Screen, protocol: AnnotationProtocol) -> str:
    """All candidates must have been opened where the protocol asks for it, except for an unfit picture."""
    n_unseen = sum(opened is None for opened in screen.opened_at)
    if not n_unseen or not protocol.all_groups_required or submission.outcome is Outcome.UNFIT:
        return ""
    return (
        "One five has not been seen yet: Enter shows it."
        if n_unseen == 1
        else f"{n_unseen} fives have not been seen yet: Enter shows the next."
    )


def _relation_fits(submission: Submission, protocol: AnnotationProtocol) -> str:
    if not relation_wanted(submission, protocol) or submission.relation is not None:
        return ""
    return RELATION_MISSING


def _reason_fits(submission: Submission) -> str:
    if submission.outcome is not Outcome.UNFIT:
        return ""
    if submission.unfit_reason is None:
        return REASON_MISSING
    if submission.unfit_reason is UnfitReason.OTHER and not submission.note.strip():
        return NOTE_MISSING
    return ""


def _text_fits(name: str, text: str, longest: int) -> str:
    return f"The {name} has {len(text)} characters; at most {longest} are allowed." if len(text) > longest else ""
