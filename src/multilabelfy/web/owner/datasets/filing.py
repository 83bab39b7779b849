"""Rename, archive and delete a dataset, for owners."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from multilabelfy.annotation.model import Annotator
from multilabelfy.errors import AnswerRefused, InvalidInput
from multilabelfy.web.access.access import AnyOwner
from multilabelfy.web.access.asking_again import ask_again
from multilabelfy.web.access.proxies import at
from multilabelfy.web.owner import settings
from multilabelfy.web.page.rendering import Page, render
from multilabelfy.web.page.surroundings import DatasetPage, Now, Served, address_of
from multilabelfy.workflows.owning import filing
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/d/{dataset}/settings")
Name = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletePage(DatasetPage):
    """What a deletion takes away; `problem` is why it was refused."""

    doomed: filing.Contents
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedPage(Page):
    """What was deleted, and where the copy is."""

    name: str
    copy: str


@router.post("/name")
def rename(workspace: Served, now: Now, person: AnyOwner, dataset: str, name: Name) -> Response:
    """Give the dataset another name."""
    try:
        new = filing.rename_dataset(workspace, dataset, name, now, by=person)
    except InvalidInput as refused:
        return settings.with_problem(workspace, person, dataset, "dataset", str(refused), new_name=name)
    return RedirectResponse(f"{address_of(new)}/settings#dataset-title", 303)


@router.post("/archive")
def archive(workspace: Served, now: Now, person: AnyOwner, dataset: str) -> Response:
    """Take it out of the lists, and hand out nothing of it."""
    filing.archive(workspace, dataset, now, by=person)
    return RedirectResponse(at("/"), 303)


@router.post("/take-back")
def take_back(workspace: Served, now: Now, person: AnyOwner, dataset: str) -> Response:
    """Take it out of the archive; it stays paused."""
    filing.take_back(workspace, dataset, now, by=person)
    return RedirectResponse(f"{address_of(dataset)}/settings", 303)


@router.get("/delete")
def ask(workspace: Served, person: AnyOwner, dataset: str) -> Response:
    """What would be deleted, and the form that asks for the name."""
    return render("owner/datasets/delete.html", _page(workspace, person, dataset))


@router.post("/delete")
def delete(request: Request, workspace: Served, now: Now, person: AnyOwner, dataset: str, name: Name) -> Response:
    """Delete it if its name was written again, after a copy was kept."""
    ask_again(request)
    try:
        copy = filing.delete_dataset(workspace, dataset, name, now, by=person)
    except AnswerRefused as refused:
        return render("owner/datasets/delete.html", _page(workspace, person, dataset, str(refused)), 422)
    kept = str(copy.relative_to(workspace.folder))
    return render("owner/datasets/deleted.html", DeletedPage(title="Deleted", person=person, section="datasets", name=dataset, copy=kept))


def _page(workspace: Workspace, person: Annotator, dataset: str, problem: str = "") -> DeletePage:
    return DeletePage(
        title="Delete",
        person=person,
        dataset=dataset,
        section="settings",
        doomed=filing.contents(workspace, dataset),
        problem=problem,
    )
