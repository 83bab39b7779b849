"""Read the form of a protocol's values, each with a message where it does not fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from multilabelfy.annotation.protocol import AnnotationProtocol, CandidateOrder, RefinementStyle
from multilabelfy.errors import AnswerRefused


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number in the form: its name, its words, and between what it lies."""

    name: str
    title: str
    hint: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Switch:
    """A yes or no in the form."""

    name: str
    title: str
    hint: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few values."""

    name: str
    title: str
    options: Mapping[str, str] = field(default_factory=dict)


NUMBERS = (
    Whole("overlap", "Annotators an image", "How many people answer each image, blind to each other.", 1, 20),
    Whole("n_candidates", "Candidates an image", "How many labels are put before an annotator.", 1, 100),
    Whole("group_size", "Labels in view", "How many of them are in view at a time; each has a key.", 1, 9),
    Whole("n_decoys", "Decoys", "Lower-ranked labels beside a given label that no model proposed, so that it does not stand out.", 0, 10),
)
SWITCHES = (
    Switch("maybe_allowed", "Maybe", "Three answers a label: yes, maybe, no."),
    Switch("all_groups_required", "All must be seen", "An answer is saved only when every candidate was in view."),
    Switch("given_label_always", "Given label", "The label an image came with is always among the candidates."),
    Switch("relation_asked", "Relation", "With two or more labels: are they several objects, or several names of one?"),
)
CHOICES = (
    Choice(
        "order",
        "Order of the candidates",
        {CandidateOrder.RANKED: "as the model ranked them", CandidateOrder.SEEDED: "shuffled for each annotator"},
    ),
    Choice(
        "refinement",
        "What experts see",
        {RefinementStyle.OPEN: "votes and notes from the start", RefinementStyle.BLIND: "nothing until they have answered, then the votes"},
    ),
)


def protocol_of(form: FormData) -> AnnotationProtocol:
    """The protocol in a form. Raises AnswerRefused with a message for each field."""
    problems: dict[str, str] = {}
    numbers = {one.name: _whole(form, one, problems) for one in NUMBERS}
    chosen = {one.name: _chosen(form, one, problems) for one in CHOICES}
    if problems:
        raise AnswerRefused(problems)
    return AnnotationProtocol(
        preset="",
        overlap=numbers["overlap"],
        n_candidates=numbers["n_candidates"],
        group_size=numbers["group_size"],
        n_decoys=numbers["n_decoys"],
        order=CandidateOrder(chosen["order"]),
        refinement=RefinementStyle(chosen["refinement"]),
        maybe_allowed="maybe_allowed" in form,
        all_groups_required="all_groups_required" in form,
        given_label_always="given_label_always" in form,
        relation_asked="relation_asked" in form,
    )


def as_sent(form: FormData) -> dict[str, object]:
    """What stands in the form when it comes back with what does not fit."""
    texts: dict[str, object] = {one.name: str(form.get(one.name, "")) for one in (*NUMBERS, *CHOICES)}
    return texts | {one.name: one.name in form for one in SWITCHES}


def _whole(form: FormData, one: Whole, problems: dict[str, str]) -> int:
    said = str(form.get(one.name, "")).strip()
    if said.isascii() and said.isdecimal() and len(said) < 6 and one.least <= int(said) <= one.most:
        return int(said)
    problems[one.name] = f"A whole number from {one.least} to {one.most}, please."
    return one.least


def _chosen(form: FormData, one: Choice, problems: dict[str, str]) -> str:
    said = str(form.get(one.name, ""))
    if said not in one.options:
        problems[one.name] = "Choose one of these."
    return said
