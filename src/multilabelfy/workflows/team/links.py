"""What lets a person in ends when their rights change: nobody gains by an old link or session what its person gains later.

All links and sessions of that person end, and whoever changed the rights hands a new link over. Links that the person made go too, where
they may no longer make them, with the sessions that those opened: a blocked owner may have kept one. A link for somebody with more than an
annotator's rights works once, so that whoever it was handed to notices if somebody else was faster.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from multilabelfy.annotation.access.security_events import EventKind, SecurityEvent
from multilabelfy.annotation.model import Annotator, Role
from multilabelfy.store import members, people, security_events
from multilabelfy.store.database.connection import Connection
from multilabelfy.workflows.serving.serving import served_at
from multilabelfy.workflows.workspace import Workspace

TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that lets one person in until it expires or is revoked, or once. It is shown once: the store keeps only its hash."""

    person: Annotator
    link: str
    expires_at: datetime
    is_new: bool
    once: bool = False

    def at(self, address: str) -> "Invitation":
        """The link at this address of the server, which may listen on another port than its settings say."""
        return replace(self, link=address + self.link[self.link.index("/sign-in/") :])


def new_link(c: Connection, workspace: Workspace, person: Annotator, now: datetime, by: Annotator | None) -> Invitation:
    """One more link for a person, made by `by` (None: the command line)."""
    roles = {person.role, *members.roles_of(c, person.id).values()}
    lasts = timedelta(days=workspace.settings.invitation_days)
    return _made(c, workspace, person, now, by, lasts=lasts, once=roles != {Role.ANNOTATOR}, detail=person.role.value)


def link_to_confirm(c: Connection, workspace: Workspace, person: Annotator, now: datetime, lasts: timedelta) -> Invitation:
    """A link that works once, for a short time, printed by the command line."""
    return _made(c, workspace, person, now, None, lasts=lasts, once=True, detail="once")


def access_ends(c: Connection, person: Annotator, now: datetime, own_secret: str = "") -> None:
    """End a person's links and sessions, and what they may no longer hand out, but for the session of `own_secret`: whoever acts stays in.

    To be called once the rights have changed.
    """
    people.revoke_invitations(c, person.id, now)
    people.close_sessions_of(c, person.id, but=hash_of(own_secret))
    maker = people.get(c, person.id)
    for invited in people.invited_by(c, person.id):
        if not may_make_link(c, maker, people.get(c, invited)):
            people.end_made_by(c, person.id, invited, now, but=hash_of(own_secret))


def comes_back(
    c: Connection, workspace: Workspace, person: Annotator, now: datetime, *, by: Annotator | None, own_secret: str = ""
) -> Invitation | None:
    """End the access of somebody whose rights have just changed, and make the link by which they come back.

    None where nothing is to be handed over: whoever changed their own rights stays in where they are; somebody blocked stays out; and an
    owner of one dataset makes no link for somebody who is in others too.
    """
    access_ends(c, person, now, own_secret)
    changed = people.get(c, person.id)
    is_own = by is not None and by.id == person.id
    if is_own or not changed.active or (by is not None and not may_make_link(c, by, changed)):
        return None
    return new_link(c, workspace, changed, now, by)


def may_make_link(c: Connection, maker: Annotator, person: Annotator) -> bool:
    """Whether somebody may make a link for a person: it lets whoever has it act in every dataset of that person."""
    if not maker.active or maker.owns_workspace:
        return maker.active
    owned = {dataset for dataset, role in members.roles_of(c, maker.id).items() if role is Role.OWNER}
    return not person.owns_workspace and bool(owned) and set(members.roles_of(c, person.id)) <= owned


def address_for_links(workspace: Workspace) -> str:
    """Where links lead: `public_url`, else where the workspace is served now, else where it would be."""
    return workspace.settings.address if workspace.settings.public_url else served_at(workspace) or workspace.settings.address


def hash_of(secret: str) -> str:
    """The hash under which a link or a session is stored: SHA-256 suffices for 192 random bits (a password would need a slow hash)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _made(
    c: Connection,
    workspace: Workspace,
    person: Annotator,
    now: datetime,
    by: Annotator | None,
    *,
    lasts: timedelta,
    once: bool,
    detail: str,
) -> Invitation:
    token, maker = secrets.token_urlsafe(TOKEN_BYTES), by.id if by else None
    people.invite(c, person.id, hash_of(token), now, now + lasts, once=once, made_by=maker)
    security_events.add(c, SecurityEvent(EventKind.INVITED, now, maker, person.id, detail=detail))
    return Invitation(person, f"{address_for_links(workspace)}/sign-in/{token}", now + lasts, is_new=False, once=once)
