"""Decide whether an expert's submission fits its case, and turn it into a refinement.

The twin of `annotation.answers`: the screen, the earlier answers and the assignment are the server's own knowledge; what does not fit is
refused with a message for each field.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from multilabelfy.annotation.assignment import Assignment
from multilabelfy.annotation.counting import counting
from multilabelfy.annotation.model import Annotation, Annotator, Vote
from multilabelfy.annotation.response_times import MOST_PRESENT_MS
from multilabelfy.annotation.study.protocol import AnnotationProtocol, RefinementStyle
from multilabelfy.errors import NotAllowed, UnknownLabel
from multilabelfy.refinement.cases.queue import may_refine, start_from
from multilabelfy.refinement.cases.quick import chosen_by_votes
from multilabelfy.refinement.explanation import Explanation, parts_asked, parts_kept, parts_of
from multilabelfy.refinement.final_labels.resolution import check_decision, union_of_ticks
from multilabelfy.refinement.model import Refinement


@dataclass(frozen=True, slots=True)
class Decision(Explanation):
    """A submitted form, parsed but not yet believed: `chosen` are the labels that are valid, shown or added.

    `age_ms` says how long ago it was given: it may have waited for a connection. `by_form` says that a page without scripts sent it: its id
    was made with the page, and the browser's Back brings both again, for another decision.
    """

    client_id: str
    chosen: frozenset[int]
    note: str = ""
    missing_label: str = ""
    present_ms: int = 0
    age_ms: int = 0
    by_form: bool = False

    def repeats(self, stored: Refinement) -> bool:
        """Whether this repeats a stored decision, as a decision sent twice does."""
        answer = stored.answer_revealed if stored.answer_revealed is not None else stored.answer_blind
        chosen = frozenset(label for label, vote in (answer or {}).items() if vote is Vote.YES)
        mine = (self.chosen, parts_kept(self, len(self.chosen)), self.note.strip(), self.missing_label.strip())
        return mine == (chosen, parts_of(stored), stored.note, stored.missing_label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """What the server knows of a case while an expert decides on it.

    `annotations` are all standing answers to the image, `shown` the labels before the expert in their order, `own` their newest answer
    (None before the first), `by_label_ms` how long they were there while they answered label by label.
    """

    assignment: Assignment
    expert: Annotator
    protocol: AnnotationProtocol
    annotations: Sequence[Annotation]
    shown: tuple[int, ...]
    own: Refinement | None = None
    by_label_ms: int = 0

    @property
    def is_blind(self) -> bool:
        """Whether the next answer is the one given before the votes are revealed."""
        return self.protocol.refinement is RefinementStyle.BLIND and self.own is None


def refinement_of(decision: Decision, case: Deciding, *, known: Collection[int], now: datetime) -> Refinement:
    """The refinement that a decision makes of a case. `known` holds at least those chosen labels that the dataset has.

    Parts of the explanation that do not apply to that many labels are dropped (refinement.explanation). A blind answer is kept beside the
    one that follows its reveal. The time is never before the case was handed out.

    Raises NotAllowed for an expert who annotated the image, UnknownLabel, and AnswerRefused with a message for each field that is wrong.
    """
    if not may_refine(case.expert.id, case.annotations):
        raise NotAllowed(f"{case.expert.name} annotated this image: another expert decides on it.")
    answers = _answers(decision.chosen, case.shown, known)
    check_decision(answers, decision)
    own = case.own
    return Refinement(
        client_id=decision.client_id,
        image=case.assignment.image,
        expert=case.expert.id,
        before=union_of_ticks(counting(case.annotations)),
        shown=case.shown,
        answer_blind=answers if case.is_blind else own.answer_blind if own else None,
        answer_revealed=None if case.is_blind else answers,
        submitted_at=max(case.assignment.handed_at, now - timedelta(milliseconds=decision.age_ms)),
        note=decision.note.strip(),
        missing_label=decision.missing_label.strip(),
        present_ms=min(decision.present_ms + (0 if own else case.by_label_ms), MOST_PRESENT_MS),
        policy=case.assignment.policy,
        inclusion_probability=case.assignment.inclusion_probability,
        **parts_kept(decision, len(decision.chosen)),
    )


def decision_by_labels(
    client_id: str, annotations: Sequence[Annotation], votes: Mapping[int, Vote], protocol: AnnotationProtocol
) -> Decision | None:
    """The decision that answers given label by label make; None where an expert is asked for more than them (`parts_asked`).

    `annotations` are the answers to the image that count.
    """
    chosen = chosen_by_votes(start_from(annotations, protocol.refinement), votes)
    return None if parts_asked(protocol, len(chosen)) else Decision(client_id, chosen)


def _answers(chosen: frozenset[int], shown: Collection[int], known: Collection[int]) -> dict[int, Vote]:
    """A yes for each chosen label, a no for each shown and unchosen one."""
    strange = sorted(chosen - set(known))
    if strange:
        raise UnknownLabel(f"There is no label number {strange[0]} in this dataset. Reload the page and decide again.")
    return {label: Vote.YES if label in chosen else Vote.NO for label in sorted({*shown, *chosen})}
