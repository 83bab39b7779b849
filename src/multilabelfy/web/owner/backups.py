"""Backups, for owners of the workspace: make one while people work, see which lie where, and download one.

A backup holds everybody's data of every dataset, so the owner of one dataset has no part in it. Whoever makes or takes one is asked again
who it is, and the security log says so.
"""

from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from multilabelfy.annotation.access.security_events import EventKind, SecurityEvent
from multilabelfy.dataset.jobs import Job
from multilabelfy.formats.files.zip_stream import zipped
from multilabelfy.web.access.access import FOR_OWNERS, AnyOwner
from multilabelfy.web.access.asking_again import ask_again
from multilabelfy.web.access.proxies import at
from multilabelfy.web.page.jobs.background import Commands
from multilabelfy.web.page.rendering import Page, render
from multilabelfy.web.page.surroundings import Now, Served
from multilabelfy.workflows.importing.uploads import uploads_of
from multilabelfy.workflows.serving.jobs import BACKUP
from multilabelfy.workflows.team.security_log import note
from multilabelfy.workflows.upkeep.kept_backups import (
    KeptBackups,
    backup_folder,
    files_to_send,
    kept_backups,
    n_bytes_expected,
    n_bytes_written,
    new_place,
)

router = APIRouter(prefix="/backups")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupsPage(Page):
    """The backups that lie in a folder (`unreadable`: why it cannot be looked into), and the one under way or the newest that failed.

    `n_expected` is None where it cannot be told; `has_uploads`: pictures that no backup holds lie in the workspace.
    """

    kept: KeptBackups
    making: Job
    n_written: int
    n_expected: int | None
    has_uploads: bool
    unreadable: str = ""

    @property
    def problem(self) -> str:
        """Why the newest could not be made. One that was finished by a worker that died, and then begun again by another, is there."""
        is_there = Path(self.making.values.get("place", "")).name in {each.name for each in self.kept.newest}
        return "" if is_there else self.making.problem


@router.get("")
def backups(workspace: Served, commands: Commands, person: AnyOwner) -> Response:
    """What is there."""
    making, unreadable = commands.of(BACKUP), ""
    try:
        kept = kept_backups(workspace)
    except OSError as error:
        kept, unreadable = KeptBackups(backup_folder(workspace)), error.strerror or str(error)
    page = BackupsPage(
        title="Backups",
        person=person,
        section="backups",
        kept=kept,
        making=making,
        n_written=n_bytes_written(Path(making.values["place"])) if making.is_running and making.work else 0,
        n_expected=n_bytes_expected(workspace),
        has_uploads=uploads_of(workspace).is_dir(),
        unreadable=unreadable,
    )
    return render("owner/backups.html", page)


@router.post("")
def make(request: Request, workspace: Served, commands: Commands, now: Now, person: AnyOwner) -> Response:
    """Begin one, in a process of its own, unless one is under way."""
    ask_again(request)
    place = new_place(workspace, now)
    if commands.start(BACKUP, "backup", {"place": str(place)}, longest=None):
        note(workspace, [SecurityEvent(EventKind.BACKED_UP, now, person.id, detail=place.name)])
    return RedirectResponse(at("/backups"), 303)


@router.post("/stop", dependencies=FOR_OWNERS)
def stop(commands: Commands) -> Response:
    """End the one that is under way; nothing of it stays."""
    commands.stop(BACKUP)
    return RedirectResponse(at("/backups"), 303)


@router.get("/{name}")
def download(request: Request, workspace: Served, now: Now, person: AnyOwner, name: str) -> Response:
    """What of one may leave the server, as an archive."""
    ask_again(request)
    files = files_to_send(workspace, name)
    note(workspace, [SecurityEvent(EventKind.EXPORTED, now, person.id, detail=f"backup {name}")])
    headers = {"Content-Disposition": f'attachment; filename="multilabelfy-{Path(name).stem}.zip"'}
    return StreamingResponse(zipped(files), media_type="application/zip", headers=headers)
