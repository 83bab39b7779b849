"""Read the annotate page's form: from text that anybody may send to an answer with types, or a refusal that names the field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from starlette.datastructures import FormData

from multilabelfy.annotation.answers import Submission
from multilabelfy.annotation.model import Annotation, Outcome, Relation, UnfitReason, Vote
from multilabelfy.annotation.response_times import Timing
from multilabelfy.errors import AnswerRefused
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.page.forms import LABEL, is_scripted, text, texts
from multilabelfy.workflows.annotating.taking import Answer

OPENED = {f"opened-{five}": five for five in range(100)}
FIRST = re.compile(r"\d{1,8}:[12](?: \d{1,8}:[12]){0,99}")
NUMBER = re.compile(r"-?\d{1,15}")
REFERENCES = re.compile(r"(\d{1,8}):(\d{1,12}(?:\.\d{1,12}){0,11})")
DOES_NOT_FIT = "The form no longer matches this page: reload it and answer again."
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class FilledAnswer:
    """What stands in the form when it is shown: empty, an earlier answer, or what was just sent and did not fit."""

    yes: frozenset[int] = frozenset()
    maybe: frozenset[int] = frozenset()
    outcomes: frozenset[str] = frozenset()
    relation: str = ""
    reason: str = ""
    note: str = ""
    missing: str = ""
    query: str = ""
    first: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


EMPTY = FilledAnswer()
"""The form of a sheet that nobody has begun."""


def filled_from(annotation: Annotation) -> FilledAnswer:
    """The form as it was when this answer was given."""
    unsure = annotation.outcome is Outcome.CANNOT_TELL
    yes = annotation.unsure_between if unsure else annotation.chosen()
    return FilledAnswer(
        yes=frozenset(yes),
        maybe=frozenset(label for label, vote in annotation.answers.items() if vote is Vote.MAYBE),
        outcomes=frozenset({annotation.outcome.value} - {Outcome.LABELLED.value}),
        relation=annotation.relation.value if annotation.relation else "",
        reason=annotation.unfit_reason.value if annotation.unfit_reason else "",
        note=annotation.note,
        missing=annotation.missing_label,
    )


def filled_as_sent(form: FormData, problems: Mapping[str, str]) -> FilledAnswer:
    """The form as it was sent, with what does not fit; whatever cannot be read is left out."""
    return FilledAnswer(
        yes=frozenset(int(text) for text in texts(form, "yes") if LABEL.fullmatch(text)),
        maybe=frozenset(int(text) for text in texts(form, "maybe") if LABEL.fullmatch(text)),
        outcomes=frozenset(texts(form, "outcome")),
        relation=text(form, "relation"),
        reason=text(form, "reason"),
        note=text(form, "note"),
        missing=text(form, "missing"),
        query=text(form, "q"),
        first=text(form, "first") if text(form, "first") == "-" or FIRST.fullmatch(text(form, "first")) else "",
        problems=problems,
    )


def answer_of(form: FormData, now: datetime) -> Answer:
    """The answer in a form. Raises AnswerRefused where a field holds what its page never sends."""
    yes, maybe, added = (_labels(form, name) for name in ("yes", "maybe", "added"))
    submission = Submission(
        client_id=text(form, "id"),
        outcome=_outcome(form),
        yes=yes,
        maybe=maybe,
        added=added,
        relation=_choice(form, "relation", Relation),
        unfit_reason=_choice(form, "reason", UnfitReason),
        missing_label=text(form, "missing"),
        note=text(form, "note").replace("\r\n", "\n"),
    )
    first = _first(form)
    searched = bool(text(form, "searched")) or bool((yes | maybe) & added)
    return Answer(
        submission, _timing(form, now), _number(form, "protocol"), _number(form, "guidelines"), _references(form), searched, first
    )


def ends_search(form: FormData) -> bool:
    """Whether a page without scripts has finished searching, so that the candidates appear; never for an unfit picture."""
    return text(form, "stage") == "search" and not is_scripted(form) and Outcome.UNFIT.value not in texts(form, "outcome")


def votes_by_search(form: FormData) -> str:
    """What is ticked, as the field `first` keeps it: "3:2 9:1" is a yes to label 3 and a maybe to label 9; "-" is none."""
    maybe, yes = _labels(form, "maybe"), _labels(form, "yes")
    votes = {**dict.fromkeys(yes, Vote.YES), **dict.fromkeys(maybe, Vote.MAYBE)}
    return " ".join(f"{label}:{int(vote)}" for label, vote in sorted(votes.items())) or "-"


def _labels(form: FormData, name: str) -> frozenset[int]:
    values = texts(form, name)
    if not all(LABEL.fullmatch(value) for value in values):
        raise AnswerRefused({"answers": DOES_NOT_FIT})
    return frozenset(map(int, values))


def _first(form: FormData) -> dict[int, Vote] | None:
    """The votes given by search alone; None if the candidates were in view from the start."""
    votes = text(form, "first")
    if votes in ("", "-"):
        return {} if votes else None
    if not FIRST.fullmatch(votes):
        raise AnswerRefused({"answers": DOES_NOT_FIT})
    return {int(label): Vote(int(vote)) for label, vote in (part.split(":") for part in votes.split(" "))}


def _outcome(form: FormData) -> Outcome:
    values = texts(form, "outcome")
    if len(values) > 1:
        raise AnswerRefused({"answers": _("Say one of “no label fits”, “cannot tell” and “unfit picture”, not several.")})
    return _choice(form, "outcome", Outcome) or Outcome.LABELLED


def _choice(form: FormData, name: str, kind: type[Choice]) -> Choice | None:
    value = text(form, name)
    if not value:
        return None
    try:
        return kind(value)
    except ValueError:
        raise AnswerRefused({"answers" if name == "outcome" else name: DOES_NOT_FIT}) from None


def _number(form: FormData, name: str) -> int:
    value = text(form, name) or "0"
    if not NUMBER.fullmatch(value):
        raise AnswerRefused({"id": DOES_NOT_FIT})
    return int(value)


def _timing(form: FormData, now: datetime) -> Timing:
    names = sorted(OPENED.keys() & form.keys(), key=OPENED.__getitem__)
    if not is_scripted(form):
        elapsed = _since(text(form, "rendered"), now)
        return Timing(age=0, elapsed=elapsed, opened=(0,) * len(names), present=elapsed)
    opened = tuple(_number(form, name) if text(form, name) else None for name in names)
    return Timing(_number(form, "age"), _number(form, "elapsed"), opened, _number(form, "present"))


def _since(rendered: str, now: datetime) -> int:
    try:
        return max(0, int((now - datetime.fromisoformat(rendered)).total_seconds() * 1000))
    except (ValueError, TypeError):
        return 0


def _references(form: FormData) -> dict[int, tuple[str, ...]]:
    """Which reference pictures stood beside which label, as `label:id.id.id`, separated by spaces."""
    parts = [REFERENCES.fullmatch(part) for part in text(form, "references").split()]
    return {int(part[1]): tuple(part[2].split(".")) for part in parts if part}
