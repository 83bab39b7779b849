"""One label's page: what it means, how often it was given and chosen, what it is mixed up with, and its reference pictures in order."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from multilabelfy.disagreement.small_groups import SMALLEST_GROUP
from multilabelfy.web.access.access import FOR_OWNERS, AnyExpert
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import MOST, DatasetPage, Kept, Number, Served, address_of
from multilabelfy.workflows.owning.labels import LabelDetail, Move, label_detail, move_reference

router = APIRouter(prefix="/d/{dataset}/labels/{index:int}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OneLabelPage(DatasetPage):
    """The label in full."""

    detail: LabelDetail
    smallest_group: int = SMALLEST_GROUP


@router.get("")
def label(workspace: Served, analyses: Kept, person: AnyExpert, dataset: str, index: Number) -> Response:
    """The label's page. Raises UnknownLabel."""
    detail = label_detail(workspace, dataset, index, analyses.of(workspace, dataset), person)
    return render(
        "study/label.html", OneLabelPage(title=detail.label.name, person=person, dataset=dataset, section="labels", detail=detail)
    )


@router.post("/references", dependencies=FOR_OWNERS)
def move(
    workspace: Served,
    dataset: str,
    index: Number,
    picture: Annotated[int, Form(ge=0, le=MOST)],
    move: Annotated[Move, Form()],
) -> Response:
    """Reorder, remove or restore a reference picture; a removed one can be brought back."""
    move_reference(workspace, dataset, index, picture, move)
    return RedirectResponse(f"{address_of(dataset)}/labels/{index}", 303)
