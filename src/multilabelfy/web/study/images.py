"""The images page: the gallery with filters from a fixed list, a page at a time."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query
from pydantic import Field
from starlette.responses import Response

from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.annotation.model import Annotator, AnnotatorId, Role
from multilabelfy.dataset.model import ImageId, ImageState, Label
from multilabelfy.errors import NotAllowed
from multilabelfy.refinement.image_filter import ImageFilter
from multilabelfy.refinement.model import EmptyReason
from multilabelfy.web.access.access import AnyExpert, current_person
from multilabelfy.web.language.formatting import number
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.language.translation import ngettext
from multilabelfy.web.language.words import GOLD_KINDS, REASONS, STATES
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import MOST, DatasetPage, Kept, Now, Served, address_of
from multilabelfy.workflows.analysing.analysis_cache import Analyses
from multilabelfy.workflows.owning import several as at_once
from multilabelfy.workflows.owning.gallery import GalleryPage, gallery_page
from multilabelfy.workflows.owning.labels import find_label, labels_like
from multilabelfy.workflows.owning.orders import Order
from multilabelfy.workflows.showing.addresses import has_pictures
from multilabelfy.workflows.team.teams import everyone_about
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/d/{dataset}/images")
Short = Annotated[str, Query(max_length=200)]
Choice = TypeVar("Choice", bound=StrEnum)
MOST_CHOSEN = 200
ORDERS: Mapping[str, str] = {
    Order.IMPORT: "as imported",
    Order.DISPUTED: "most disputed",
    Order.SUSPICIOUS: "given label most suspicious",
    Order.SCORE: "models surest",
    Order.LABELS: "most labels",
}
"""The orders, in the reader's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagesPage(DatasetPage):
    """The gallery. `asked` is what the filter's form holds, `problems` what is wrong with it, by field.

    `meant` is the label that each text was taken for, by the field's title.
    """

    gallery: GalleryPage
    asked: Mapping[str, str]
    problems: Mapping[str, str]
    people: Sequence[Annotator]
    meant: Sequence[tuple[str, Label]]
    states: Mapping[str, str]
    reasons: Mapping[str, str]
    next_page: str
    is_first: bool
    client_id: str
    order: Order = Order.IMPORT
    orders: Mapping[str, str] = field(default_factory=lambda: ORDERS)
    kinds: Mapping[str, str] = field(default_factory=lambda: GOLD_KINDS)
    done: str = ""
    refused: Sequence[tuple[int, str]] = ()
    chosen: Sequence[int] = ()
    problem: str = ""

    @property
    def first_wrong(self) -> str:
        """The first field of the filter, as the page has them, that does not fit; empty if all do."""
        return next((name for name in self.asked if name in self.problems), "")

    @property
    def lacks_why(self) -> bool:
        """Whether images are chosen, and nothing says why an expert should look at them."""
        return bool(self.problem and self.chosen)

    @property
    def query(self) -> str:
        """The filter and the order as the query of an address."""
        order = {} if self.order is Order.IMPORT else {"order": self.order.value}
        return urlencode({name: value for name, value in self.asked.items() if value} | order)

    @property
    def is_filtered(self) -> bool:
        """Whether any filter is set."""
        return any(self.asked.values())


@dataclass(frozen=True, slots=True)
class AskedImages:
    """What an address asks for: the filter's fields as they were written, the order, and behind which place to begin."""

    asked: Mapping[str, str]
    order: Order
    after: int


def asked_images(
    state: Short = "",
    label: Short = "",
    given: Short = "",
    text: Short = "",
    final: Short = "",
    n_labels: Short = "",
    reason: Short = "",
    annotator: Short = "",
    order: Short = "",
    after: Short = "",
) -> AskedImages:
    """The query of the page's address. An unknown order is that of the import."""
    asked = {"state": state, "label": label, "given": given, "final": final, "text": text, "n_labels": n_labels, "reason": reason}
    asked["annotator"] = annotator
    start = int(after) if after.isascii() and after.isdecimal() and len(after) < 10 else -1
    return AskedImages(asked, Order(order) if order in ORDERS else Order.IMPORT, start)


Asked = Annotated[AskedImages, Depends(asked_images)]


@router.get("")
def images(workspace: Served, analyses: Kept, person: AnyExpert, dataset: str, asked: Asked) -> Response:
    """The images that match the filter, after `after`. A value that is not valid is reported beside its field."""
    page = _page(workspace, analyses, person, dataset, asked)
    return render("study/images.html", page, 422 if page.problems else 200)


@router.get("/labels", dependencies=[Depends(current_person(Role.EXPERT))])
def completed(workspace: Served, dataset: str, q: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Labels that a text can become, as options of a field that completes what is typed."""
    return render("study/_completions.html", Completions(labels_like(workspace, dataset, q)), Cache_Control="private, max-age=60")


@router.post("/several")
def several(
    workspace: Served,
    analyses: Kept,
    now: Now,
    person: AnyExpert,
    dataset: str,
    asked: Asked,
    id: Annotated[str, Form(max_length=64)],
    do: Annotated[Literal["send", "gold"], Form()],
    image: Annotated[list[Annotated[int, Field(ge=0, le=MOST)]], Form(max_length=MOST_CHOSEN)] = [],  # noqa: B006 – FastAPI copies it
    why: Annotated[str, Form(max_length=3000)] = "",
    kind: Annotated[GoldKind, Form()] = GoldKind.TEST,
) -> Response:
    """Send the chosen images to an expert, or, for owners, make them gold; then the same page, with what was done."""
    if do == "gold" and not is_owner(person):
        raise NotAllowed(_("Only owners make images gold."))
    chosen = [ImageId(number) for number in image]
    if not chosen or (do == "send" and not why.strip()):
        problem = _("Choose images first.") if not chosen else _("Say why an expert should look again.")
        page = replace(_page(workspace, analyses, person, dataset, asked), problem=problem, chosen=chosen)
        return render("study/images.html", page, 422)
    if do == "send":
        done = at_once.send_to_experts(workspace, dataset, chosen, person, id, why, now)
        told = ngettext("%(n)s image was sent to an expert.", "%(n)s images were sent to an expert.", done.n_done)
    else:
        done = at_once.make_gold(workspace, dataset, chosen, person, kind, now)
        told = ngettext("%(n)s image is gold now.", "%(n)s images are gold now.", done.n_done)
    page = replace(_page(workspace, analyses, person, dataset, asked), done=told % {"n": number(done.n_done)}, refused=done.refused)
    return render("study/images.html", page)


@dataclass(frozen=True, slots=True)
class Completions:
    """Labels, the best match first."""

    labels: Sequence[Label]

    @property
    def options(self) -> Sequence[tuple[str, str]]:
        """What the field would hold, and beside it the label's other names. Of labels with one name, all but the first go by their keys."""
        first = {label.name: label.key for label in reversed(self.labels)}
        return [
            (label.name if first[label.name] == label.key else label.key, ", ".join(label.names[1:] or label.names))
            for label in self.labels
        ]


def _page(workspace: Workspace, analyses: Analyses, person: Annotator, dataset: str, query: AskedImages) -> ImagesPage:
    asked, start, order = query.asked, query.after, query.order
    reading = FilterReading(workspace, dataset, is_owner(person))
    wanted = reading.filter_of(asked)
    analysis = analyses.of(workspace, dataset) if order is Order.DISPUTED else None
    gallery = gallery_page(workspace, dataset, wanted, person, after=start, order=order, analysis=analysis)
    return ImagesPage(
        title="Images",
        person=person,
        dataset=dataset,
        has_pictures=has_pictures(workspace, dataset),
        section="images",
        gallery=gallery,
        asked=asked,
        problems=reading.problems,
        people=everyone_about(workspace, dataset) if is_owner(person) else [],
        meant=reading.meant,
        states=STATES,
        reasons=REASONS,
        next_page=_next_page(dataset, asked, order, gallery.next_after),
        is_first=start < 0,
        client_id=secrets.token_hex(16),
        order=order,
    )


class FilterReading:
    """Reads the filter's form: typed values for what is valid, a message by field for what is not."""

    def __init__(self, workspace: Workspace, dataset: str, sees_people: bool) -> None:
        self._workspace, self._dataset, self._sees_people = workspace, dataset, sees_people
        self.problems: dict[str, str] = {}
        self.meant: list[tuple[str, Label]] = []

    def filter_of(self, asked: Mapping[str, str]) -> ImageFilter:
        """The filter; a field with a problem is ignored."""
        label, given = self._label("label", _("Chosen label"), asked), self._label("given", _("Given label"), asked)
        final = self._label("final", _("Final label"), asked)
        return ImageFilter(
            state=self._choice("state", asked, ImageState),
            label=label.index if label else None,
            given_label=given.index if given else None,
            text=asked["text"].strip() or None,
            final_label=final.index if final else None,
            n_labels=self._number("n_labels", asked),
            reason=self._choice("reason", asked, EmptyReason),
            annotator=self._annotator(asked),
        )

    def _choice(self, field: str, asked: Mapping[str, str], kind: type[Choice]) -> Choice | None:
        if not asked[field]:
            return None
        try:
            return kind(asked[field])
        except ValueError:
            refusal = _("There is no state “%(value)s”.") if field == "state" else _("There is no reason “%(value)s”.")
            self.problems[field] = refusal % {"value": asked[field]}
            return None

    def _number(self, field: str, asked: Mapping[str, str]) -> int | None:
        written = asked[field].strip()
        if written and not (written.isascii() and written.isdecimal() and len(written) < 6):
            self.problems[field] = _("The number of labels must be a whole number, 0 or more.")
            return None
        return int(written) if written else None

    def _label(self, field: str, title: str, asked: Mapping[str, str]) -> Label | None:
        if not asked[field].strip():
            return None
        label = find_label(self._workspace, self._dataset, asked[field].strip())
        if label is None:
            self.problems[field] = _("No label matches “%(query)s”.") % {"query": asked[field]}
        else:
            self.meant.append((title, label))
        return label

    def _annotator(self, asked: Mapping[str, str]) -> AnnotatorId | None:
        number = self._number("annotator", asked) if self._sees_people else None
        return None if number is None else AnnotatorId(number)


def is_owner(person: Annotator) -> bool:
    """Whether names of annotators may be shown."""
    return person.role is Role.OWNER


def _next_page(dataset: str, asked: Mapping[str, str], order: Order, next_after: int | None) -> str:
    if next_after is None:
        return ""
    ordered = {} if order is Order.IMPORT else {"order": order.value}
    query = {**{name: value for name, value in asked.items() if value}, **ordered, "after": next_after}
    return f"{address_of(dataset)}/images?{urlencode(query)}"
