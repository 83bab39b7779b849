"""The images page: the gallery with filters from a fixed list, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from multilabelfy.annotation.model import Annotator, AnnotatorId, Role
from multilabelfy.dataset.model import ImageState, Label
from multilabelfy.refinement.image_filter import ImageFilter
from multilabelfy.refinement.model import EmptyReason
from multilabelfy.web.access.access import AnyExpert
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.language.words import REASONS, STATES
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import DatasetPage, Served, address_of
from multilabelfy.workflows.owning.gallery import GalleryPage, gallery_page
from multilabelfy.workflows.owning.labels import find_label
from multilabelfy.workflows.upkeep.people import everyone
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/d/{dataset}/images")
Short = Annotated[str, Query(max_length=200)]
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagesPage(DatasetPage):
    """The gallery. `asked` is what the filter's form holds, `problems` what is wrong with it, by field."""

    gallery: GalleryPage
    asked: Mapping[str, str]
    problems: Mapping[str, str]
    people: Sequence[Annotator]
    label: Label | None
    states: Mapping[str, str]
    reasons: Mapping[str, str]
    next_page: str
    is_first: bool

    @property
    def query(self) -> str:
        """The filter as the query of an address."""
        return urlencode({name: value for name, value in self.asked.items() if value})

    @property
    def is_filtered(self) -> bool:
        """Whether any filter is set."""
        return any(self.asked.values())


@router.get("")
def images(
    workspace: Served,
    person: AnyExpert,
    dataset: str,
    state: Short = "",
    label: Short = "",
    given: Short = "",
    text: Short = "",
    n_labels: Short = "",
    reason: Short = "",
    annotator: Short = "",
    after: Short = "",
) -> Response:
    """The images that match the filter, after `after`. A value that is not valid is reported beside its field."""
    asked = {"state": state, "label": label, "given": given, "text": text, "n_labels": n_labels, "reason": reason, "annotator": annotator}
    reading = FilterReading(workspace, dataset, is_owner(person))
    wanted = reading.filter_of(asked)
    start = int(after) if after.isascii() and after.isdecimal() and len(after) < 10 else -1
    gallery = gallery_page(workspace, dataset, wanted, person, after=start)
    page = ImagesPage(
        title="Images",
        person=person,
        dataset=dataset,
        section="images",
        gallery=gallery,
        asked=asked,
        problems=reading.problems,
        people=everyone(workspace) if is_owner(person) else [],
        label=reading.label,
        states=STATES,
        reasons=REASONS,
        next_page=_next_page(dataset, asked, gallery.next_after),
        is_first=start < 0,
    )
    return render("study/images.html", page, 422 if reading.problems else 200)


class FilterReading:
    """Reads the filter's form: typed values for what is valid, a message by field for what is not."""

    def __init__(self, workspace: Workspace, dataset: str, sees_people: bool) -> None:
        self._workspace, self._dataset, self._sees_people = workspace, dataset, sees_people
        self.problems: dict[str, str] = {}
        self.label: Label | None = None

    def filter_of(self, asked: Mapping[str, str]) -> ImageFilter:
        """The filter; a field with a problem is ignored."""
        self.label = self._label("label", asked)
        given = self._label("given", asked)
        return ImageFilter(
            state=self._choice("state", asked, ImageState),
            label=self.label.index if self.label else None,
            given_label=given.index if given else None,
            text=asked["text"].strip() or None,
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

    def _label(self, field: str, asked: Mapping[str, str]) -> Label | None:
        if not asked[field].strip():
            return None
        label = find_label(self._workspace, self._dataset, asked[field].strip())
        if label is None:
            self.problems[field] = _("No label matches “%(query)s”.") % {"query": asked[field]}
        return label

    def _annotator(self, asked: Mapping[str, str]) -> AnnotatorId | None:
        number = self._number("annotator", asked) if self._sees_people else None
        return None if number is None else AnnotatorId(number)


def is_owner(person: Annotator) -> bool:
    """Whether names of annotators may be shown."""
    return person.role is Role.OWNER


def _next_page(dataset: str, asked: Mapping[str, str], next_after: int | None) -> str:
    if next_after is None:
        return ""
    query = {**{name: value for name, value in asked.items() if value}, "after": next_after}
    return f"{address_of(dataset)}/images?{urlencode(query)}"
