"""The team of one dataset, for its owners: who is in it with which role there, add somebody, change a role, take somebody out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from multilabelfy.annotation.model import Annotator, AnnotatorId, Role
from multilabelfy.errors import InvalidInput, NotAllowed
from multilabelfy.web.access.access import AnyOwner
from multilabelfy.web.access.asking_again import ask_again
from multilabelfy.web.access.own_address import own_address
from multilabelfy.web.access.proxies import at
from multilabelfy.web.access.sessions import secret_of
from multilabelfy.web.language.words import ROLES
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import MOST, DatasetPage, Now, Number, Served, address_of
from multilabelfy.workflows.team import teams
from multilabelfy.workflows.team.links import Invitation
from multilabelfy.workflows.team.people import own_name
from multilabelfy.workflows.team.teams import Team
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/d/{dataset}/team")
GivenRole = Annotated[Role, Form()]
Someone = Annotated[int, Form(ge=0, le=MOST)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetTeamPage(DatasetPage):
    """The team. `invitation` is the link just made (shown only once); `asked` and `role` are what a refused form held."""

    team: Team
    roles: Mapping[str, str] = field(default_factory=lambda: ROLES)
    invitation: Invitation | None = None
    unknown_host: str = ""
    asked: str = ""
    role: Role = Role.ANNOTATOR
    problem: str = ""
    is_known: bool = False
    refusal: str = ""


@router.get("")
def dataset_team(workspace: Served, person: AnyOwner, dataset: str) -> Response:
    """Who is in the team."""
    return render("owner/team/dataset-team.html", _page(workspace, person, dataset))


@router.post("/add")
def add(
    request: Request,
    workspace: Served,
    now: Now,
    person: AnyOwner,
    dataset: str,
    name: Annotated[str, Form(max_length=200)] = "",
    role: GivenRole = Role.ANNOTATOR,
    another: Annotated[bool, Form()] = False,
) -> Response:
    """Add somebody by name; the page shows their link only once."""
    if role is Role.OWNER or (not another and teams.is_known(workspace, dataset, name, by=person)):
        ask_again(request)
    try:
        made = teams.add_person(workspace, dataset, name, role, now, by=person, another=another)
    except InvalidInput as refused:
        page, what = _page(workspace, person, dataset), refused.problems[0].what
        is_known = any(" ".join(name.split()) == own_name(member) for member in page.team.members)
        problem = what if what == teams.ALREADY else f"{what[0].upper()}{what[1:].rstrip('.')}."
        return render("owner/team/dataset-team.html", replace(page, asked=name, role=role, problem=problem, is_known=is_known), 422)
    return _after(request, workspace, person, dataset, made)


@router.post("/add-known")
def add_known(request: Request, workspace: Served, now: Now, person: AnyOwner, dataset: str, someone: Someone, role: GivenRole) -> Response:
    """Add somebody whom the workspace knows; its owners alone know all."""
    ask_again(request)
    made = teams.add_known(workspace, dataset, AnnotatorId(someone), role, now, by=person)
    return _after(request, workspace, person, dataset, made)


@router.post("/{someone:int}/role")
def change_role(
    request: Request, workspace: Served, now: Now, person: AnyOwner, dataset: str, someone: Number, role: GivenRole
) -> Response:
    """Change somebody's role in this dataset."""
    ask_again(request)
    try:
        made = teams.change_role_there(workspace, dataset, AnnotatorId(someone), role, now, by=person, own_secret=secret_of(request))
    except NotAllowed as refused:
        return render("owner/team/dataset-team.html", replace(_page(workspace, person, dataset), refusal=str(refused)), 403)
    return _after(request, workspace, person, dataset, made)


@router.post("/{someone:int}/remove")
def remove(request: Request, workspace: Served, now: Now, person: AnyOwner, dataset: str, someone: Number) -> Response:
    """Take somebody out of the team; their answers stay."""
    made = teams.remove(workspace, dataset, AnnotatorId(someone), now, by=person, own_secret=secret_of(request))
    return RedirectResponse(at("/"), 303) if someone == person.id else _after(request, workspace, person, dataset, made)


@router.post("/{someone:int}/links")
def new_link(request: Request, workspace: Served, now: Now, person: AnyOwner, dataset: str, someone: Number) -> Response:
    """A new link for a member; their older links and sessions end."""
    if teams.owns_anything(workspace, dataset, AnnotatorId(someone)):
        ask_again(request)
    try:
        made = teams.new_link(workspace, dataset, AnnotatorId(someone), now, by=person, own_secret=secret_of(request))
    except NotAllowed as refused:
        return render("owner/team/dataset-team.html", replace(_page(workspace, person, dataset), refusal=str(refused)), 403)
    return _with_link(request, workspace, person, dataset, made)


def _with_link(request: Request, workspace: Workspace, person: Annotator, dataset: str, made: Invitation) -> Response:
    address = own_address(request, workspace.settings)
    shown = replace(_page(workspace, person, dataset), invitation=made.at(address.url), unknown_host=address.unknown)
    return render("owner/team/dataset-team.html", shown)


def _after(request: Request, workspace: Workspace, person: Annotator, dataset: str, made: Invitation | None) -> Response:
    """The team with the link to hand over, or without one where there is none."""
    return _with_link(request, workspace, person, dataset, made) if made else RedirectResponse(f"{address_of(dataset)}/team", 303)


def _page(workspace: Workspace, person: Annotator, dataset: str) -> DatasetTeamPage:
    team = teams.team_of(workspace, dataset, by=person)
    return DatasetTeamPage(title="Team of this dataset", person=person, dataset=dataset, section="dataset-team", team=team)
