"""Erase somebody's name, for owners of the workspace: what goes and what stays, and a form that asks for the name."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from multilabelfy.annotation.model import Annotator, AnnotatorId
from multilabelfy.errors import AnswerRefused, NotAllowed
from multilabelfy.web.access.access import AnyOwner
from multilabelfy.web.access.asking_again import ask_again
from multilabelfy.web.access.proxies import at
from multilabelfy.web.access.sessions import secret_of
from multilabelfy.web.page.rendering import Page, render
from multilabelfy.web.page.surroundings import Now, Number, Served
from multilabelfy.workflows.team import erasing
from multilabelfy.workflows.team.people import own_name
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/team/{someone:int}/erase")
Name = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePage(Page):
    """Whose name would be erased; `problem` is why it was refused."""

    leaving: Annotator
    problem: str = ""

    @property
    def name(self) -> str:
        """The name that has to be written."""
        return own_name(self.leaving)


@router.get("")
def ask(workspace: Served, person: AnyOwner, someone: Number) -> Response:
    """What is erased, what stays, and the form."""
    return render("owner/team/erase.html", _page(workspace, person, someone))


@router.post("")
def erase(
    request: Request, workspace: Served, now: Now, person: AnyOwner, someone: Number, name: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Erase it if it was written again."""
    ask_again(request)
    try:
        erasing.erase(workspace, AnnotatorId(someone), name, now, by=person, own_secret=secret_of(request))
    except AnswerRefused as refused:
        return render("owner/team/erase.html", _page(workspace, person, someone, str(refused)), 422)
    except NotAllowed as refused:
        return render("owner/team/erase.html", _page(workspace, person, someone, str(refused)), 403)
    return RedirectResponse(at("/team"), 303)


def _page(workspace: Workspace, person: Annotator, someone: int, problem: str = "") -> ErasePage:
    leaving = erasing.to_be_erased(workspace, AnnotatorId(someone))
    return ErasePage(title="Erase a name", person=person, section="team", leaving=leaving, problem=problem)
