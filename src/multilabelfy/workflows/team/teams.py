"""The team of a dataset: see who is in it, add and remove people, and give them another role there.

Whoever is in no team of a dataset does not learn that it exists, and an owner of one dataset learns of nobody who is not in its team. A new
link lets whoever has it act in every dataset of its person: an owner of a dataset makes one only for people all of whose datasets they own.
"""

from dataclasses import dataclass
from datetime import datetime

from multilabelfy.annotation.access.security_events import EventKind, SecurityEvent
from multilabelfy.annotation.model import Annotator, AnnotatorId, Role, Task
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.errors import InvalidInput, NotAllowed, Problem, UnknownPerson
from multilabelfy.store import members, people, security_events
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets
from multilabelfy.workflows.team import links
from multilabelfy.workflows.team import people as inviting
from multilabelfy.workflows.team.links import Invitation
from multilabelfy.workflows.workspace import Workspace

OUTSIDE = "There is nobody with this number in the team."
ALREADY = "Somebody of this name is in the team already."
OTHERS = "This person is in other datasets too: only an owner of the workspace makes a new link for them."
EVERYWHERE = "Owners of the workspace own every dataset. Change that on the team page of the workspace."


@dataclass(frozen=True, slots=True)
class Team:
    """A dataset's team by name, with their roles there, and whom an owner of the workspace may add to it."""

    dataset: StoredDataset
    members: tuple[Annotator, ...]
    others: tuple[Annotator, ...]


def team_of(workspace: Workspace, name: str, *, by: Annotator | None = None) -> Team:
    """The team of a dataset. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        inside = members.team(c, dataset.id)
        numbers = {member.id for member in inside}
        others = [person for person in people.everyone(c) if person.id not in numbers and person.active] if _sees_all(by) else []
    return Team(dataset, tuple(inside), tuple(others))


def everyone_about(workspace: Workspace, name: str) -> list[Annotator]:
    """Everybody who is in a dataset's team or has answered in it, by name."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        numbers = {member.id for member in members.team(c, dataset.id)}
        numbers |= {person for task in Task for person, _, _ in annotations.effort(c, dataset.id, task)}
        return [person for person in people.everyone(c, dataset.id) if person.id in numbers]


def add_person(
    workspace: Workspace, name: str, who: str, role: Role, now: datetime, *, by: Annotator | None = None, another: bool = False
) -> Invitation | None:
    """Add the person of this name to a team; somebody new is invited. Their link is returned: whoever was known had others, which end.

    For an owner of the dataset alone, everybody outside the team is somebody new. Raises UnknownDataset, and InvalidInput for somebody in
    the team, unless it is `another` of this name, and for a name that does not fit.
    """
    with workspace.store.writing() as c:
        dataset = datasets.find(c, name)
        known = None if another else _known(c, dataset, who, by)
        if known is not None:
            if members.role_in(c, dataset.id, known) is not None:
                raise InvalidInput(f"Cannot add '{who}' to '{name}'", [Problem("name", ALREADY)])
            inviting.join_team(c, dataset, known, role, now, by)
            return links.comes_back(c, workspace, known, now, by=by)
    return inviting.invite(workspace, who, role, now, by=by, another=True, dataset=name)


def is_known(workspace: Workspace, name: str, who: str, *, by: Annotator) -> bool:
    """Whether `add_person` would give a role to somebody who is known, instead of inviting them. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        return _known(c, datasets.find(c, name), who, by) is not None


def add_known(workspace: Workspace, name: str, person: AnnotatorId, role: Role, now: datetime, *, by: Annotator) -> Invitation | None:
    """Add a known person by number; returns the link by which they come back. Raises NotAllowed unless `by` owns the workspace, and
    UnknownPerson."""
    if not by.owns_workspace:
        raise NotAllowed(OTHERS)
    with workspace.store.writing() as c:
        known = people.get(c, person)
        inviting.join_team(c, datasets.find(c, name), known, role, now, by)
        return None if known.owns_workspace else links.comes_back(c, workspace, known, now, by=by)


def change_role_there(
    workspace: Workspace, name: str, person: AnnotatorId, role: Role, now: datetime, *, by: Annotator, own_secret: str = ""
) -> Invitation | None:
    """Give a member another role in this dataset: their links and sessions end, but for the one of `own_secret`, and the link by which they
    come back is returned. None where the role was this one already, or nothing is to be handed over (`links.comes_back`).

    Raises UnknownPerson for somebody outside the team, NotAllowed for workspace owners.
    """
    with workspace.store.writing() as c:
        dataset, member = datasets.find(c, name), _member(c, name, person)
        if member.role is role:
            return None
        members.join(c, dataset.id, person, role, now)
        _log(c, EventKind.ROLE_CHANGED, now, by, member, dataset, f"{member.role.value} → {role.value}")
        return links.comes_back(c, workspace, member, now, by=by, own_secret=own_secret)


def remove(
    workspace: Workspace, name: str, person: AnnotatorId, now: datetime, *, by: Annotator | None = None, own_secret: str = ""
) -> Invitation | None:
    """Take somebody out of a team: they see no more of it, their links and sessions end, and their answers stay. Returns the link by which
    they come back to their other datasets. Raises as `change_role_there`."""
    with workspace.store.writing() as c:
        dataset, member = datasets.find(c, name), _member(c, name, person)
        members.leave(c, dataset.id, person)
        _log(c, EventKind.LEFT, now, by, member, dataset)
        if not members.roles_of(c, person):
            links.access_ends(c, member, now, own_secret)
            return None
        return links.comes_back(c, workspace, member, now, by=by, own_secret=own_secret)


def new_link(workspace: Workspace, name: str, person: AnnotatorId, now: datetime, *, by: Annotator, own_secret: str = "") -> Invitation:
    """A new link for a member. Raises UnknownPerson for somebody outside the team, NotAllowed where the link would open other datasets."""
    with workspace.store.reading() as c:
        if not links.may_make_link(c, by, _member(c, name, person)):
            raise NotAllowed(OTHERS)
    return inviting.invite(workspace, "", None, now, by=by, person=person, own_secret=own_secret)


def owns_anything(workspace: Workspace, name: str, person: AnnotatorId) -> bool:
    """Whether somebody of this team owns the workspace or a dataset. Raises UnknownPerson for whoever is outside, as for nobody."""
    with workspace.store.reading() as c:
        if person not in {member.id for member in members.team(c, datasets.find(c, name).id)}:
            raise UnknownPerson(OUTSIDE)
    return inviting.is_owner(workspace, person)


def _sees_all(by: Annotator | None) -> bool:
    return by is None or by.owns_workspace


def _known(c: Connection, dataset: StoredDataset, who: str, by: Annotator | None) -> Annotator | None:
    """The person of this name, among those whom `by` may know of."""
    if _sees_all(by):
        try:
            return people.find(c, who)
        except UnknownPerson:
            return None
    inside = [member for member in members.team(c, dataset.id) if " ".join(who.split()) in (member.name, inviting.own_name(member))]
    return inside[0] if inside else None


def _member(c: Connection, name: str, person: AnnotatorId) -> Annotator:
    """A member as they are in the team, who is not an owner of the workspace."""
    inside = {member.id: member for member in members.team(c, datasets.find(c, name).id)}
    if person not in inside:
        raise UnknownPerson(OUTSIDE)
    if inside[person].owns_workspace:
        raise NotAllowed(EVERYWHERE)
    return inside[person]


def _log(
    c: Connection, kind: EventKind, now: datetime, by: Annotator | None, about: Annotator, dataset: StoredDataset, detail: str = ""
) -> None:
    security_events.add(c, SecurityEvent(kind, now, by.id if by else None, about.id, dataset.name, detail))
