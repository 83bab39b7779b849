"""The rows and chips of a sheet: rendered once for each kind of label, and filled with its words once for each label.

What kind of label it is decides over its row: how many reference pictures it has, whether it has several names, and whether it has a
definition. What is another one on each sheet is put in last: the number of the row's key, and the name of its strip of reference pictures.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from markupsafe import Markup

from multilabelfy.dataset.model import Label
from multilabelfy.web.access.proxies import prefix
from multilabelfy.web.desk.found_labels import Ticked
from multilabelfy.web.language.viewer import viewer
from multilabelfy.web.page.rendering import environment
from multilabelfy.web.page.text.marked import Marked, mark
from multilabelfy.workflows.annotating.sheets import Option

KEPT = 4096


@dataclass(frozen=True, slots=True)
class _LabelKind:
    """What decides how a label's row looks, beside the study's protocol and the viewer's language."""

    has_several_names: bool
    has_definition: bool
    n_pictures: int


@dataclass(frozen=True, slots=True)
class _AnyLabel:
    """Any label of a kind."""

    names: tuple[str, ...]
    definition: str
    index: str = mark("label")
    name: str = mark("name")


@dataclass(frozen=True, slots=True)
class _AnyStrip:
    """A strip of so many reference pictures, under any name."""

    exemplars: range
    name: str = mark("strip")


@dataclass(frozen=True, slots=True)
class _AnyOption:
    """Any label of a kind with any strip."""

    label: _AnyLabel
    strip: _AnyStrip | None


def empty_row(option: Option, number: int, *, maybe: bool, lazy: bool) -> Markup:
    """The row of a label that is not ticked, under the key of this number; `lazy` pictures are fetched as they come into view."""
    strip = option.strip
    row = _row_of(viewer().language, prefix(), option.label, len(strip.exemplars) if strip else 0, maybe, lazy)
    return row.filled({"number": number, "strip": strip.name if strip else ""})


def empty_chip(option: Option) -> Markup:
    """The chip of a candidate that is not chosen."""
    return _chip_of(viewer().language, option.label)


@lru_cache(KEPT)
def _row_of(language: str, prefix: str, label: Label, n_pictures: int, maybe: bool, lazy: bool) -> Marked:
    """The row of a label: only its key and its strip are still to be named."""
    kind = _LabelKind(len(label.names) > 1, bool(label.definition), n_pictures)
    words = {"label": label.index, "name": label.name, "others": ", ".join(label.names[1:]), "definition": label.definition}
    return Marked(_row(language, prefix, kind, maybe, lazy).filled({**words, "number": mark("number"), "strip": mark("strip")}))


@lru_cache(KEPT)
def _chip_of(language: str, label: Label) -> Markup:
    return _chip(language).filled({"label": label.index, "name": label.name})


@cache
def _row(language: str, prefix: str, kind: _LabelKind, maybe: bool, lazy: bool) -> Marked:  # noqa: ARG001 – what it says and links to
    return Marked(_macros().label_row(_any(kind), mark("number"), Ticked(frozenset()), maybe, lazy=lazy))


@cache
def _chip(language: str) -> Marked:  # noqa: ARG001
    return Marked(_macros().chip(_any(_LabelKind(has_several_names=False, has_definition=False, n_pictures=0))))


def _any(kind: _LabelKind) -> _AnyOption:
    names = (mark("name"), mark("others")) if kind.has_several_names else (mark("name"),)
    label = _AnyLabel(names, mark("definition") if kind.has_definition else "")
    return _AnyOption(label, _AnyStrip(range(kind.n_pictures)) if kind.n_pictures else None)


def _macros() -> Any:
    """The macros of a template, as Jinja makes them."""
    return environment().get_template("desk/_label_row.html").module
