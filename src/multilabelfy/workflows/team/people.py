"""Invite people and give them roles, none above one's own. What a link is exchanged for is next door, in `sessions`."""

from dataclasses import replace
from datetime import datetime, timedelta

from multilabelfy.annotation.access.security_events import EventKind, SecurityEvent
from multilabelfy.annotation.model import Annotator, AnnotatorId, Role
from multilabelfy.annotation.preferences import Preferences
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.errors import InvalidInput, NotAllowed, Problem, UnknownPerson
from multilabelfy.store import members, people, security_events
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets
from multilabelfy.workflows.team import links
from multilabelfy.workflows.team.links import Invitation, hash_of
from multilabelfy.workflows.workspace import Workspace

ONCE_FOR = timedelta(minutes=15)
GONE = "This person’s name was erased: nobody can be let in under it. Invite them anew."
ELSEWHERE = "This is somebody who cast imported votes elsewhere, and cannot be let in. Invite them under a name of their own."
SEVERAL = "There are several datasets: say which one they are to work on."
KNOWN = "Somebody already has this name, and was not changed: a new link and another role are under “Manage” beside the name."
RANK = {Role.ANNOTATOR: 0, Role.EXPERT: 1, Role.OWNER: 2}


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
    own_secret: str = "",
    dataset: str | None = None,
) -> Invitation:
    """A new link for the person of this name or number, who is added if new (as an annotator if no role is given); their older links and
    their sessions end, but for the one of `own_secret`.

    With `dataset` the role is one in that dataset, whose team the person joins; without, somebody who is in no team joins that of the only
    dataset.

    `another` adds a person whose name somebody has already. `by` is the person who invites, None the command line, which alone may give a
    known person another role. Raises NotAllowed if `role`, or the person's present role, is above that of `by`, or if it would change the
    last owner's role; UnknownPerson for an unknown number; InvalidInput for an empty or overlong name, one that several people share, and
    if `by` names a role for a known person.
    """
    with workspace.store.writing() as c:
        known = None if another else _known(c, name, person)
        if known is None:
            must_reach(by, role or Role.ANNOTATOR)
        team = _team_to_join(c, known, role, dataset)
        invited = known or people.add(c, name, _first_role(role, dataset), now)
        must_reach(by, invited.role)
        if invited.has_left or people.is_rater(c, invited.id):
            raise NotAllowed(GONE if invited.has_left else ELSEWHERE)
        if by is not None and role and known:
            raise InvalidInput("Cannot invite", [Problem("name", KNOWN)], "Nothing was changed.")
        if role and dataset is None and role != invited.role:
            _set_role(c, invited, role, now, by)
        if team is not None and (role or members.role_in(c, team.id, invited) is None):
            join_team(c, team, invited, role or invited.role, now, by)
        if not invited.active:
            people.set_active(c, invited.id, True)
        links.access_ends(c, invited, now, own_secret)
        return replace(links.new_link(c, workspace, people.get(c, invited.id), now, by), is_new=known is None)


def link_for_once(workspace: Workspace, name: str, now: datetime) -> Invitation:
    """A link that works once, within ONCE_FOR, for somebody who is asked again who they are; other links and sessions stay. Raises
    UnknownPerson, InvalidInput if several share the name, and NotAllowed for somebody blocked."""
    with workspace.store.writing() as c:
        person = people.find(c, name)
        if not person.active:
            raise NotAllowed(f"{person.name} is blocked. Make them a new link with `multilabelfy invite`.")
        return links.link_to_confirm(c, workspace, person, now, ONCE_FOR)


def known(workspace: Workspace, name: str, person: AnnotatorId | None = None) -> Annotator | None:
    """Whom an invitation would be for, None if a new person. Raises UnknownPerson for an unknown number, InvalidInput for a shared name."""
    with workspace.store.reading() as c:
        return _known(c, name, person)


def person_called(workspace: Workspace, name: str) -> Annotator:
    """The person of this name. Raises UnknownPerson, and InvalidInput if several share it."""
    with workspace.store.reading() as c:
        return people.find(c, name)


def is_owner(workspace: Workspace, person: AnnotatorId) -> bool:
    """Whether somebody owns the workspace or a dataset: a link for them gives more than answers. Raises UnknownPerson."""
    with workspace.store.reading() as c:
        return Role.OWNER in (people.get(c, person).role, *members.roles_of(c, person).values())


def own_name(person: Annotator) -> str:
    """A person's name without the number that tells them apart from others of this name."""
    return person.name.removesuffix(f" ({person.id})")


def who_is_invited(workspace: Workspace, token: str, now: datetime) -> Annotator:
    """The person whom a link is for. Raises InvitationInvalid."""
    with workspace.store.reading() as c:
        return people.invitation(c, hash_of(token), now)


def set_preferences(workspace: Workspace, person: Annotator, chosen: Preferences) -> None:
    """Store a person's own settings; nobody can change another person's."""
    with workspace.store.writing() as c:
        people.set_preferences(c, person.id, chosen)


def change_role(
    workspace: Workspace, person: AnnotatorId, role: Role, now: datetime, *, by: Annotator, own_secret: str = ""
) -> Invitation | None:
    """Give a person another role: their links and sessions end, but for the one of `own_secret`, and the link by which they come back is
    returned. None where nothing changed, or nothing is to be handed over (`links.comes_back`).

    Raises NotAllowed above the role of `by`, and for the last active owner.
    """
    with workspace.store.writing() as c:
        before = people.get(c, person)
        must_reach(by, max(role, before.role, key=RANK.__getitem__))
        if {role} == {before.role, *members.roles_of(c, person).values()}:
            return None
        _set_role(c, before, role, now, by)
        return links.comes_back(c, workspace, before, now, by=by, own_secret=own_secret)


def deactivate(workspace: Workspace, person: AnnotatorId, now: datetime, *, by: Annotator, own_secret: str = "") -> Annotator:
    """Deactivate a person: sessions and links end, also those that they made for others, but for the session of `own_secret` (of `by`);
    every answer stays. Raises NotAllowed for the last active owner."""
    with workspace.store.writing() as c:
        before = people.get(c, person)
        must_reach(by, before.role)
        must_leave_an_owner(c, before)
        people.set_active(c, person, False)
        links.access_ends(c, before, now, own_secret if by.id != person else "")
        _log(c, EventKind.BLOCKED, now, by, before)
        return people.get(c, person)


def revoke_links(workspace: Workspace, person: AnnotatorId, now: datetime, *, by: Annotator) -> Annotator:
    """Revoke a person's open invitation links; they stay signed in. Raises NotAllowed above the role of `by`."""
    with workspace.store.writing() as c:
        invited = people.get(c, person)
        must_reach(by, invited.role)
        people.revoke_invitations(c, person, now)
        _log(c, EventKind.LINKS_ENDED, now, by, invited)
        return invited


def teams_of_all(workspace: Workspace) -> dict[AnnotatorId, dict[str, Role]]:
    """The datasets whose teams each person is in, with their role there; owners of the workspace are in all of them."""
    with workspace.store.reading() as c:
        return members.roles_of_all(c)


def datasets_to_join(workspace: Workspace) -> list[str]:
    """The datasets that a new person may be invited to."""
    with workspace.store.reading() as c:
        return [dataset.name for dataset in datasets.all_datasets(c) if not dataset.is_archived]


def everyone(workspace: Workspace, name: str | None = None) -> list[Annotator]:
    """Every person of the workspace, by name; told apart as the dataset of this name knows them. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        return people.everyone(c, None if name is None else datasets.find(c, name).id)


def _known(c: Connection, name: str, person: AnnotatorId | None) -> Annotator | None:
    if person is not None:
        return people.get(c, person)
    try:
        return people.find(c, name)
    except UnknownPerson:
        return None


def must_reach(by: Annotator | None, role: Role) -> None:
    """Raise NotAllowed if the role is above that of `by`; None is the command line."""
    if by is not None and not may(by, role):
        raise NotAllowed(f"{by.name} is {by.role.value} and cannot act on the role {role.value}: nobody grants above themselves.")


def _set_role(c: Connection, person: Annotator, role: Role, now: datetime, by: Annotator | None) -> None:
    if role is not Role.OWNER:
        must_leave_an_owner(c, person)
    people.set_role(c, person.id, role)
    members.set_role_everywhere(c, person.id, role)
    if person.role is Role.OWNER:  # they saw every dataset, and go on to
        for dataset in datasets.all_datasets(c):
            members.join(c, dataset.id, person.id, role, now)
    _log(c, EventKind.ROLE_CHANGED, now, by, person, f"{person.role.value} → {role.value}")


def join_team(c: Connection, dataset: StoredDataset, person: Annotator, role: Role, now: datetime, by: Annotator | None) -> None:
    """Put somebody into a dataset's team with this role there; an owner of the workspace is in it already."""
    if not person.owns_workspace:
        members.join(c, dataset.id, person.id, role, now)
        event = SecurityEvent(EventKind.JOINED, now, by.id if by else None, person.id, dataset.name, role.value)
        security_events.add(c, event)


def _first_role(role: Role | None, dataset: str | None) -> Role:
    """What a new person is in the workspace: an owner of one dataset does not own the others."""
    return Role.ANNOTATOR if dataset is not None and role is Role.OWNER else role or Role.ANNOTATOR


def _team_to_join(c: Connection, known: Annotator | None, role: Role | None, dataset: str | None) -> StoredDataset | None:
    """The dataset that is named, or the only one for somebody who is in none yet. Raises InvalidInput if it would have to be guessed."""
    if dataset is not None:
        return datasets.find(c, dataset)
    if role is Role.OWNER or (known is not None and (known.owns_workspace or members.roles_of(c, known.id))):
        return None
    present = [stored for stored in datasets.all_datasets(c) if not stored.is_archived]
    if len(present) > 1 and known is None:
        raise InvalidInput("Cannot invite", [Problem("dataset", SEVERAL)], "Name its dataset: `invite NAME --dataset DATASET`.")
    return present[0] if len(present) == 1 else None


def _log(c: Connection, kind: EventKind, now: datetime, by: Annotator | None, about: Annotator, detail: str = "") -> None:
    """Write down what was done to a person's access."""
    security_events.add(c, SecurityEvent(kind, now, by.id if by else None, about.id, detail=detail))


def must_leave_an_owner(c: Connection, leaving: Annotator) -> None:
    """Raise NotAllowed if this person is the last active owner."""
    others = [person for person in people.everyone(c) if person.active and person.role is Role.OWNER and person.id != leaving.id]
    if leaving.role is Role.OWNER and not others:
        raise NotAllowed(f"{leaving.name} is the last owner. Make somebody else an owner first.")
