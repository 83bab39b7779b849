"""The labels most often mixed up with one, side by side, for the card of a label: fetched when the card opens."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from multilabelfy.annotation.model import AssignmentId
from multilabelfy.web.access.access import AnyAnnotator
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import Number, Served
from multilabelfy.workflows.annotating.neighbours import Neighbours, neighbours

router = APIRouter(prefix="/d/{dataset}/neighbours")


@dataclass(frozen=True, slots=True)
class NeighboursPage:
    """The neighbours of one label."""

    neighbours: Neighbours


@router.get("/{assignment:int}/{label:int}")
def beside(workspace: Served, person: AnyAnnotator, dataset: str, assignment: Number, label: Number) -> Response:
    """A fragment with the neighbours; empty where there are none."""
    label_neighbours = neighbours(workspace, dataset, person, AssignmentId(assignment), label)
    return render("desk/_neighbours.html", NeighboursPage(label_neighbours), Cache_Control="private, max-age=300")
