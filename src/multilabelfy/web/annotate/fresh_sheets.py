"""Render sheets to answer: what all of a study's fresh sheets share is rendered once, and what differs is put in.

Most sheets are fresh: nothing stands in their forms yet. Two of them differ in their numbers, their picture and their labels alone, and
rendering all the rest again would cost more than everything else that a step does. Several people get the same picture, soon after each
other. If its labels stand in the same order for all, it is put together and compressed once: their sheets differ in three numbers. A
sheet with an answer in it is rendered as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.dataset.model import Label
from multilabelfy.web.annotate.answer_form import EMPTY
from multilabelfy.web.annotate.sheet_view import SheetView
from multilabelfy.web.desk.rows import empty_chip, empty_row
from multilabelfy.web.language.viewer import viewer
from multilabelfy.web.page.rendering import rendered
from multilabelfy.web.page.text.marked import Marked, mark
from multilabelfy.web.page.text.packed import PackedText, Piece, deflated, in_json
from multilabelfy.workflows.annotating.sheets import Sheet

KEPT = 256


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a fresh sheet shares with others: the viewer's language and keys, the study's page, its protocol, and how many fives it has."""

    language: str
    keys: tuple[object, ...]
    address: str
    protocol: AnnotationProtocol
    versions: tuple[int, int]
    fives: tuple[int, ...]
    is_practice: bool
    by_search_first: bool


@dataclass(frozen=True, slots=True)
class _AnyOptionAt:
    """Whichever label stands at this place: the number of its five from 0, and its number in the five from 1."""

    five: int
    number: int


@dataclass(frozen=True, slots=True)
class _AnyView(SheetView):
    """A sheet with marks where fresh sheets differ."""

    @property
    def references(self) -> str:
        """Which reference pictures stand beside which label."""
        return mark("references")

    def row(self, option: Any) -> Markup:
        """The mark of a row."""
        return Markup(mark(f"row-{option.five}-{option.number}"))  # noqa: S704 – a mark has nothing to escape

    def chip(self, option: Any) -> Markup:
        """The mark of a chip."""
        return Markup(mark(f"chip-{option.five}-{option.number}"))  # noqa: S704


@dataclass(frozen=True, slots=True)
class SheetsPage:
    """Sheets alone, for a page that is open."""

    views: Sequence[SheetView]


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A fresh sheet as a page shows it, and as an answer in JSON brings it."""

    shown: Marked
    packed: PackedText


@dataclass(frozen=True, slots=True)
class _SharedSheet:
    """What everybody's fresh sheet of a picture shares, if they see its labels in the same order: the kind of sheet, its picture, its
    labels and their strips."""

    kind: _Kind
    picture: str
    labels: tuple[tuple[Label, str], ...]
    view: SheetView = field(compare=False)


def sheet_html(view: SheetView) -> str:
    """One sheet."""
    return _fresh(view).shown.filled(_own(view)) if _is_fresh(view) else _drawn(view)


def sheet_pieces(view: SheetView) -> list[Piece]:
    """The same as pieces of a text in JSON."""
    return _fresh(view).packed.filled(_own(view)) if _is_fresh(view) else [deflated(in_json(_drawn(view)))]


def _is_fresh(view: SheetView) -> bool:
    return not (view.sheet.earlier or view.added or view.filled != EMPTY)


def _drawn(view: SheetView) -> str:
    return rendered("annotate/_sheets.html", SheetsPage([view]))


def _fresh(view: SheetView) -> _Fresh:
    labels = tuple([(option.label, option.strip.name if option.strip else "") for option in view.sheet.options()])
    return _of_picture(_SharedSheet(_kind_of(view), view.picture, labels, view))


def _own(view: SheetView) -> dict[str, object]:
    """What is another one on each sheet, by mark."""
    return {"assignment": view.sheet.assignment, "rendered": view.rendered, "id": view.client_id}


@lru_cache(KEPT)
def _of_picture(shared: _SharedSheet) -> _Fresh:
    """The sheet of a picture for whoever gets it: only their own numbers are still to be put in."""
    own = {name: mark(name) for name in ("assignment", "rendered", "id")}
    shown = Marked(_marked(shared.kind).filled(own | _values(shared.view)))
    return _Fresh(shown, PackedText(shown))


def _kind_of(view: SheetView) -> _Kind:
    sheet, seen = view.sheet, viewer()
    return _Kind(
        language=seen.language,
        keys=(seen.preferences.keys_on, *sorted(seen.preferences.keys.items())),
        address=view.address,
        protocol=sheet.protocol,
        versions=(sheet.protocol_version, sheet.guidelines_version),
        fives=tuple(len(group) for group in sheet.groups),
        is_practice=sheet.is_practice,
        by_search_first=sheet.by_search_first,
    )


@lru_cache(KEPT)
def _marked(kind: _Kind) -> Marked:
    """A sheet of this kind with marks. It is made for the viewer whose language and keys the kind names."""
    groups: Any = tuple(tuple(_AnyOptionAt(five, number + 1) for number in range(size)) for five, size in enumerate(kind.fives))
    number: Any = mark("assignment")
    sheet = Sheet(
        assignment=number,
        picture="",
        groups=groups,
        protocol=kind.protocol,
        protocol_version=kind.versions[0],
        guidelines_version=kind.versions[1],
        earlier=None,
        is_practice=kind.is_practice,
        by_search_first=kind.by_search_first,
    )
    view = _AnyView(sheet, kind.address, picture=mark("picture"), rendered=mark("rendered"), client_id=mark("id"))
    return Marked(rendered("annotate/_sheets.html", SheetsPage([view])))


def _values(view: SheetView) -> dict[str, object]:
    """What differs from picture to picture, by mark."""
    maybe = view.sheet.protocol.maybe_allowed
    values: dict[str, object] = {"picture": view.picture, "references": view.references}
    for five, group in enumerate(view.sheet.groups):
        for number, option in enumerate(group, start=1):
            values[f"row-{five}-{number}"] = empty_row(option, number, maybe=maybe, lazy=five > 0)
            values[f"chip-{five}-{number}"] = empty_chip(option)
    return values
