"""The refine page's filter: what its form asks for, what is wrong with it, and its words; it stays in every address of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request

from multilabelfy.annotation.model import Annotator
from multilabelfy.disagreement.comparison import Why
from multilabelfy.refinement.image_filter import CaseFilter
from multilabelfy.web.language.formatting import who as shown_name
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.language.words import WHYS
from multilabelfy.workflows.owning.labels import find_label
from multilabelfy.workflows.refining.filters import annotators_without_names
from multilabelfy.workflows.workspace import Workspace

LONGEST = 100
"""Of a longer text only the beginning is looked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The filter's form as text: a label, another one that was chosen instead of it, whose answers, and why the image is disputed.

    `quick` is "1" where a case is the end of an image that was asked label by label: after it the quick page goes on.
    """

    label: str = ""
    other: str = ""
    annotator: str = ""
    why: str = ""
    quick: str = ""

    @property
    def page(self) -> str:
        """Which page goes on after a case, below the dataset's address."""
        return "refine/quick" if self.quick else "refine"

    @property
    def query(self) -> str:
        """The filter as the query of an address, without a question mark; empty where it asks nothing."""
        values = {"label": self.label, "other": self.other, "annotator": self.annotator, "why": self.why, "quick": self.quick}
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def only(self) -> str:
        """The same as what an address ends with: with a question mark, or empty."""
        return f"?{self.query}" if self.query else ""


async def asked_of(request: Request) -> Asked:
    """The filter in an address."""
    label, other, annotator, why, quick = (
        request.query_params.get(name, "").strip()[:LONGEST] for name in ("label", "other", "annotator", "why", "quick")
    )
    return Asked(label, other, annotator, why, "1" if quick == "1" else "")


Filtered = Annotated[Asked, Depends(asked_of)]


@dataclass(frozen=True, slots=True)
class FilterView:
    """The filter as its form shows it: `summary` puts it in words, `problems` lists what is wrong, by field."""

    asked: Asked
    wanted: CaseFilter
    summary: str = ""
    annotators: Sequence[tuple[str, str]] = ()
    whys: Mapping[str, str] = field(default_factory=lambda: WHYS)
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """Without a question mark."""
        return self.asked.query

    @property
    def only(self) -> str:
        """The filter as what an address ends with."""
        return self.asked.only

    @property
    def and_only(self) -> str:
        """The same, appended to another query."""
        return f"&{self.query}" if self.query else ""

    @property
    def problem(self) -> str:
        """All problems as one text."""
        return " ".join(self.problems.values())


def filter_view(workspace: Workspace, dataset: str, person: Annotator, asked: Asked) -> FilterView:
    """Read a filter; a field with a problem is ignored and reported."""
    problems: dict[str, str] = {}
    people = annotators_without_names(workspace, dataset, person)
    labels = {name: _label(workspace, dataset, name, text, problems) for name, text in (("label", asked.label), ("other", asked.other))}
    if asked.other and not asked.label:
        problems["other"] = _("Name both labels of the pair.")
    if asked.annotator and asked.annotator not in people:
        problems["annotator"] = _("Nobody with this name has answered here.")
    if asked.why and asked.why not in WHYS:
        problems["why"] = _("There is no such reason.")
    who = people.get(asked.annotator)
    wanted = CaseFilter(
        label=labels["label"][0],
        other=labels["other"][0] if asked.label else None,
        annotators=frozenset({who[0]}) if who else None,
        why=Why(asked.why) if asked.why in WHYS else None,
    )
    names = [name for _number, name in labels.values() if name]
    parts = [_(" or ").join(names), shown_name(who[1]) if who else "", _(WHYS[asked.why]) if asked.why in WHYS else ""]
    summary = ", ".join(part for part in parts if part)
    return FilterView(asked, wanted, summary, [(code, shown_name(words)) for code, (_id, words) in people.items()], problems=problems)


def _label(workspace: Workspace, dataset: str, name: str, text: str, problems: dict[str, str]) -> tuple[int | None, str]:
    if not text:
        return None, ""
    label = find_label(workspace, dataset, text)
    if label is None:
        problems[name] = _("No label matches “%s”.") % text
        return None, ""
    return label.index, label.name
