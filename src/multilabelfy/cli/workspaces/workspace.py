"""Commands about the workspace itself: its settings, its people, the progress of its datasets, and its health."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from multilabelfy.cli.output import JsonOption, WorkspaceOption, emit, now, say, workspace_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multilabelfy.workflows.checkup.item import CheckupItem
    from multilabelfy.workflows.owning.overview import DatasetStatus
    from multilabelfy.workflows.workspace import Workspace

EXIT_WARNINGS = 3


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(invite)
    app.command()(team)
    app.command()(erase)
    app.command()(confirm)
    app.command()(status)
    app.command()(config)
    app.command()(doctor)
    app.command()(backup)


def invite(
    name: Annotated[str | None, typer.Argument(help="The person's name, as pages show it.", show_default=False)] = None,
    role: Annotated[
        Literal["annotator", "expert", "owner"] | None,
        typer.Option(help="What a new person may do. To give a known person another role, you are asked first.", show_default="annotator"),
    ] = None,
    person: Annotated[int | None, typer.Option("--person", min=1, help="A known person's number, where several share a name.")] = None,
    another: Annotated[bool, typer.Option("--another", help="A new person, although somebody has this name already.")] = False,
    dataset: Annotated[
        str | None,
        typer.Option(
            "--dataset", help="The dataset whose team they join, with the role there; if not given, the only one.", show_default=False
        ),
    ] = None,
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
    name: Annotated[str, typer.Argument(help="The dataset's name.", show_default=False)],
    add: Annotated[
        str | None, typer.Option("--add", help="Add this person. A link for them is printed; earlier ones end.", show_default=False)
    ] = None,
    remove: Annotated[
        str | None, typer.Option("--remove", help="Take this person out of the team; their answers stay.", show_default=False)
    ] = None,
    role: Annotated[
        Literal["annotator", "expert", "owner"], typer.Option(help="With --add: what they may do in this dataset.")
    ] = "annotator",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who is in a dataset's team, add somebody, or take somebody out. Only its team and the workspace's owners see a dataset."""
    from multilabelfy.annotation.model import Role
    from multilabelfy.workflows.team import people, teams

    with workspace_at(workspace) as opened:
        made = None
        if add is not None:
            made = teams.add_person(opened, name, add, Role(role), now())
        if remove is not None:
            made = teams.remove(opened, name, people.person_called(opened, remove).id, now()) or made
        members = teams.team_of(opened, name).members
    link = made.link if made else None
    if made and not made.is_new:
        say(f"{made.person.name} is signed out everywhere, and earlier links have ended: hand over the new one.")
    result = [
        {"person": member.id, "name": member.name, "role": member.role.value, "owns_workspace": member.owns_workspace} for member in members
    ]
    lines = [f"{member.name}: {'owns the workspace' if member.owns_workspace else member.role.value}" for member in members]
    emit({"dataset": name, "team": result, "link": link}, as_json=as_json, human=lambda: "\n".join([*lines, *([link] if link else [])]))


def erase(
    name: Annotated[
        str, typer.Argument(help="The person's name, as pages show it; of several, with the number: 'Ada (3)'.", show_default=False)
    ],
    named: Annotated[str | None, typer.Option("--name", help="The name once more, instead of being asked.", show_default=False)] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Erase a person's name, links, sessions and settings, once you have written the name again. Their answers stay, under a pseudonym."""
    from multilabelfy.workflows.team import erasing, people

    with workspace_at(workspace) as opened:
        leaving = people.person_called(opened, name)
        say(f"The name of '{leaving.name}' goes, with links, sessions and settings. Answers stay. Backups made before still have the name.")
        again = named if named is not None else typer.prompt("To erase it, write the name", err=True)
        erased = erasing.erase(opened, leaving.id, again, now())
    emit({"person": erased.id, "name": erased.name}, as_json=as_json, human=lambda: f"The name is erased: this is '{erased.name}' now.")


def confirm(
    name: Annotated[str, typer.Argument(help="The person's name, as pages show it: of two, 'Ada (3)'.", show_default=False)],
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


def status(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show how far each dataset of the workspace is, and what to do next."""
    from multilabelfy.workflows.owning.overview import statuses

    with workspace_at(workspace) as opened:
        datasets = statuses(opened)
        unused = opened.unused()
    if unused:
        say(unused)
    emit([dataset.as_dict() for dataset in datasets], as_json=as_json, human=lambda: _status_text(datasets))


def config(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Print each setting with its value, where the value comes from, and what it does."""
    from multilabelfy.settings import settings_with_origins

    rows = settings_with_origins(workspace)
    result = [{"name": row.name, "value": row.value, "origin": row.origin, "default": row.default, "effect": row.effect} for row in rows]
    emit(
        result,
        as_json=as_json,
        human=lambda: "\n".join(f"{row.name} = {_shown(row.value)}  ({row.origin})\n    {row.effect}" for row in rows),
    )


def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended safely, say what was done, then check.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check all of the workspace that can break: files, secrets, disk, database, counters, releases, pictures, clock and server.

    Exits with status 0 if nothing needs to be done, 3 if there are warnings alone, and 1 if there is a problem. `--repair` computes
    counters anew (after a copy of the database is kept), moves SQLite's log into its file, removes what killed processes left and hides
    secrets from others.
    """
    from multilabelfy.workflows.checkup import checkup

    with workspace_at(workspace) as opened:
        repaired = checkup.repair(opened, now()) if repair else ()
        items = checkup.check(opened, now())
    for line in repaired:
        say(line)
    if repair and not repaired:
        say("There was nothing to mend.")
    emit([item.as_dict() for item in items], as_json=as_json, human=lambda: "\n".join(_checkup_lines(items)))
    if not all(item.ok for item in items):
        raise typer.Exit(EXIT_WARNINGS if all(item.severity.value != "problem" for item in items) else 1)


def backup(
    place: Annotated[
        Path, typer.Argument(help="A new folder, for all that a workspace needs; or a new file (.db, .sqlite) for the database alone.")
    ],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Back up the workspace while people work. The folder is a workspace itself; `restore` brings it back."""
    from multilabelfy.workflows.importing.uploads import uploads_of
    from multilabelfy.workflows.upkeep.backups import back_up

    with workspace_at(workspace) as open_one:
        made = back_up(open_one, place)
        if uploads_of(open_one).is_dir():
            say(f"Pictures are not in it: copy '{uploads_of(open_one)}', where uploaded ones are, as you copy your other pictures.")
    emit({"backup": str(made)}, as_json=as_json, human=lambda: str(made))


def _shown(value: object) -> str:
    return "not set" if value is None else str(value) if isinstance(value, Path) else repr(value) if isinstance(value, str) else str(value)


def _status_text(datasets: "list[DatasetStatus]") -> str:
    if not datasets:
        return "No dataset yet. Import one: multilabelfy import NAME --images DIR"
    return "\n".join(dataset.sentence() for dataset in datasets)


def _checkup_lines(items: "tuple[CheckupItem, ...]") -> "Iterator[str]":
    marks = {"ok": "ok ", "note": "-- ", "warning": "!  ", "problem": "!! "}
    for item in items:
        yield f"{marks[item.severity.value]} {item.what}: {item.detail}"
        if not item.ok:
            yield f"      {item.means}"
            yield f"      Do: {item.way_out}"
