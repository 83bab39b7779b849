"""The analysis plan of a study: what is asked, what counts as valid and what will be measured, fixed before anybody votes.

A plan is one text in Markdown under fixed headings, with the protocol written out by the program. The text is brought into one form
(Unicode NFC, LF, no space at the ends of lines, no empty lines in a row), so that its SHA-256 is the same on any machine, and that of
`sha256sum` over the file that is downloaded.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.annotation.study.overlap_words import stopping_rule_text
from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.errors import AnswerRefused

MOST_CHARACTERS = 20_000
PROTOCOL = "Protocol"
HEADING = re.compile(r"^ {0,3}#{1,2}(\s|$)")


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a plan: its name in forms, its heading, what belongs there, and its default text."""

    name: str
    heading: str
    hint: str
    default: str


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """One version: the plan is number 1, amendments follow. `n_answers` is how many there were when it was frozen (None: a draft)."""

    version: int
    text: str
    sha256: str
    author: AnnotatorId | None
    created_at: datetime
    frozen_at: datetime | None
    n_answers: int | None

    @property
    def is_frozen(self) -> bool:
        """Whether it can change no more."""
        return self.frozen_at is not None


SECTIONS = (
    Section(
        "question",
        "Question",
        "What the study asks.",
        "How many images have several valid labels, how often is the given label not valid, and how do models fare on the final labels?",
    ),
    Section(
        "parts",
        "Valid: parts",
        "When a part of an object makes its label valid.",
        "A label is valid where the part that is visible identifies the object without guessing. A label of the part itself is valid where "
        "the part can be seen.",
    ),
    Section(
        "depictions",
        "Valid: depictions",
        "Drawings, pictures in pictures, text, screens, mirrors.",
        "A depiction (a drawing, a print, a picture on a screen) is valid for what it depicts, and the note says so. Text that names an "
        "object is not valid for it.",
    ),
    Section(
        "toys",
        "Valid: toys and models",
        "Toys, models, statues, costumes.",
        "A toy, a model or a statue is valid for what it stands for where that is what most people would call it, and for “toy” labels.",
    ),
    Section(
        "background",
        "Valid: background and small objects",
        "What lies behind, is small or is cut off.",
        "An object in the background is valid where it can be named without the context. Size does not matter; what cannot be told does "
        "not count.",
    ),
    Section(
        "measures",
        "Measures",
        "What will be reported, by which rule, with which intervals, and which comparison is the main one.",
        "Main measure: the share of images with at least two valid labels among the final labels, with its 95% interval, over all images "
        "and over those with any label. Beside it: the share by unanimous, majority and union of the votes; the share of given labels that "
        "are not valid; agreement as positive agreement with prevalence, and on sets; of models top-1, ReaL accuracy and variable top-k.",
    ),
    Section(
        "exclusions",
        "Exclusions and stopping",
        "Which images, answers or people are left out, and when the study ends.",
        "No answer is left out for what it says. Unreadable and unfit pictures are reported as such. The study ends when every image has "
        "its answers and no dispute is open; what is unresolved is listed.",
    ),
)


def plan_text(dataset: str, protocol: AnnotationProtocol, sections: Mapping[str, str]) -> str:
    """The plan as one canonical text; a missing section is empty. Raises AnswerRefused by section.

    A section may not hold headings of the first two levels, since those part the sections, and 20,000 characters at most.
    """
    parts = {section.name: canonical(sections.get(section.name, "")) for section in SECTIONS}
    problems = {name: problem for name, text in parts.items() if (problem := _problem(text))}
    if problems:
        raise AnswerRefused(problems)
    blocks = [f"# Analysis plan: {dataset}", f"## {PROTOCOL}", _protocol_text(protocol)]
    blocks += [f"Policy and stopping rule: {stopping_rule_text(protocol)}"] if protocol.is_adaptive else []
    for section in SECTIONS:
        blocks += [f"## {section.heading}", parts[section.name] or "Nothing is said."]
    return canonical("\n\n".join(blocks)) + "\n"


def sections_of(text: str) -> dict[str, str]:
    """The sections of a text that `plan_text` wrote, or that a person wrote under the same headings; other headings are refused.

    The protocol is left out: it is written by the program. Raises AnswerRefused.
    """
    by_heading = {section.heading: section.name for section in SECTIONS}
    parts: dict[str, str] = {}
    for block in re.split(r"^## ", f"\n{canonical(text)}", flags=re.MULTILINE)[1:]:
        heading, _, body = block.partition("\n")
        if heading.strip() not in (*by_heading, PROTOCOL):
            raise AnswerRefused({"text": f"“{heading.strip()}” is not a section of a plan. The sections are: {', '.join(by_heading)}."})
        if heading.strip() in by_heading:
            parts[by_heading[heading.strip()]] = canonical(body)
    return parts


def changed_since(text: str, protocol: AnnotationProtocol) -> tuple[str, ...]:
    """The names of the protocol's values that differ from those in a plan's text; one that the text lacks counts if it is set."""
    written = dict(re.findall(r"^- (\w+): (.*)$", text.partition(f"\n## {SECTIONS[0].heading}\n")[0], flags=re.MULTILINE))
    unset = asdict(AnnotationProtocol(preset=""))
    now = {name: _value(value) for name, value in asdict(protocol).items()}
    return tuple(name for name, value in now.items() if name != "preset" and value != written.get(name, _value(unset[name])))


def default_sections() -> dict[str, str]:
    """The sections of a new plan."""
    return {section.name: section.default for section in SECTIONS}


def canonical(text: str) -> str:
    """A text in its canonical form.

    >>> canonical("a \\r\\n\\r\\n\\r\\nb\\n")
    'a\\n\\nb'
    """
    lines = [line.rstrip() for line in unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def plan_hash(text: str) -> str:
    """The SHA-256 of a plan's text in UTF-8, 64 hex digits."""
    return sha256(text.encode()).hexdigest()


def _problem(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        return f"The text has {len(text):,} characters; at most {MOST_CHARACTERS:,} are allowed."
    if any(HEADING.match(line) for line in text.split("\n")):
        return "Headings here begin with ###: # and ## separate the sections of the plan."
    return ""


def _protocol_text(protocol: AnnotationProtocol) -> str:
    """Every value of the protocol, in the order in which they are defined."""
    return "\n".join(f"- {name}: {_value(value)}" for name, value in asdict(protocol).items())


def _value(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
