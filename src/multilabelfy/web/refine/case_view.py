"""What the template of one disputed image reads: the case, what stands in its form, and the words on its controls."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from multilabelfy.annotation.model import Annotation, Outcome
from multilabelfy.refinement.empty_reasons import REASONS
from multilabelfy.refinement.explanation import PARTS
from multilabelfy.web.desk.page import RELATIONS, judged_picture_address
from multilabelfy.web.language.formatting import who
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.language.words import OUTCOMES, UNFIT_REASONS, WHYS
from multilabelfy.web.refine.decision_form import FilledDecision, filled_from
from multilabelfy.web.refine.filter import FilterView
from multilabelfy.workflows.annotating.sheets import Option
from multilabelfy.workflows.refining.cases import Case, Stage

IN_VIEW = 5
SENTENCES: Mapping[Stage, str] = {
    Stage.ANSWER: "Your answer comes first. What the annotators said appears after it.",
    Stage.REVEAL: "This is what the annotators said. Keep your answer or change it: both are kept.",
    Stage.REVISE: "You decided this before. A change keeps the earlier decision in the history.",
}


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """One earlier answer without a name: "annotator 1", in words, with its note."""

    who: str
    words: str
    note: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case as its template reads it; `address` is the refine page's own, without a slash at its end."""

    case: Case
    address: str
    picture: str
    client_id: str
    talk_id: str
    filled: FilledDecision
    added: Sequence[Option]
    filter: FilterView
    relation_asked: bool

    @property
    def neighbours(self) -> str:
        """Where the neighbours of this case's labels are, each under the label's number."""
        return f"{self.address.removesuffix('/refine')}/neighbours/{self.case.assignment}"

    @property
    def groups(self) -> tuple[tuple[Option, ...], ...]:
        """The labels in the groups of the page."""
        shown = self.case.shown
        return tuple(tuple(shown[start : start + IN_VIEW]) for start in range(0, len(shown), IN_VIEW))

    @property
    def heading(self) -> str:
        """The question, or what happens to an existing answer."""
        return _("Your decision, to keep or to change") if self.case.stage is Stage.REVISE else _("Which labels are valid?")

    @property
    def sentence(self) -> str:
        """What this step is about, or why the annotators' answers brought the image here."""
        if self.case.is_open and self.case.stage is Stage.ANSWER:
            reasons = "; ".join(_(WHYS[why]) for why in self.case.why)
            return _("Here because %(reasons)s.") % {"reasons": reasons} if reasons else ""
        return _(SENTENCES[self.case.stage])

    @property
    def starts_ticked(self) -> bool:
        """Whether labels are ticked that this expert said nothing about yet."""
        return self.case.stage is Stage.ANSWER and bool(self.case.ticked) and not self.case.by_label

    @property
    def button(self) -> str:
        """The words on the last button."""
        return _("Answer, then see the votes") if not self.case.is_open else _("Decide and next")

    def choices(self, name: str) -> tuple[tuple[str, str], ...]:
        """Value and words of each choice that a part of the explanation offers."""
        [part] = [part for part in PARTS if part.name == name]
        return tuple((value.value, part.words[value]) for value in part.to_choose)

    @property
    def kept(self) -> str:
        """The names of the fields beside the labels, which a browser keeps and puts back."""
        return " ".join((*(part.name for part in PARTS), "note", "missing"))

    @property
    def noted_reasons(self) -> frozenset[str]:
        """The values of the reasons that need a note."""
        return frozenset(reason.value for reason, meaning in REASONS.items() if meaning.wants_note)

    @property
    def relations(self) -> tuple[tuple[str, str, str], ...]:
        """Value, key and name of each relation."""
        return RELATIONS

    @property
    def earlier_answers(self) -> list[EarlierAnswer]:
        """The earlier answers, if they may be seen."""
        return [
            EarlierAnswer(who(f"annotator {number}"), self._words(answer), answer.note)
            for number, answer in enumerate(self.case.annotations, 1)
        ]

    def _words(self, annotation: Annotation) -> str:
        if annotation.outcome is Outcome.CANNOT_TELL:
            between = self._names(annotation.unsure_between)
            return _("cannot tell between %(labels)s") % {"labels": between} if between else _("cannot tell")
        if annotation.outcome is Outcome.UNFIT:
            reason = f": {_(UNFIT_REASONS[annotation.unfit_reason])}" if annotation.unfit_reason else ""
            return f"{_('unfit picture')}{reason}"
        maybe = f"{_('maybe')} {self._names(sorted(annotation.doubted()))}" if annotation.doubted() else ""
        missing = _("misses the label “%(name)s”") % {"name": annotation.missing_label} if annotation.missing_label else ""
        parts = [self._names(sorted(annotation.chosen())), maybe, missing]
        return "; ".join(part for part in parts if part) or _(OUTCOMES[annotation.outcome])

    def _names(self, labels: Sequence[int]) -> str:
        return ", ".join(self.case.names[label].name if label in self.case.names else str(label) for label in labels)


def view_of(
    case: Case,
    address: str,
    edge: int,
    filter: FilterView,
    *,
    relation_asked: bool,
    filled: FilledDecision | None = None,
    added: Sequence[Option] = (),
) -> CaseView:
    """The view of a case: as it opens, or with what was just sent."""
    return CaseView(
        case=case,
        address=address,
        picture=judged_picture_address(case.image.token, edge),
        client_id=secrets.token_hex(16),
        talk_id=secrets.token_hex(16),
        filled=filled or filled_from(case),
        added=added if filled else case.added,
        filter=filter,
        relation_asked=relation_asked,
    )
