"""What is said of a set of labels beside its labels: why it is empty, how its labels relate. One record a part.

A decision, the refinement that is kept of it and the final labels of a release carry the same parts: `Explanation` is their base. What each
does with them (check, keep, store, fill a form, export) is made from PARTS, so that a further part is a field and a record here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from multilabelfy.annotation.model import Relation
from multilabelfy.refinement.empty_reasons import REASONS, REASONS_TO_CHOOSE, EmptyReason

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The parts; a choice that nobody made is None, a text that nobody wrote is empty."""

    reason: EmptyReason | None = None
    reason_note: str = ""
    relation: Relation | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its name, the values to choose from (None: a text) with the words for those that experts may choose (pages translate
    them), with how many labels it means anything, what stands where several experts agree on the labels, and what is wrong with it in an
    explanation of so many labels ("" where nothing is)."""

    name: str
    choices: type[StrEnum] | None
    words: Mapping[StrEnum, str]
    stays_with: Callable[[int], bool]
    in_common: Callable[[Sequence[Any]], Any]
    problem: Callable[[Explanation, int], str]


def common(values: Iterable[Value | None]) -> Value | None:
    """The value that all of them gave; None where they differ (our reading: then none is published)."""
    different = set(values)
    return different.pop() if len(different) == 1 else None


def first(values: Sequence[Value]) -> Value:
    """What the first of them gave (our reading)."""
    return values[0]


def _reason_problem(explanation: Explanation, n_labels: int) -> str:
    fits = n_labels or explanation.reason in REASONS_TO_CHOOSE
    return "" if fits else "No label is chosen. Say why the picture has none, or choose a label."


def _note_problem(explanation: Explanation, n_labels: int) -> str:
    wants_note = not n_labels and explanation.reason is not None and REASONS[explanation.reason].wants_note
    return "Say in a few words why the picture has no label." if wants_note and not explanation.reason_note.strip() else ""


def _no_problem(explanation: Explanation, n_labels: int) -> str:  # noqa: ARG001 – a part that always fits
    return ""


REASON_WORDS: Mapping[StrEnum, str] = {reason: REASONS[reason].words for reason in REASONS_TO_CHOOSE}
RELATION_WORDS: Mapping[StrEnum, str] = {
    Relation.SEVERAL_OBJECTS: "several objects",
    Relation.SEVERAL_NAMES: "one object, several names",
    Relation.BOTH: "both",
}
PARTS = (
    Part("reason", EmptyReason, REASON_WORDS, lambda n_labels: n_labels == 0, first, _reason_problem),
    Part("reason_note", None, {}, lambda n_labels: n_labels == 0, first, _note_problem),
    Part("relation", Relation, RELATION_WORDS, lambda n_labels: n_labels > 1, common, _no_problem),
)
NOTHING_SAID = Explanation()


def parts_of(explanation: Explanation) -> dict[str, Any]:
    """The parts by name, as keyword arguments for another explanation."""
    return {part.name: getattr(explanation, part.name) for part in PARTS}


def parts_kept(explanation: Explanation, n_labels: int) -> dict[str, Any]:
    """The parts that apply to this number of labels, texts stripped; the others are empty."""
    parts = {name: value.strip() if type(value) is str else value for name, value in parts_of(explanation).items()}
    return {part.name: parts[part.name] if part.stays_with(n_labels) else getattr(NOTHING_SAID, part.name) for part in PARTS}


def parts_in_common(explanations: Sequence[Explanation]) -> dict[str, Any]:
    """The parts on which explanations of the same labels agree; at least one explanation, earliest first."""
    return {part.name: part.in_common([getattr(explanation, part.name) for explanation in explanations]) for part in PARTS}


def parts_as_text(explanation: Explanation) -> dict[str, str]:
    """The parts as text for a form or a table; what was not said is empty."""
    return {name: str(value or "") for name, value in parts_of(explanation).items()}


def problems_of(explanation: Explanation, n_labels: int) -> dict[str, str]:
    """The problems of the parts, given this number of labels, by part."""
    problems = {part.name: part.problem(explanation, n_labels) for part in PARTS}
    return {name: problem for name, problem in problems.items() if problem}
