"""Read the refine page's form: from text that anybody may send to a decision with types, or a refusal that names the field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData

from multilabelfy.annotation.answers import CLIENT_ID, MAX_NAME, MAX_NOTE
from multilabelfy.errors import AnswerRefused
from multilabelfy.refinement.cases.decision import Decision
from multilabelfy.refinement.explanation import NOTHING_SAID, PARTS, Part, parts_as_text
from multilabelfy.web.language.formatting import too_long
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.page.forms import LABEL, milliseconds, text, texts
from multilabelfy.workflows.refining.cases import Case

RELOAD = "The form no longer matches this page: reload it and decide again."


@dataclass(frozen=True, slots=True)
class FilledDecision:
    """What stands in the form when it is shown: where the case starts from, or what was just sent and did not fit."""

    yes: frozenset[int] = frozenset()
    none: bool = False
    parts: Mapping[str, str] = field(default_factory=lambda: parts_as_text(NOTHING_SAID))
    note: str = ""
    missing: str = ""
    query: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def filled_from(case: Case) -> FilledDecision:
    """The form as the case opens: the union of the ticks, nothing, or the own answer."""
    own = case.own_decision
    return FilledDecision(
        yes=case.ticked,
        none=not case.ticked and (own is not None or bool(case.by_label)),
        parts=parts_as_text(own or NOTHING_SAID),
        note=own.note if own else "",
        missing=own.missing_label if own else "",
    )


def filled_as_sent(form: FormData, problems: Mapping[str, str]) -> FilledDecision:
    """The form as it was sent, with what does not fit; whatever cannot be read is left out."""
    return FilledDecision(
        yes=frozenset(int(label) for label in texts(form, "yes") if LABEL.fullmatch(label)),
        none="none" in form,
        parts={part.name: text(form, part.name) for part in PARTS},
        note=text(form, "note"),
        missing=text(form, "missing"),
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
        **{part.name: _length_fits(text(form, part.name)) for part in PARTS},
        "missing": _length_fits(text(form, "missing"), MAX_NAME),
    }
    refused = {name: problem for name, problem in problems.items() if problem}
    if refused:
        raise AnswerRefused(refused)
    return Decision(
        client_id=text(form, "id"),
        chosen=frozenset(int(label) for label in chosen),
        note=text(form, "note"),
        missing_label=text(form, "missing"),
        present_ms=milliseconds(text(form, "present")),
        age_ms=milliseconds(text(form, "age")),
        **{part.name: _part(form, part) for part in PARTS},
    )


def _answers_fit(chosen: list[str], is_none: bool) -> str:
    if not all(LABEL.fullmatch(label) for label in chosen):
        return RELOAD
    return _("“None is valid” and a chosen label contradict each other: take one of them back.") if chosen and is_none else ""


def _length_fits(written: str, most: int = MAX_NOTE) -> str:
    return too_long(len(written), most) if len(written) > most else ""


def _part(form: FormData, part: Part) -> Any:
    """The value of one part in a form: a text, one of its choices, or None if nothing is chosen."""
    value = text(form, part.name)
    if part.choices is None or not value:
        return value if part.choices is None else None
    try:
        return part.choices(value)
    except ValueError:
        raise AnswerRefused({part.name: RELOAD}) from None
