"""Invite people and let them in: a link is exchanged for a session. Nobody can give a role above their own."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from multilabelfy.annotation.model import Annotator, AnnotatorId, Role
from multilabelfy.annotation.preferences import Preferences
from multilabelfy.errors import InvalidInput, NotAllowed, Problem, StoreReadOnly, UnknownPerson
from multilabelfy.store import people
from multilabelfy.store.database.connection import Connection
from multilabelfy.workflows.upkeep.serving import served_at
from multilabelfy.workflows.workspace import Workspace

TOKEN_BYTES = 24
KNOWN = "Somebody already has this name, and was not changed: a new link and another role are under “Manage” beside the name."
VOUCHED = "read-only"
VOUCHED_FOR = timedelta(days=1)
VOUCHED_SECRET = re.compile(rf"{VOUCHED}\.(?P<person>[0-9]{{1,18}})\.(?P<ends_at>[0-9]{{1,18}})\.[0-9a-f]{{32}}")
RANK = {Role.ANNOTATOR: 0, Role.EXPERT: 1, Role.OWNER: 2}


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that lets one person in until it expires or is revoked. It is shown once: the store keeps only its hash."""

    person: Annotator
    link: str
    expires_at: datetime
    is_new: bool


def may(person: Annotator, role: Role) -> bool:
    """Whether the person has this role's rights: each role has all the rights of the roles below it."""
    return person.active and RANK[person.role] >= RANK[role]


def invite(
    workspace: Workspace,
    name: str,
    role: Role | None,
    now: datetime,
    *,
    by: Annotator | None = None,
    person: AnnotatorId | None = None,
    another: bool = False,
) -> Invitation:
    """A new link for the person of this name or number, who is added if new (as an annotator if no role is given); older links end.

    `another` adds a person whose name somebody has already. `by` is the person who invites, None the command line, which alone may give a
    known person another role. Raises NotAllowed if `role`, or the person's present role, is above that of `by`, or if it would change the
    last owner's role; UnknownPerson for an unknown number; InvalidInput for an empty or overlong name, one that several people share, and
    if `by` names a role for a known person.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    expires_at = now + timedelta(days=workspace.settings.invitation_days)
    with workspace.store.writing() as c:
        known = None if another else _known(c, name, person)
        if known is None:
            _must_reach(by, role or Role.ANNOTATOR)
        invited = known or people.add(c, name, role or Role.ANNOTATOR, now)
        _must_reach(by, invited.role)
        if by is not None and role and known:
            raise InvalidInput("Cannot invite", [Problem("name", KNOWN)], "Nothing was changed.")
        if role and role != invited.role:
            _set_role(c, invited, role)
        if not invited.active:
            people.set_active(c, invited.id, True)
        people.revoke_invitations(c, invited.id, now)
        people.invite(c, invited.id, hash_of(token), now, expires_at)
        invited = people.get(c, invited.id)
    return Invitation(invited, f"{address_for_links(workspace)}/sign-in/{token}", expires_at, known is None)


def known(workspace: Workspace, name: str, person: AnnotatorId | None = None) -> Annotator | None:
    """Whom an invitation would be for, None if a new person. Raises UnknownPerson for an unknown number, InvalidInput for a shared name."""
    with workspace.store.reading() as c:
        return _known(c, name, person)


def own_name(person: Annotator) -> str:
    """A person's name without the number that tells them apart from others of this name."""
    return person.name.removesuffix(f" ({person.id})")


def address_for_links(workspace: Workspace) -> str:
    """Where links lead: `public_url`, else where the workspace is served now, else where it would be."""
    return workspace.settings.address if workspace.settings.public_url else served_at(workspace) or workspace.settings.address


def who_is_invited(workspace: Workspace, token: str, now: datetime) -> Annotator:
    """The person whom a link is for. Raises InvitationInvalid."""
    with workspace.store.reading() as c:
        return people.invitation(c, hash_of(token), now)


def accept_invitation(workspace: Workspace, token: str, now: datetime) -> tuple[Annotator, str]:
    """Exchange a link for a session: the person, and the secret for their browser. Raises InvitationInvalid.

    Where the store is read-only, the secret is one that the workspace's key vouches for, and lasts a day.
    """
    invited = who_is_invited(workspace, token, now)  # a guess waits for no writer, and lets none wait
    secret = secrets.token_urlsafe(TOKEN_BYTES)
    try:
        with workspace.store.writing() as c:
            person = people.invitation(c, hash_of(token), now)
            people.open_session(c, person.id, hash_of(secret), now, now + timedelta(days=workspace.settings.session_days))
    except StoreReadOnly:
        return invited, _vouched(workspace, invited.id, int((now + VOUCHED_FOR).timestamp()))
    return person, secret


def person_of_session(workspace: Workspace, secret: str, now: datetime) -> Annotator | None:
    """The person to whom a browser's secret belongs; None if the session has ended or the person was deactivated."""
    with workspace.store.reading() as c:
        person = people.session(c, hash_of(secret), now) or _person_vouched_for(c, workspace, secret, now)
    return person if person is not None and person.active else None


def _vouched(workspace: Workspace, person: AnnotatorId, ends_at: int) -> str:
    """A secret without a row: the person and the end (seconds since 1970), with their HMAC by the workspace's key."""
    return f"{VOUCHED}.{person}.{ends_at}.{workspace.token('session', str(person), str(ends_at))}"


def _person_vouched_for(c: Connection, workspace: Workspace, secret: str, now: datetime) -> Annotator | None:
    """The person whom such a secret names. It counts only while the store is read-only: nobody could end it there, nor anything else."""
    parts = VOUCHED_SECRET.fullmatch(secret)
    if not parts or not workspace.store.is_read_only or int(parts["ends_at"]) < now.timestamp():
        return None
    person, ends_at = AnnotatorId(int(parts["person"])), int(parts["ends_at"])
    is_ours = hmac.compare_digest(secret, _vouched(workspace, person, ends_at))
    return people.get(c, person) if is_ours else None


def extend_session(workspace: Workspace, secret: str, now: datetime) -> None:
    """Keep a browser signed in for another `session_days`."""
    with workspace.store.writing() as c:
        people.extend_session(c, hash_of(secret), now + timedelta(days=workspace.settings.session_days))


def sign_out(workspace: Workspace, secret: str) -> None:
    """End one browser's session, if there is one."""
    with workspace.store.reading() as c:
        if people.session_expiry(c, hash_of(secret)) is None:
            return
    with workspace.store.writing() as c:
        people.close_session(c, hash_of(secret))


def set_preferences(workspace: Workspace, person: Annotator, chosen: Preferences) -> None:
    """Store a person's own settings; nobody can change another person's."""
    with workspace.store.writing() as c:
        people.set_preferences(c, person.id, chosen)


def change_role(workspace: Workspace, person: AnnotatorId, role: Role, *, by: Annotator) -> Annotator:
    """Give a person another role. Raises NotAllowed above the role of `by`, and for the last active owner."""
    with workspace.store.writing() as c:
        before = people.get(c, person)
        _must_reach(by, max(role, before.role, key=RANK.__getitem__))
        _set_role(c, before, role)
        return people.get(c, person)


def deactivate(workspace: Workspace, person: AnnotatorId, now: datetime, *, by: Annotator) -> Annotator:
    """Deactivate a person: sessions and links end, every answer stays. Raises NotAllowed for the last active owner."""
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
    """Revoke a person's open invitation links; they stay signed in. Raises NotAllowed above the role of `by`."""
    with workspace.store.writing() as c:
        invited = people.get(c, person)
        _must_reach(by, invited.role)
        people.revoke_invitations(c, person, now)
        return invited


def everyone(workspace: Workspace) -> list[Annotator]:
    """Every person of the workspace, by name."""
    with workspace.store.reading() as c:
        return people.everyone(c)


def hash_of(secret: str) -> str:
    """The hash under which a link or a session is stored: SHA-256 suffices for 192 random bits (a password would need a slow hash)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _known(c: Connection, name: str, person: AnnotatorId | None) -> Annotator | None:
    if person is not None:
        return people.get(c, person)
    try:
        return people.find(c, name)
    except UnknownPerson:
        return None


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
