"""Where one is signed in: one's own sessions, each to be ended, or all of them at once. Nobody reaches anybody else's from here."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from multilabelfy.annotation.access.sessions import Session
from multilabelfy.web.access.access import AnyAnnotator
from multilabelfy.web.access.proxies import at
from multilabelfy.web.access.sessions import forget_session, secret_of
from multilabelfy.web.page.forms import Form, text
from multilabelfy.web.page.rendering import Page, render
from multilabelfy.web.page.surroundings import Behind, Now, Served
from multilabelfy.workflows.team.sessions import end_session, key_of, sessions_of, sign_out_everywhere

router = APIRouter(prefix="/me/sessions")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSessionsPage(Page):
    """The person's sessions, the one that was used last first; `own` is the key of this browser's."""

    sessions: Sequence[Session]
    own: str


@router.get("")
def own_sessions(request: Request, workspace: Served, now: Now, person: AnyAnnotator, behind: Behind) -> Response:
    """Where the person is signed in."""
    sessions, own = sessions_of(workspace, person.id, now), key_of(secret_of(request))
    page = OwnSessionsPage(
        title="Where you are signed in", person=person, dataset=behind, section="own-sessions", sessions=sessions, own=own
    )
    return render("account/own-sessions.html", page)


@router.post("/end")
def end(request: Request, workspace: Served, now: Now, person: AnyAnnotator, form: Form) -> Response:
    """End one session; ending this browser's is signing out."""
    key = text(form, "session")
    end_session(workspace, person, key, now)
    return _signed_out(request) if key == key_of(secret_of(request)) else RedirectResponse(at("/me/sessions"), 303)


@router.post("/end-all")
def end_all(request: Request, workspace: Served, now: Now, person: AnyAnnotator) -> Response:
    """Sign out everywhere, here too."""
    sign_out_everywhere(workspace, person.id, now, by=person)
    return _signed_out(request)


def _signed_out(request: Request) -> Response:
    response = RedirectResponse(at("/sign-in"), 303)
    forget_session(request, response)
    return response
