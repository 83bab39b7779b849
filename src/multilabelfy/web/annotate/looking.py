"""An owner's first look at Annotate: nothing is handed out until they say that they want to annotate."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from multilabelfy.annotation.model import Annotator
from multilabelfy.web.access.access import AnyAnnotator
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import DatasetPage, Now, Served, address_of
from multilabelfy.workflows.annotating import desk
from multilabelfy.workflows.annotating.desk import Progress
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/d/{dataset}/annotate")


@dataclass(frozen=True, slots=True, kw_only=True)
class LookingPage(DatasetPage):
    """What an owner sees instead of a picture, and how far the study is."""

    progress: Progress


def looking_page(workspace: Workspace, person: Annotator, dataset: str) -> Response:
    """The page that hands out nothing."""
    progress = desk.work_so_far(workspace, dataset, person).progress
    page = LookingPage(title="Annotate", person=person, dataset=dataset, section="annotate", progress=progress)
    return render("annotate/looking.html", page)


@router.post("/begin")
def begin(workspace: Served, now: Now, person: AnyAnnotator, dataset: str) -> Response:
    """Take the first picture, and annotate from now on."""
    desk.next_work(workspace, dataset, person, now, n=1)
    return RedirectResponse(f"{address_of(dataset)}/annotate", 303)
