"""After a practice picture: what was right, what was missed and why. The only page that reveals gold to a person."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from multilabelfy.annotation.model import AssignmentId
from multilabelfy.web.access.access import AnyAnnotator
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import DatasetPage, Number, Served, address_of
from multilabelfy.workflows.annotating.practice import Feedback, feedback

router = APIRouter(prefix="/d/{dataset}/annotate")


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticePage(DatasetPage):
    """An answer beside the known labels; `edge` is the picture's greatest side in pixels."""

    feedback: Feedback
    assignment: int
    edge: int


@router.get("/{assignment:int}/feedback")
def practice_feedback(workspace: Served, person: AnyAnnotator, dataset: str, assignment: Number) -> Response:
    """What was right; before there is an answer, the picture itself."""
    shown = feedback(workspace, dataset, person, AssignmentId(assignment))
    if shown is None:
        return RedirectResponse(f"{address_of(dataset)}/annotate", 303)
    page = PracticePage(
        title="Practice",
        person=person,
        dataset=dataset,
        section="annotate",
        feedback=shown,
        assignment=assignment,
        edge=workspace.settings.picture_edge,
    )
    return render("annotate/practice.html", page, Cache_Control="no-store")
