"""Invite people and let them in: a link is exchanged for a session; roles are never raised above one's own."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from multilabelfy.annotation.model import Annotator, AnnotatorId, Role
from multilabelfy.annotation.preferences import Preferences
from multilabelfy.errors import InvalidInput, NotAllowed, Problem, UnknownPerson
from multilabelfy.store import people
from multilabelfy.store.database.connection import Connection
from multilabelfy.workflows.workspace import Workspace

TOKEN_BYTES = 24
KNOWN = "Somebody already has this name, and was not changed: a new link and another role are under “Manage” beside the name."
RANK = {Role.ANNOTATOR: 0, Role.EXPERT: 1, Role.OWNER: 2}


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that lets one person in until it expires or is revoked. The store keeps its hash alone: the link is shown once."""

    person: Annotator
    link: str
    expires_at: datetime
    is_new: bool


def may(person: Annotator, role: Role) -> bool:
    """Whether the person may do what this role may: each role may all that the ones below it may."""
    return person.active and RANK[person.role] >= RANK[role]


def invite(workspace: Workspace, name: str, role: Role | None, now: datetime, *, by: Annotator | None = None) -> Invitation:
    """A fresh link for the person of this name, who is added if new (as annotator where no role is said); older links end.

    `by` is the person who invites, None the command line, which alone may give a known person another role. Raises NotAllowed where `role`,
    or the role that the person has, is above that of `by`, and for the last owner's own; InvalidInput for an empty or overlong name, and
    where `by` names a role for somebody who is known.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    expires_at = now + timedelta(days=workspace.settings.invitation_days)
    with workspace.store.writing() as c:
        try:
            person, is_new = people.find(c, name), False
        except UnknownPerson:
            _must_reach(by, role or Role.ANNOTATOR)
            person, is_new = people.add(c, name, role or Role.ANNOTATOR, now), True
        _must_reach(by, person.role)
        if by is not None and role and not is_new:
            raise InvalidInput("Cannot invite", [Problem("name", KNOWN)], "Nothing was changed.")
        if role and role != person.role:
            _set_role(c, person, role)
        if not person.active:
            people.set_active(c, person.id, True)
        people.revoke_invitations(c, person.id, now)
        people.invite(c, person.id, hash_of(token), now, expires_at)
        person = people.get(c, person.id)
    return Invitation(person, f"{workspace.settings.address}/sign-in/{token}", expires_at, is_new)


def who_is_invited(workspace: Workspace, token: str, now: datetime) -> Annotator:
    """The person whom a link is for. Raises InvitationInvalid."""
    with workspace.store.reading() as c:
        return people.invitation(c, hash_of(token), now)


def accept_invitation(workspace: Workspace, token: str, now: datetime) -> tuple[Annotator, str]:
    """Exchange a link for a session: the person, and the secret for their browser. Raises InvitationInvalid."""
    who_is_invited(workspace, token, now)  # a guess waits for no writer, and lets none wait
    secret = secrets.token_urlsafe(TOKEN_BYTES)
    with workspace.store.writing() as c:
        person = people.invitation(c, hash_of(token), now)
        people.open_session(c, person.id, hash_of(secret), now, now + timedelta(days=workspace.settings.session_days))
    return person, secret


def person_of_session(workspace: Workspace, secret: str, now: datetime) -> Annotator | None:
    """Who a browser's secret belongs to, or None where the session has ended or the person was deactivated."""
    with workspace.store.reading() as c:
        person = people.session(c, hash_of(secret), now)
    return person if person is not None and person.active else None


def extend_session(workspace: Workspace, secret: str, now: datetime) -> None:
    """Keep a browser signed in for another `session_days`."""
    with workspace.store.writing() as c:
        people.extend_session(c, hash_of(secret), now + timedelta(days=workspace.settings.session_days))


def sign_out(workspace: Workspace, secret: str) -> None:
    """End one browser's session, if it is one."""
    with workspace.store.reading() as c:
        if people.session_expiry(c, hash_of(secret)) is None:
            return
    with workspace.store.writing() as c:
        people.close_session(c, hash_of(secret))


def set_preferences(workspace: Workspace, person: Annotator, chosen: Preferences) -> None:
    """Keep what a person sets for themselves; nobody sets it for another."""
    with workspace.store.writing() as c:
        people.set_preferences(c, person.id, chosen)


def change_role(workspace: Workspace, person: AnnotatorId, role: Role, *, by: Annotator) -> Annotator:
    """Give a person another role. Raises NotAllowed above one's own role, and for the last active owner's own."""
    with workspace.store.writing() as c:
        before = people.get(c, person)
        _must_reach(by, max(role, before.role, key=RANK.__getitem__))
        _set_role(c, before, role)
        return people.get(c, person)


def deactivate(workspace: Workspace, person: AnnotatorId, now: datetime, *, by: Annotator) -> Annotator:
    """Shut the door: sessions and links end; every answer stays. Raises NotAllowed for the last active owner."""
    with workspace.store.writing() as c:
        before = people.get(c, person)
        _must_reach(by, before.role)
        if before.role is Role.OWNER:
            _must_leave_an_owner(people.everyone(c), before)
        people.set_active(c, person, False)
        people.revoke_invitations(c, person, now)
        people.close_sessions_of(c, person)
        return people.get(c, person)


def revoke_links(workspace: Workspace, person: AnnotatorId, now: datetime, *, by: Annotator) -> Annotator:
    """End a person's open invitation links; who is signed in stays so. Raises NotAllowed above one's own role."""
    with workspace.store.writing() as c:
        found = people.get(c, person)
        _must_reach(by, found.role)
        people.revoke_invitations(c, person, now)
        return found


def everyone(workspace: Workspace) -> list[Annotator]:
    """Every person of the workspace, by name."""
    with workspace.store.reading() as c:
        return people.everyone(c)


def hash_of(secret: str) -> str:
    """What the store keeps of a link or a session: SHA-256, enough for 192 random bits (a password would need a slow hash)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _must_reach(by: Annotator | None, role: Role) -> None:
    if by is not None and not may(by, role):
        raise NotAllowed(f"{by.name} is {by.role.value} and cannot act on the role {role.value}: nobody grants above themselves.")


def _set_role(c: Connection, person: Annotator, role: Role) -> None:
    if person.role is Role.OWNER and role is not Role.OWNER:
        _must_leave_an_owner(people.everyone(c), person)
    people.set_role(c, person.id, role)


def _must_leave_an_owner(everyone: list[Annotator], leaving: Annotator) -> None:
    if not any(person.active and person.role is Role.OWNER and person.id != leaving.id for person in everyone):
        raise NotAllowed(f"{leaving.name} is the last owner. Make somebody else an owner first.")
