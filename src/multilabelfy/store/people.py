"""The people of a workspace, their roles, the links that invite them, and their sessions.

Two people may share a name: whoever does is read as `Ada (3)`, with their number, wherever people are named who may
hear of both. Links and sessions are stored
as hashes of their secrets, so that nobody can sign in with what the database holds.
"""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Text, and_, bindparam, cast, delete, exists, func, insert, or_, select, update

from multilabelfy.annotation.access.sessions import Device, Session, SignedIn
from multilabelfy.annotation.model import IMPORTED, Annotator, AnnotatorId, Role
from multilabelfy.annotation.preferences import Preferences
from multilabelfy.dataset.model import DatasetId
from multilabelfy.errors import InvalidInput, InvitationInvalid, Problem, UnknownPerson
from multilabelfy.plurals import there_are
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Prebuilt
from multilabelfy.store.schema import annotators, assignments, datasets, invitations, members, sessions

MAX_NAME = 100
MOST_SESSIONS = 50
KEY_DIGITS = 16
"""So much of a hash names a session in a list."""
UNKNOWN = Device()
_OTHER = annotators.alias()
_OWN, _THEIRS = members.alias(), members.alias()
_ARE_TOGETHER = (
    select(_OWN.c.dataset_id)
    .where(_OWN.c.annotator_id == annotators.c.id, _THEIRS.c.annotator_id == _OTHER.c.id, _OWN.c.dataset_id == _THEIRS.c.dataset_id)
    .correlate(annotators, _OTHER)
    .exists()
)
_IS_PLACED = select(_OWN.c.dataset_id).where(_OWN.c.annotator_id == annotators.c.id).correlate(annotators).exists()
_SHARED = (
    select(_OTHER.c.id)
    .where(_OTHER.c.name == annotators.c.name, _OTHER.c.id != annotators.c.id)
    .where(or_(_ARE_TOGETHER, ~_IS_PLACED, annotators.c.role == Role.OWNER.value, _OTHER.c.role == Role.OWNER.value))
    .correlate(annotators)
    .exists()
)
"""Whether somebody of their teams has the same name: whom they share no team with, nobody there may hear of."""
_PEOPLE = select(
    *[column for column in annotators.c if column is not annotators.c.preferences],
    cast(annotators.c.preferences, Text).label("preferences"),
    _SHARED.label("is_shared"),
)
_THERE = select(members.c.role).join(datasets, datasets.c.id == members.c.dataset_id).where(members.c.annotator_id == annotators.c.id)
_EVERYONE = select(
    *[column for column in annotators.c if column is not annotators.c.preferences],
    cast(annotators.c.preferences, Text).label("preferences"),
    (func.count().over(partition_by=annotators.c.name) > 1).label("is_shared"),
)
"""As `_PEOPLE` of everybody: a study of votes from elsewhere brings hundreds, whom nothing should compare with each other."""
_IS_ABOUT = or_(
    annotators.c.role == Role.OWNER.value,
    exists().where(members.c.annotator_id == annotators.c.id, members.c.dataset_id == bindparam("dataset")),
    exists().where(assignments.c.annotator_id == annotators.c.id, assignments.c.dataset_id == bindparam("dataset")),
)
_IN_DATASET = select(
    *[column for column in annotators.c if column is not annotators.c.preferences],
    cast(annotators.c.preferences, Text).label("preferences"),
    and_(_IS_ABOUT, func.count().over(partition_by=[annotators.c.name, _IS_ABOUT]) > 1).label("is_shared"),
)
"""As `_EVERYONE`, told apart only from those who are about the dataset."""
_HAS_IMPORTED = exists().where(assignments.c.annotator_id == annotators.c.id, assignments.c.policy == IMPORTED)
_OF_SESSION = Prebuilt(
    _PEOPLE.add_columns(_THERE.where(datasets.c.name == bindparam("named")).scalar_subquery().label("role_there"), sessions.c.proven_at)
    .join(sessions, sessions.c.annotator_id == annotators.c.id)
    .where(sessions.c.token_hash == bindparam("hash"), sessions.c.expires_at > bindparam("now"), annotators.c.active)
)


def add(c: Connection, name: str, role: Role, now: datetime) -> Annotator:
    """Add a person; somebody else may have the same name. Raises InvalidInput if it is empty or too long."""
    inserted = c.execute(insert(annotators).values(name=_fit_name(name), role=role.value, created_at=now).returning(annotators.c.id))
    return get(c, AnnotatorId(int(inserted.scalar_one())))


def get(c: Connection, annotator: AnnotatorId) -> Annotator:
    """The person of this id. Raises UnknownPerson."""
    row = c.execute(_PEOPLE.where(annotators.c.id == annotator)).one_or_none()
    if row is None:
        raise UnknownPerson(f"There is nobody with the number {annotator} in this workspace.")
    return _from_row(row)


def is_there(c: Connection, annotator: AnnotatorId) -> bool:
    """Whether there is a person of this number."""
    return c.execute(select(annotators.c.id).where(annotators.c.id == annotator)).first() is not None


def find(c: Connection, name: str) -> Annotator:
    """The person of this name, or `Ada (3)`. Raises UnknownPerson, which lists the known names, and InvalidInput where several share it."""
    matching = [person for person in everyone(c) if _trimmed(name) == person.name] or named(c, name)
    if not matching:
        names = [person.name for person in everyone(c)]
        raise UnknownPerson(f"There is nobody called '{name}' in this workspace. " + (there_are(names) if names else "Invite them first."))
    if len(matching) > 1:
        who = [Problem(f"number {person.id}", person.role.value + ("" if person.active else ", blocked")) for person in matching]
        raise InvalidInput(f"{len(matching)} people are called '{name}'", who, "Name one of them by --person NUMBER.")
    return matching[0]


def named(c: Connection, name: str) -> list[Annotator]:
    """Everybody of exactly this name, the first who came first."""
    return [_from_row(row) for row in c.execute(_PEOPLE.where(annotators.c.name == _trimmed(name)).order_by(annotators.c.id))]


def everyone(c: Connection, dataset: DatasetId | None = None) -> list[Annotator]:
    """Every person, by name and number. In a dataset only its team and those who have answered there are told apart by their numbers."""
    query = _EVERYONE if dataset is None else _IN_DATASET
    return [
        _from_row(row) for row in c.execute(query.order_by(annotators.c.name, annotators.c.id), {"dataset": dataset} if dataset else {})
    ]


def add_rater(c: Connection, name: str, now: datetime) -> AnnotatorId:
    """Add somebody who cast votes elsewhere: they answer for their votes here, and cannot sign in. Raises InvalidInput as `add`."""
    values = {"name": _fit_name(name), "role": Role.ANNOTATOR.value, "active": False, "created_at": now}
    return AnnotatorId(int(c.execute(insert(annotators).values(**values).returning(annotators.c.id)).scalar_one()))


def raters(c: Connection) -> set[AnnotatorId]:
    """Those who cast votes elsewhere."""
    query = select(annotators.c.id).where(~annotators.c.active, _HAS_IMPORTED)
    return {AnnotatorId(person) for person in c.execute(query).scalars()}


def is_rater(c: Connection, person: AnnotatorId) -> bool:
    """Whether somebody cast votes elsewhere."""
    return c.execute(select(annotators.c.id).where(annotators.c.id == person, _HAS_IMPORTED)).first() is not None


def names(c: Connection, dataset: DatasetId | None = None) -> dict[AnnotatorId, str]:
    """What everybody is called; people who share a name, in a dataset where one is named, have their numbers behind it."""
    return {person.id: person.name for person in everyone(c, dataset)}


def set_role(c: Connection, annotator: AnnotatorId, role: Role) -> None:
    """Give a person another role."""
    c.execute(update(annotators).where(annotators.c.id == annotator).values(role=role.value))


def set_active(c: Connection, annotator: AnnotatorId, active: bool) -> None:
    """Let a person in or keep them out; their answers stay."""
    c.execute(update(annotators).where(annotators.c.id == annotator).values(active=active))


def erase(c: Connection, annotator: AnnotatorId, now: datetime) -> None:
    """Take a person's name, settings, links and sessions away; SQLite writes over what its file still holds of them."""
    if c.dialect.name == "sqlite":
        c.exec_driver_sql("PRAGMA secure_delete = ON")
    nothing = {"name": f"person {annotator}", "active": False, "preferences": None, "erased_at": now}
    c.execute(update(annotators).where(annotators.c.id == annotator).values(**nothing))
    close_sessions_of(c, annotator)
    c.execute(delete(invitations).where(invitations.c.annotator_id == annotator))


def set_preferences(c: Connection, annotator: AnnotatorId, preferences: Preferences) -> None:
    """Store a person's own settings."""
    stored = {"language": preferences.language, "keys_on": preferences.keys_on, "keys": dict(preferences.keys), "theme": preferences.theme}
    c.execute(update(annotators).where(annotators.c.id == annotator).values(preferences=stored))


def invite(
    c: Connection,
    annotator: AnnotatorId,
    token_hash: str,
    now: datetime,
    expires_at: datetime,
    *,
    once: bool = False,
    made_by: AnnotatorId | None = None,
) -> None:
    """Store a link for this person, usable until it expires or is revoked, or once; `made_by` is None for the command line."""
    times = {"created_at": now, "expires_at": expires_at}
    c.execute(insert(invitations).values(annotator_id=annotator, token_hash=token_hash, once=once, made_by=made_by, **times))


def invited_by(c: Connection, maker: AnnotatorId) -> list[AnnotatorId]:
    """The other people for whom somebody ever made a link."""
    query = select(invitations.c.annotator_id).where(invitations.c.made_by == maker, invitations.c.annotator_id != maker)
    return [AnnotatorId(person) for person in c.execute(query.distinct().order_by(invitations.c.annotator_id)).scalars()]


def end_made_by(c: Connection, maker: AnnotatorId, annotator: AnnotatorId, now: datetime, but: str = "") -> None:
    """Revoke the links that `maker` made for a person, and end the sessions that these opened, but for the session of this hash."""
    made = (invitations.c.made_by == maker) & (invitations.c.annotator_id == annotator)
    opened = sessions.c.invitation_id.in_(select(invitations.c.id).where(made))
    c.execute(delete(sessions).where(opened, sessions.c.token_hash != but))
    c.execute(update(invitations).where(made, invitations.c.revoked_at.is_(None)).values(revoked_at=now))


def use_invitation(c: Connection, token_hash: str, now: datetime) -> bool:
    """Note that a link is used; whether this is the first time."""
    unused = (invitations.c.token_hash == token_hash) & invitations.c.used_at.is_(None)
    return bool(c.execute(update(invitations).where(unused).values(used_at=now)).rowcount)


def invitation(c: Connection, token_hash: str, now: datetime) -> Annotator:
    """The person whom a link invites. Raises InvitationInvalid if it is unknown, expired or revoked, or the person is inactive."""
    query = _person_of(invitations).add_columns(
        invitations.c.expires_at, invitations.c.revoked_at, invitations.c.used_at, invitations.c.once
    )
    row = c.execute(query.where(invitations.c.token_hash == token_hash)).one_or_none()
    if row is None or row.revoked_at is not None or not row.active or (row.once and row.used_at is not None):
        raise InvitationInvalid("This link does not work, or no longer works. Ask the owner of the study for a new one.")
    if row.expires_at <= now:
        raise InvitationInvalid(f"This link expired on {row.expires_at:%d %B %Y}. Ask the owner of the study for a new one.")
    return _from_row(row)


def open_links(c: Connection, annotator: AnnotatorId) -> list[int]:
    """The numbers of a person's links that were not revoked."""
    query = select(invitations.c.id).where(invitations.c.annotator_id == annotator, invitations.c.revoked_at.is_(None))
    return list(c.execute(query.order_by(invitations.c.id)).scalars())


def revoke_invitations(c: Connection, annotator: AnnotatorId, now: datetime) -> None:
    """Revoke all links of a person."""
    valid = (invitations.c.annotator_id == annotator) & invitations.c.revoked_at.is_(None)
    c.execute(update(invitations).where(valid).values(revoked_at=now))


def end_everybodys_access(c: Connection, now: datetime) -> None:
    """Revoke all links and end all sessions of the workspace."""
    c.execute(update(invitations).where(invitations.c.revoked_at.is_(None)).values(revoked_at=now))
    c.execute(delete(sessions))


def open_session(
    c: Connection,
    annotator: AnnotatorId,
    token_hash: str,
    now: datetime,
    expires_at: datetime,
    *,
    device: Device = UNKNOWN,
    address: str = "",
    proven: bool = False,
    opened_by: str = "",
) -> None:
    """Open a session for a person; `proven` if a link was used that was not before, `opened_by` the hash of that link.

    Sessions that have ended are deleted, and of more than MOST_SESSIONS the oldest.
    """
    c.execute(delete(sessions).where(sessions.c.expires_at <= now))
    oldest = select(sessions.c.token_hash).where(sessions.c.annotator_id == annotator).order_by(sessions.c.created_at.desc())
    for surplus in c.execute(oldest.offset(MOST_SESSIONS - 1)).scalars().all():
        close_session(c, surplus)
    opened = {
        "proven_at": now if proven else None,
        "created_at": now,
        "expires_at": expires_at,
        "seen_at": _hour(now),
        "device": device.stored(),
        "address": address,
        "invitation_id": select(invitations.c.id).where(invitations.c.token_hash == opened_by).scalar_subquery(),
    }
    c.execute(insert(sessions).values(token_hash=token_hash, annotator_id=annotator, **opened))


def session(c: Connection, token_hash: str, now: datetime, dataset: str = "") -> SignedIn | None:
    """Whose session this is, with their role in the dataset of this name; None if it is unknown or over, or the person is inactive."""
    row = _OF_SESSION.row(c, hash=token_hash, now=now, named=dataset)
    return None if row is None else SignedIn(_from_row(row), Role(row.role_there) if row.role_there else None, row.proven_at)


def sessions_of(c: Connection, annotator: AnnotatorId, now: datetime) -> dict[str, Session]:
    """A person's open sessions by the hashes of their secrets, the one that was used last first."""
    query = select(sessions).where(sessions.c.annotator_id == annotator, sessions.c.expires_at > now)
    seen = func.coalesce(sessions.c.seen_at, sessions.c.created_at)
    return {row.token_hash: _session(row) for row in c.execute(query.order_by(seen.desc(), sessions.c.created_at.desc()))}


def opened_at(c: Connection, token_hash: str) -> datetime | None:
    """When a session was opened; None if there is none."""
    time: datetime | None = c.execute(select(sessions.c.created_at).where(sessions.c.token_hash == token_hash)).scalar_one_or_none()
    return time


def extend_session(c: Connection, token_hash: str, now: datetime, expires_at: datetime) -> None:
    """Note that a session is in use, and let it last until then."""
    c.execute(update(sessions).where(sessions.c.token_hash == token_hash).values(seen_at=_hour(now), expires_at=expires_at))


def close_session(c: Connection, token_hash: str) -> None:
    """Sign out here."""
    c.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


def close_sessions_of(c: Connection, annotator: AnnotatorId, but: str = "") -> None:
    """Sign a person out everywhere, or everywhere but in the session of this hash."""
    c.execute(delete(sessions).where(sessions.c.annotator_id == annotator, sessions.c.token_hash != but))


def _trimmed(name: str) -> str:
    return " ".join(name.split())


def _fit_name(name: str) -> str:
    trimmed = _trimmed(name)
    if not trimmed or len(trimmed) > MAX_NAME:
        fit = [Problem("name", f"a name has 1 to {MAX_NAME} characters")]
        raise InvalidInput(f"Cannot call a person '{trimmed}'", fit, "Choose another name.")
    return trimmed


def _person_of(table: Any) -> Select[Any]:
    return _PEOPLE.join(table, table.c.annotator_id == annotators.c.id)


def _hour(time: datetime) -> datetime:
    return time.replace(minute=0, second=0, microsecond=0)


def _session(row: Any) -> Session:
    times = (row.created_at, row.seen_at or row.created_at, row.expires_at)
    return Session(row.token_hash[:KEY_DIGITS], Device.of_text(row.device), row.address, *times)


def _from_row(row: Any) -> Annotator:
    name = f"{row.name} ({row.id})" if row.is_shared else row.name
    return _person(row.id, name, row.role, bool(row.active), row.preferences, row.erased_at is not None)


@lru_cache(maxsize=1024)
def _person(number: int, name: str, role: str, active: bool, preferences: str | None, has_left: bool) -> Annotator:
    """Whom these columns describe. Every request reads them: the same ones are the same person."""
    return Annotator(AnnotatorId(number), name, Role(role), active, _preferences(preferences), has_left=has_left)


def _preferences(text: str | None) -> Preferences:
    stored = json.loads(text) if text else None
    return Preferences(stored["language"], stored["keys_on"], stored["keys"], stored.get("theme", "")) if stored else Preferences()
