"""What is said of a set of labels beside its labels: why it is empty, how its labels relate. One record a part.

A decision, the refinement that is kept of it and the final labels of a release carry the same parts: `Explanation` is their base. What each
does with them (check, keep, store, fill a form, show, export) is made from PARTS, so that a further part is a field and a record
here. A field without its record fails when this module is imported.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, TypeVar

from multilabelfy.annotation.model import Relation
from multilabelfy.annotation.study.protocol import AnnotationProtocol
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
    """One part: its name, what it holds (a sentence, for data cards), its values (None: a text) with the words for each (pages translate
    them) and those that experts may choose, with how many labels it means anything, whether a protocol asks for it with so many labels,
    what stands where several experts agree on the labels, and what is wrong with it in an explanation of so many labels ("" where
    nothing is)."""

    name: str
    meaning: str
    choices: type[StrEnum] | None
    words: Mapping[StrEnum, str]
    to_choose: Collection[StrEnum]
    stays_with: Callable[[int], bool]
    is_asked: Callable[[AnnotationProtocol, int], bool]
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


def complete(parts: Iterable[Part], kind: type[Explanation]) -> tuple[Part, ...]:
    """These parts in the order of the fields of `kind`. Raises LookupError where a field has no record, or a record no field."""
    by_name = {part.name: part for part in parts}
    names = [field.name for field in fields(kind)]
    alone = sorted(by_name.keys() ^ set(names))
    if alone:
        raise LookupError(f"Each field of {kind.__name__} has its record in PARTS, and each record its field; not so: {', '.join(alone)}.")
    return tuple(by_name[name] for name in names)


RELATION_WORDS: Mapping[StrEnum, str] = {
    Relation.SEVERAL_OBJECTS: "several objects",
    Relation.SEVERAL_NAMES: "one object, several names",
    Relation.BOTH: "both",
}
_RECORDS = (
    Part(
        name="reason",
        meaning="Why no label is valid.",
        choices=EmptyReason,
        words={reason: REASONS[reason].words for reason in EmptyReason},
        to_choose=REASONS_TO_CHOOSE,
        stays_with=lambda n_labels: n_labels == 0,
        is_asked=lambda protocol, n_labels: n_labels == 0,  # noqa: ARG005 – under every protocol
        in_common=first,
        problem=_reason_problem,
    ),
    Part(
        name="reason_note",
        meaning="Why no label is valid, in an expert's own words.",
        choices=None,
        words={},
        to_choose=(),
        stays_with=lambda n_labels: n_labels == 0,
        is_asked=lambda protocol, n_labels: False,  # noqa: ARG005 – it comes with a reason
        in_common=first,
        problem=_note_problem,
    ),
    Part(
        name="relation",
        meaning="How several labels relate: several objects, several names of one object, or both.",
        choices=Relation,
        words={relation: RELATION_WORDS[relation] for relation in Relation},
        to_choose=tuple(Relation),
        stays_with=lambda n_labels: n_labels > 1,
        is_asked=lambda protocol, n_labels: protocol.relation_asked and n_labels > 1,
        in_common=common,
        problem=_no_problem,
    ),
)
PARTS = complete(_RECORDS, Explanation)
CHOSEN_PARTS = tuple(part for part in PARTS if part.choices)
"""The parts with values to choose from: not the texts."""
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


def parts_asked(protocol: AnnotationProtocol, n_labels: int) -> tuple[str, ...]:
    """The names of the parts for which an expert is asked once so many labels are valid."""
    return tuple(part.name for part in PARTS if part.is_asked(protocol, n_labels))


def problems_of(explanation: Explanation, n_labels: int) -> dict[str, str]:
    """The problems of the parts, given this number of labels, by part."""
    problems = {part.name: part.problem(explanation, n_labels) for part in PARTS}
    return {name: problem for name, problem in problems.items() if problem}
