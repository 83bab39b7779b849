"""Read the refine page's form: from text that anybody may send to a decision with types, or a refusal that names the field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from starlette.datastructures import FormData

from multilabelfy.annotation.answers import CLIENT_ID, MAX_NOTE
from multilabelfy.annotation.model import Relation
from multilabelfy.errors import AnswerRefused
from multilabelfy.refinement.model import EmptyReason
from multilabelfy.web.language.formatting import too_long
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.page.forms import LABEL, milliseconds, text, texts
from multilabelfy.workflows.refining.cases import Case
from multilabelfy.workflows.refining.desk import Decision

Choice = TypeVar("Choice", bound=StrEnum)
RELOAD = "The form does not fit this page any more: reload it and decide again."


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form when it is shown: where the case starts from, or what was just sent and did not fit."""

    yes: frozenset[int] = frozenset()
    none: bool = False
    reason: str = ""
    reason_note: str = ""
    relation: str = ""
    note: str = ""
    query: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def filled_from(case: Case) -> Filled:
    """The form as the case opens: the union of the ticks, nothing, or the own answer."""
    own = case.own
    return Filled(
        yes=case.ticked,
        none=not case.ticked and (own is not None or bool(case.by_label)),
        reason=own.reason.value if own and own.reason else "",
        reason_note=own.reason_note if own else "",
        relation=own.relation.value if own and own.relation else "",
        note=own.note if own else "",
    )


def filled_as_sent(form: FormData, problems: Mapping[str, str]) -> Filled:
    """The form as it was sent, with what does not fit; whatever cannot be read is left out."""
    return Filled(
        yes=frozenset(int(one) for one in texts(form, "yes") if LABEL.fullmatch(one)),
        none="none" in form,
        reason=text(form, "reason"),
        reason_note=text(form, "reason_note"),
        relation=text(form, "relation"),
        note=text(form, "note"),
        query=text(form, "q"),
        problems=problems,
    )


def decision_of(form: FormData) -> Decision:
    """The decision in a form. Raises AnswerRefused with a message for each field that does not fit."""
    chosen = texts(form, "yes")
    problems = {
        "answers": _answers_fit(chosen, "none" in form),
        "id": "" if CLIENT_ID.fullmatch(text(form, "id")) else RELOAD,
        "note": _length_fits(text(form, "note")),
        "reason_note": _length_fits(text(form, "reason_note")),
    }
    found = {name: problem for name, problem in problems.items() if problem}
    if found:
        raise AnswerRefused(found)
    return Decision(
        client_id=text(form, "id"),
        chosen=frozenset(int(one) for one in chosen),
        reason=_choice(form, "reason", EmptyReason),
        reason_note=text(form, "reason_note"),
        relation=_choice(form, "relation", Relation),
        note=text(form, "note"),
        present_ms=milliseconds(text(form, "present")),
        age_ms=milliseconds(text(form, "age")),
    )


def _answers_fit(chosen: list[str], is_none: bool) -> str:
    if not all(LABEL.fullmatch(one) for one in chosen):
        return RELOAD
    return _("“None is valid” and a chosen label contradict each other: take one of them back.") if chosen and is_none else ""


def _length_fits(said: str) -> str:
    return too_long(len(said), MAX_NOTE) if len(said) > MAX_NOTE else ""


def _choice(form: FormData, name: str, kind: type[Choice]) -> Choice | None:
    said = text(form, name)
    if not said:
        return None
    try:
        return kind(said)
    except ValueError:
        raise AnswerRefused({name: RELOAD}) from None
