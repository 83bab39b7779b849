"""The team page, for owners: invite by link, change roles, block and restore access, and see who did how much and how well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from multilabelfy.web.page.rendering import Page, render
from multilabelfy.web.page.surroundings import Behind, Kept, Now, Number, Served
from multilabelfy.web.page.targets import coming_from
from multilabelfy.workflows.analysing.analysis_cache import Analyses
from multilabelfy.workflows.analysing.team import TeamWork, team_work
from multilabelfy.workflows.team import people, sessions
from multilabelfy.workflows.team.links import Invitation
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/team")


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPage(Page):
    """Everybody with their work. `invitation` is the link just made (shown only once), `unknown_host` the host that the browser asked if it
    is not known to be this server, and `asked` and `role` what a refused form held."""

    work: Sequence[TeamWork]
    roles: Mapping[str, str]
    teams: Mapping[AnnotatorId, Mapping[str, Role]]
    datasets: Sequence[str]
    invitation: Invitation | None = None
    unknown_host: str = ""
    dataset_asked: str = ""
    asked: str = ""
    role: Role | None = None
    problem: str = ""
    is_known: bool = False
    refusal: str = ""


@router.get("")
def team(workspace: Served, analyses: Kept, person: AnyOwner, behind: Behind) -> Response:
    """The people and their work."""
    return render("owner/team/team.html", _page(workspace, analyses, person, behind))


@router.post("/invite")
def invite(
    request: Request,
    workspace: Served,
    analyses: Kept,
    now: Now,
    person: AnyOwner,
    behind: Behind,
    name: Annotated[str, Form(max_length=200)] = "",
    role: Annotated[Role | None, Form()] = None,
    another: Annotated[bool, Form()] = False,
    dataset: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """A link for a new person; with `another`, for one whose name somebody has already. The page shows it only once.

    An owner owns the workspace with every dataset; everybody else joins the team of `dataset`.
    """
    if role is Role.OWNER:
        ask_again(request)
    joined = None if role is Role.OWNER else dataset or None
    try:
        made = people.invite(workspace, name, role or Role.ANNOTATOR, now, by=person, another=another, dataset=joined)
    except InvalidInput as refused:
        page, what = _page(workspace, analyses, person, behind), refused.problems[0].what.rstrip(".")
        is_known = any(" ".join(name.split()) == people.own_name(member.person) for member in page.work)
        problem = people.KNOWN if is_known else f"{what[0].upper()}{what[1:]}."
        sent = replace(page, asked=name, problem=problem, is_known=is_known, role=role, dataset_asked=dataset)
        return render("owner/team/team.html", sent, 422)
    return _with_link(request, _page(workspace, analyses, person, behind), workspace, made)


@router.post("/{someone:int}/links")
def new_link(request: Request, workspace: Served, analyses: Kept, now: Now, person: AnyOwner, someone: Number, behind: Behind) -> Response:
    """A new link for a known person; older links and sessions end, and a blocked person may come back."""
    if people.is_owner(workspace, AnnotatorId(someone)):
        ask_again(request)
    made = people.invite(workspace, "", None, now, by=person, person=AnnotatorId(someone), own_secret=secret_of(request))
    return _with_link(request, _page(workspace, analyses, person, behind), workspace, made)


def _with_link(request: Request, page: TeamPage, workspace: Workspace, made: Invitation) -> Response:
    address = own_address(request, workspace.settings)
    shown = replace(page, invitation=made.at(address.url), unknown_host=address.unknown)
    return render("owner/team/team.html", shown, Cache_Control="no-store")


@router.post("/{someone:int}/role")
def change_role(
    request: Request,
    workspace: Served,
    analyses: Kept,
    now: Now,
    person: AnyOwner,
    someone: Number,
    behind: Behind,
    role: Annotated[Role, Form()],
) -> Response:
    """Change somebody's role; the last owner remains one. Their links and sessions end, and the page shows the link by which they come
    back."""
    ask_again(request)
    try:
        made = people.change_role(workspace, AnnotatorId(someone), role, now, by=person, own_secret=secret_of(request))
    except NotAllowed as refused:
        return _refused(_page(workspace, analyses, person, behind), refused)
    if made:
        return _with_link(request, _page(workspace, analyses, person, behind), workspace, made)
    return RedirectResponse(at("/team") + coming_from(behind), 303)


@router.post("/{someone:int}/links/revoke")
def revoke(workspace: Served, now: Now, person: AnyOwner, someone: Number, behind: Behind) -> Response:
    """End somebody's open links."""
    people.revoke_links(workspace, AnnotatorId(someone), now, by=person)
    return RedirectResponse(at("/team") + coming_from(behind), 303)


@router.post("/{someone:int}/sessions/end")
def sign_out_everywhere(workspace: Served, now: Now, person: AnyOwner, someone: Number, behind: Behind) -> Response:
    """Sign somebody out everywhere; their link still lets them in."""
    sessions.sign_out_everywhere(workspace, AnnotatorId(someone), now, by=person)
    return RedirectResponse(at("/team") + coming_from(behind), 303)


@router.post("/{someone:int}/deactivate")
def deactivate(
    request: Request, workspace: Served, analyses: Kept, now: Now, person: AnyOwner, someone: Number, behind: Behind
) -> Response:
    """Block access for somebody: sessions and links end, every answer stays. A new link restores it."""
    try:
        people.deactivate(workspace, AnnotatorId(someone), now, by=person, own_secret=secret_of(request))
    except NotAllowed as refused:
        return _refused(_page(workspace, analyses, person, behind), refused)
    return RedirectResponse(at("/team") + coming_from(behind), 303)


def _page(workspace: Workspace, analyses: Analyses, person: Annotator, behind: str | None) -> TeamPage:
    work = team_work(workspace, lambda name: analyses.of(workspace, name))
    return TeamPage(
        title="Team",
        person=person,
        dataset=behind,
        section="team",
        work=work,
        roles=ROLES,
        teams=people.teams_of_all(workspace),
        datasets=people.datasets_to_join(workspace),
    )


def _refused(page: TeamPage, refused: NotAllowed) -> Response:
    return render("owner/team/team.html", replace(page, refusal=str(refused)), 403)
