"""The rows and chips of a sheet, rendered once for each label and not once for each sheet.

What stands in a row beside the label's own words is put in afterwards: the number of its key, which makes at most ten rows of one, and the
name of its strip of reference pictures, which is another one beside each picture.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from multilabelfy.dataset.model import Label
from multilabelfy.web.access.proxies import prefix
from multilabelfy.web.desk.found_labels import Ticked
from multilabelfy.web.language.viewer import viewer
from multilabelfy.web.page.marked import Marked, mark
from multilabelfy.web.page.rendering import environment
from multilabelfy.workflows.annotating.sheets import Option

KEPT = 4096


@dataclass(frozen=True, slots=True)
class _AnyStrip:
    """A strip of so many reference pictures, under any name."""

    exemplars: range
    name: str = mark("strip")


@dataclass(frozen=True, slots=True)
class _AnyOption:
    """A label with any strip."""

    label: Label
    strip: _AnyStrip | None


def empty_row(option: Option, number: int, *, maybe: bool, lazy: bool) -> Markup:
    """The row of a label that is not ticked, under the key of this number; `lazy` pictures are fetched as they come into view."""
    n_pictures = len(option.strip.exemplars) if option.strip else 0
    row = _row_under(viewer().language, prefix(), option.label, n_pictures, maybe, lazy, number)
    return row.filled({"strip": option.strip.name}) if option.strip else row.filled({})


def empty_chip(option: Option) -> Markup:
    """The chip of a candidate that is not chosen."""
    return _chip(viewer().language, option.label)


@lru_cache(KEPT)
def _row_under(language: str, prefix: str, label: Label, n_pictures: int, maybe: bool, lazy: bool, number: int) -> Marked:
    """The row of a label under the key of this number: only its strip is still to be named."""
    return Marked(_row(language, prefix, label, n_pictures, maybe, lazy).filled({"number": number, "strip": mark("strip")}))


@lru_cache(KEPT)
def _row(language: str, prefix: str, label: Label, n_pictures: int, maybe: bool, lazy: bool) -> Marked:  # noqa: ARG001 – what it says and links to
    option = _AnyOption(label, _AnyStrip(range(n_pictures)) if n_pictures else None)
    return Marked(_macros().label_row(option, mark("number"), Ticked(frozenset()), maybe, lazy=lazy))


@lru_cache(KEPT)
def _chip(language: str, label: Label) -> Markup:  # noqa: ARG001
    chip: Markup = _macros().chip(_AnyOption(label, None))
    return chip


def _macros() -> Any:
    """The macros of a template, as Jinja makes them."""
    return environment().get_template("desk/_label_row.html").module
