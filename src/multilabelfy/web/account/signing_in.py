"""The sign-in pages: an invitation link shows whom it is for, and is exchanged for a session when that person goes on.

The link is exchanged by POST, so that a mail program or chat that previews it does not open a session.
"""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from multilabelfy.annotation.access.sessions import device_of
from multilabelfy.annotation.model import Annotator
from multilabelfy.errors import NotSignedIn
from multilabelfy.web.access.access import anyone
from multilabelfy.web.access.guesses import guessing
from multilabelfy.web.access.proxies import at
from multilabelfy.web.access.sessions import end_earlier, forget_session, person_of, set_session
from multilabelfy.web.access.tally import network_of
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.page.rendering import Page, render
from multilabelfy.web.page.targets import local_target
from multilabelfy.workflows.team import people, sessions

router = APIRouter(dependencies=[Depends(anyone)])


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage(Page):
    """Ask for the invitation link; `message` says why the last one did not work."""

    next: str
    link: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationPage(Page):
    """Say whom the link is for, and go on with one button."""

    invited: Annotator
    token: str
    next: str


@router.get("/sign-in")
def ask_for_link(request: Request, next: str = "/") -> Response:
    """The page for someone without a session; anyone who has one is sent on."""
    try:
        person_of(request)
    except NotSignedIn:
        return render("account/sign-in.html", SignInPage(title="Sign in", person=None, next=local_target(next)))
    return RedirectResponse(local_target(next), 303)


@router.post("/sign-in")
def take_link(link: Annotated[str, Form(max_length=1000)] = "", next: Annotated[str, Form(max_length=1000)] = "/") -> Response:
    """A pasted invitation link, or its token alone, leads to that invitation's own page."""
    token = link.strip().rstrip("/").rpartition("/")[2]
    if not token.replace("-", "").replace("_", "").isalnum():
        message = _("This is not an invitation link. Those end in /sign-in/ and a long string of letters; ask an owner for a new one.")
        return render(
            "account/sign-in.html", SignInPage(title="Sign in", person=None, next=local_target(next), link=link, message=message), 422
        )
    onwards = local_target(next)
    return RedirectResponse(at(f"/sign-in/{token}") + (f"?{urlencode({'next': onwards})}" if onwards != at("/") else ""), 303)


@router.get("/sign-in/{token}")
def show_invitation(request: Request, token: str, next: str = "/") -> Response:
    """Whom the link is for. Raises InvitationInvalid, TooManyGuesses."""
    with guessing(request):
        invited = people.who_is_invited(request.app.state.workspace, token, request.app.state.clock())
    page = InvitationPage(
        title=_("Continue as %(name)s") % {"name": invited.name}, person=None, invited=invited, token=token, next=local_target(next)
    )
    return render("account/invitation.html", page)


@router.post("/sign-in/{token}")
def accept_invitation(request: Request, token: str, next: Annotated[str, Form(max_length=1000)] = "/") -> Response:
    """Exchange the link for a session. Raises InvitationInvalid, TooManyGuesses."""
    with guessing(request):
        device = device_of(request.headers.get("user-agent", ""))
        _, secret = sessions.accept_invitation(
            request.app.state.workspace, token, request.app.state.clock(), device=device, address=network_of(request)
        )
    end_earlier(request)
    response = RedirectResponse(local_target(next), 303)
    set_session(request, response, secret)
    return response


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End this session."""
    response = RedirectResponse(at("/sign-in"), 303)
    forget_session(request, response)
    return response
