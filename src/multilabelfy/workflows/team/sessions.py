"""Let people in and keep them signed in: a link is exchanged for a session, which ends by its days or by its person."""

import hmac
import re
import secrets
from datetime import datetime, timedelta

from multilabelfy.annotation.access.security_events import EventKind, SecurityEvent
from multilabelfy.annotation.access.sessions import Device, Session, SignedIn
from multilabelfy.annotation.model import Annotator, AnnotatorId
from multilabelfy.errors import StoreReadOnly
from multilabelfy.store import members, people, security_events
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets
from multilabelfy.workflows.team.links import TOKEN_BYTES, hash_of
from multilabelfy.workflows.team.people import must_reach, who_is_invited
from multilabelfy.workflows.workspace import Workspace

VOUCHED = "read-only"
VOUCHED_FOR = timedelta(days=1)
VOUCHED_SECRET = re.compile(rf"{VOUCHED}\.(?P<person>[0-9]{{1,18}})\.(?P<ends_at>[0-9]{{1,18}})\.[0-9a-f]{{32}}")


def accept_invitation(
    workspace: Workspace, token: str, now: datetime, *, device: Device = people.UNKNOWN, address: str = ""
) -> tuple[Annotator, str]:
    """Exchange a link for a session: the person, and the secret for their browser. Raises InvitationInvalid.

    Where the store is read-only, the secret is one that the workspace's key vouches for, and lasts a day.
    """
    invited = who_is_invited(workspace, token, now)  # a guess waits for no writer, and lets none wait
    secret = secrets.token_urlsafe(TOKEN_BYTES)
    try:
        with workspace.store.writing() as c:
            person = people.invitation(c, hash_of(token), now)
            is_first = people.use_invitation(c, hash_of(token), now)
            ends_at = _ends_at(workspace, now, now)
            people.open_session(
                c, person.id, hash_of(secret), now, ends_at, device=device, address=address, proven=is_first, opened_by=hash_of(token)
            )
            security_events.add(c, SecurityEvent(EventKind.SIGNED_IN, now, person.id, address=address))
    except StoreReadOnly:
        with workspace.store.reading() as c:
            return invited, _vouched(c, workspace, invited.id, int((now + VOUCHED_FOR).timestamp()))
    return person, secret


def person_of_session(workspace: Workspace, secret: str, now: datetime, dataset: str = "") -> SignedIn | None:
    """Whose a browser's secret is, with their role in this dataset; None if the session has ended or the person was deactivated."""
    with workspace.store.asking() as c:
        signed_in = people.session(c, hash_of(secret), now, dataset) or _vouched_for(c, workspace, secret, now, dataset)
    return signed_in if signed_in is not None and signed_in.person.active else None


def extend_session(workspace: Workspace, secret: str, now: datetime) -> None:
    """Keep a browser signed in for another `session_days`, but no longer than `session_max_days` from the beginning."""
    with workspace.store.writing() as c:
        opened_at = people.opened_at(c, hash_of(secret))
        if opened_at is not None:
            people.extend_session(c, hash_of(secret), now, _ends_at(workspace, opened_at, now))


def sign_out(workspace: Workspace, secret: str) -> None:
    """End one browser's session, if there is one."""
    with workspace.store.reading() as c:
        if people.opened_at(c, hash_of(secret)) is None:
            return
    with workspace.store.writing() as c:
        people.close_session(c, hash_of(secret))


def sessions_of(workspace: Workspace, person: AnnotatorId, now: datetime) -> list[Session]:
    """Where a person is signed in, the session that was used last first."""
    with workspace.store.reading() as c:
        return list(people.sessions_of(c, person, now).values())


def key_of(secret: str) -> str:
    """What names the session of a browser's secret in a list."""
    return hash_of(secret)[: people.KEY_DIGITS]


def end_session(workspace: Workspace, person: Annotator, key: str, now: datetime) -> None:
    """End one of a person's own sessions. One that has ended already is fine."""
    with workspace.store.writing() as c:
        for token_hash, session in people.sessions_of(c, person.id, now).items():
            if session.key == key:
                people.close_session(c, token_hash)
                security_events.add(c, SecurityEvent(EventKind.SESSION_ENDED, now, person.id, detail=session.device.stored().strip("/")))


def sign_out_everywhere(workspace: Workspace, person: AnnotatorId, now: datetime, *, by: Annotator) -> Annotator:
    """End all sessions of a person; their open link stays. Raises NotAllowed above the role of `by`."""
    with workspace.store.writing() as c:
        signed_in = people.get(c, person)
        must_reach(by, signed_in.role)
        people.close_sessions_of(c, person)
        security_events.add(c, SecurityEvent(EventKind.SIGNED_OUT, now, by.id, signed_in.id))
        return signed_in


def _ends_at(workspace: Workspace, opened_at: datetime, now: datetime) -> datetime:
    settings = workspace.settings
    return min(now + timedelta(days=settings.session_days), opened_at + timedelta(days=settings.session_max_days))


def _vouched(c: Connection, workspace: Workspace, person: AnnotatorId, ends_at: int) -> str:
    """A secret without a row: the person and the end (seconds since 1970), with their HMAC by the workspace's key.

    It holds for the rights and the links that the person has now: what ends other sessions ends this one.
    """
    roles = sorted((dataset, role.value) for dataset, role in members.roles_of(c, person).items())
    rights = f"{people.get(c, person).role.value} {roles} {people.open_links(c, person)}"
    return f"{VOUCHED}.{person}.{ends_at}.{workspace.token('session', str(person), str(ends_at), rights)}"


def _vouched_for(c: Connection, workspace: Workspace, secret: str, now: datetime, dataset: str) -> SignedIn | None:
    """The person whom such a secret names. It counts only while the store is read-only: nobody could end it there, nor anything else."""
    parts = VOUCHED_SECRET.fullmatch(secret)
    if not parts or not workspace.store.is_read_only or int(parts["ends_at"]) < now.timestamp():
        return None
    person, ends_at = AnnotatorId(int(parts["person"])), int(parts["ends_at"])
    is_ours = people.is_there(c, person) and hmac.compare_digest(secret, _vouched(c, workspace, person, ends_at))
    if not is_ours:
        return None
    roles = {stored.name: members.role_in(c, stored.id, people.get(c, person)) for stored in datasets.all_datasets(c)}
    return SignedIn(people.get(c, person), roles.get(dataset))
