"""Commands about people: `invite` and `team`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from multilabelfy.cli.options import JsonOption, WorkspaceOption
from multilabelfy.cli.output import emit, now, say, workspace_at

if TYPE_CHECKING:
    from multilabelfy.workflows.workspace import Workspace

RoleName = Literal["annotator", "expert", "owner"]


def invite(
    name: Annotated[str | None, typer.Argument(help="The person's name, as pages show it.")] = None,
    role: Annotated[
        RoleName | None,
        typer.Option(help="What a new person may do. To give a known person another role, you are asked first.", show_default="annotator"),
    ] = None,
    person: Annotated[int | None, typer.Option(min=1, help="A known person's number, where several share a name.")] = None,
    another: Annotated[bool, typer.Option("--another", help="A new person, although somebody has this name already.")] = False,
    dataset: Annotated[
        str | None, typer.Option(help="The dataset whose team they join, with the role there; if not given, the only one.")
    ] = None,
    once: Annotated[
        bool,
        typer.Option(
            "--once", help="A link that works once, within 15 minutes, for somebody whom a page asks again who they are. Nothing else ends."
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Change a known person's role without asking.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print a sign-in link for a new or known person; their earlier links stop working, and they are signed out where they were. This also
    lets a locked-out owner back in."""
    from multilabelfy.annotation.model import AnnotatorId, Role
    from multilabelfy.workflows.serving.serving import served_at
    from multilabelfy.workflows.team import people

    if (name is None) == (person is None) or (another and name is None):
        raise typer.BadParameter("give a NAME, or --person NUMBER")
    if once:
        if name is None or any((role, another, dataset, yes)):
            raise typer.BadParameter("--once goes with a NAME alone")
        _confirm(name, workspace, as_json=as_json)
        return
    number, wanted = None if person is None else AnnotatorId(person), Role(role) if role else None
    with workspace_at(workspace, create=True) as opened:
        known = None if another else people.known(opened, name or "", number)
        if known and wanted and dataset is None and known.role is not wanted and not yes:
            typer.confirm(f"{known.name} is {known.role.value}. Give them the role {wanted.value}?", abort=True, err=True)
        invitation = people.invite(opened, name or "", wanted, now(), person=number, another=another, dataset=dataset)
        for line in _where_links_lead(opened, served_at(opened)):
            say(line)
    result = {
        "person": invitation.person.id,
        "name": invitation.person.name,
        "role": invitation.person.role.value,
        "link": invitation.link,
        "expires_at": invitation.expires_at.isoformat(),
    }
    emit(result, as_json=as_json, human=lambda: invitation.link)


def team(
    name: Annotated[str | None, typer.Argument(help="The dataset's name; nothing with --erase.")] = None,
    add: Annotated[str | None, typer.Option(help="Add this person. A link for them is printed; earlier ones end.")] = None,
    remove: Annotated[str | None, typer.Option(help="Take this person out of the team; their answers stay.")] = None,
    role: Annotated[RoleName, typer.Option(help="With --add: what they may do in this dataset.")] = "annotator",
    erase: Annotated[
        str | None,
        typer.Option(
            metavar="PERSON",
            help="Erase this person's name, links, sessions and settings, once you have written the name again; of two, 'Ada (3)'. Their "
            "answers stay, under a pseudonym.",
        ),
    ] = None,
    named: Annotated[str | None, typer.Option("--name", help="With --erase: the name once more, instead of being asked.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who is in a dataset's team, add somebody, or take somebody out; or erase a person's name.

    Only its team and the workspace's owners see a dataset.
    """
    from multilabelfy.annotation.model import Role
    from multilabelfy.workflows.team import people, teams

    if (name is None) == (erase is None) or (named is not None and erase is None):
        raise typer.BadParameter("give a dataset's name, or --erase PERSON")
    if erase is not None:
        if add is not None or remove is not None:
            raise typer.BadParameter("--add and --remove go with a dataset's name")
        _erase(erase, named, workspace, as_json=as_json)
        return
    dataset = name or ""
    with workspace_at(workspace) as opened:
        made = None
        if add is not None:
            made = teams.add_person(opened, dataset, add, Role(role), now())
        if remove is not None:
            made = teams.remove(opened, dataset, people.person_called(opened, remove).id, now()) or made
        members = teams.team_of(opened, dataset).members
    link = made.link if made else None
    if made and not made.is_new:
        say(f"{made.person.name} is signed out everywhere, and earlier links have ended: hand over the new one.")
    result = [
        {"person": member.id, "name": member.name, "role": member.role.value, "owns_workspace": member.owns_workspace} for member in members
    ]
    lines = [f"{member.name}: {'owns the workspace' if member.owns_workspace else member.role.value}" for member in members]
    emit({"dataset": dataset, "team": result, "link": link}, as_json=as_json, human=lambda: "\n".join([*lines, *([link] if link else [])]))


def _confirm(name: str, workspace: Path | None, *, as_json: bool) -> None:
    from multilabelfy.workflows.team import people

    with workspace_at(workspace) as opened:
        made = people.link_for_once(opened, name, now())
    result = {"person": made.person.id, "link": made.link, "expires_at": made.expires_at.isoformat()}
    emit(result, as_json=as_json, human=lambda: made.link)


def _erase(name: str, named: str | None, workspace: Path | None, *, as_json: bool) -> None:
    from multilabelfy.workflows.team import erasing, people

    with workspace_at(workspace) as opened:
        leaving = people.person_called(opened, name)
        say(f"The name of '{leaving.name}' goes, with links, sessions and settings. Answers stay. Backups made before still have the name.")
        again = named if named is not None else typer.prompt("To erase it, write the name", err=True)
        erased = erasing.erase(opened, leaving.id, again, now())
    emit({"person": erased.id, "name": erased.name}, as_json=as_json, human=lambda: f"The name is erased: this is '{erased.name}' now.")


def confirm(
    name: Annotated[str, typer.Argument(help="The person's name, as pages show it: of two, 'Ada (3)'.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print a link that works once, within 15 minutes, for somebody whom a page asks again who they are. Other links and sessions stay."""
    from multilabelfy.workflows.team import people

    with workspace_at(workspace) as opened:
        made = people.link_for_once(opened, name, now())
    result = {"person": made.person.id, "link": made.link, "expires_at": made.expires_at.isoformat()}
    emit(result, as_json=as_json, human=lambda: made.link)


def _where_links_lead(workspace: "Workspace", served_at: str | None) -> list[str]:
    """Whether the link works now, and for whom."""
    settings = workspace.settings
    if served_at is None:
        command = f"multilabelfy serve --workspace {settings.workspace}"
        lines = [f"The workspace is not served now: the link works once `{command}` runs at {settings.address}."]
    else:
        lines = [f"The workspace is served at {served_at}."]
    if settings.is_open_to_others and not settings.public_url:
        lines.append("From other machines, people need this machine's own name in the link: set public_url once to have it there.")
    return lines
