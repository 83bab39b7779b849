"""The log of security events, for owners: who did what to whose access, filtered, page by page, or whole as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from multilabelfy.annotation.access.security_events import EventKind, SecurityEvent
from multilabelfy.annotation.model import Annotator, AnnotatorId
from multilabelfy.web.access.access import AnyOwner
from multilabelfy.web.access.asking_again import ask_again
from multilabelfy.web.access.tally import write_counts
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.language.words import EVENTS
from multilabelfy.web.page.rendering import Page, render
from multilabelfy.web.page.surroundings import MOST, Now, Served
from multilabelfy.workflows.team import security_log
from multilabelfy.workflows.team.people import everyone
from multilabelfy.workflows.team.security_log import LogFilter, LogPage

router = APIRouter()
ARROW = " → "
KINDS = "|".join(EventKind)
FILES = {
    "csv": (security_log.log_as_csv, "text/csv; charset=utf-8"),
    "json": (security_log.log_as_json, "application/json"),
}


def filter_of(
    person: Annotated[str, Query(pattern="^[0-9]{0,9}$")] = "", kind: Annotated[str, Query(pattern=f"^({KINDS})?$")] = ""
) -> LogFilter:
    """Which events an address asks for."""
    return LogFilter(AnnotatorId(int(person)) if person else None, EventKind(kind) if kind else None)


Wanted = Annotated[LogFilter, Depends(filter_of)]
Below = Annotated[int | None, Query(ge=0, le=MOST)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityLogPage(Page):
    """The events that match, newest first."""

    log: LogPage
    wanted: LogFilter
    below: int | None
    people: Sequence[Annotator]
    kinds: Mapping[str, str] = field(default_factory=lambda: EVENTS)

    @property
    def query(self) -> str:
        """The filter as the query of an address."""
        return urlencode({"person": self.wanted.person or "", "kind": self.wanted.kind.value if self.wanted.kind else ""})

    def detail(self, event: SecurityEvent) -> str:
        """What an event says in detail, such as two roles, in the reader's language."""
        return ARROW.join(_(part) for part in event.detail.split(ARROW))


@router.get("/team/log")
def log_of_security(request: Request, workspace: Served, person: AnyOwner, wanted: Wanted, below: Below = None) -> Response:
    """A page of the log."""
    write_counts(request.app)
    log = security_log.log_page(workspace, wanted, below)
    page = SecurityLogPage(
        title="Security log", person=person, section="team", log=log, wanted=wanted, below=below, people=everyone(workspace)
    )
    return render("owner/team/security-log.html", page, Cache_Control="no-store")


@router.get("/team/log/events.{suffix}")
def log_file(request: Request, workspace: Served, now: Now, person: AnyOwner, wanted: Wanted, suffix: str) -> Response:
    """The events that match as a file."""
    if suffix not in FILES:
        raise HTTPException(404)
    ask_again(request)
    write_counts(request.app)
    security_log.note(workspace, [SecurityEvent(EventKind.EXPORTED, now, person.id, detail="security log")])
    write, media_type = FILES[suffix]
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="security-log.{suffix}"'}
    return StreamingResponse(write(workspace, wanted), media_type=media_type, headers=headers)
