"""Erase somebody's name while their answers stay, under the pseudonym that they always had in exports.

What goes: the name (they are "person 7" from now on, and "somebody who left" beside comments), their settings, links, sessions with devices
and addresses, teams, and addresses in the log of security events. What stays: answers, decisions, notes and their texts, and what the log
says they did. Copies made before, and whatever was exported with names, still have the name.
"""

from datetime import datetime

from multilabelfy.annotation.access.security_events import EventKind, SecurityEvent
from multilabelfy.annotation.model import Annotator, AnnotatorId
from multilabelfy.errors import AnswerRefused
from multilabelfy.store import members, people, security_events
from multilabelfy.workflows.team.links import access_ends
from multilabelfy.workflows.team.people import must_leave_an_owner, must_reach, own_name
from multilabelfy.workflows.workspace import Workspace

OTHER_NAME = "This is not the name of the person: nothing was erased."
LEFT = "This person’s name was erased already."


def to_be_erased(workspace: Workspace, person: AnnotatorId) -> Annotator:
    """Whom an erasure would be about. Raises UnknownPerson."""
    with workspace.store.reading() as c:
        return people.get(c, person)


def erase(
    workspace: Workspace, person: AnnotatorId, again: str, now: datetime, *, by: Annotator | None = None, own_secret: str = ""
) -> Annotator:
    """Erase a person's name; returns the person as they are called now. `again` is the name as it was written once more.

    Raises AnswerRefused if the names differ or the name is erased already, NotAllowed above the role of `by` and for the last owner.
    """
    with workspace.store.writing() as c:
        before = people.get(c, person)
        must_reach(by, before.role)
        if before.has_left:
            raise AnswerRefused({"name": LEFT})
        if " ".join(again.split()) != own_name(before):
            raise AnswerRefused({"name": OTHER_NAME})
        must_leave_an_owner(c, before)
        members.leave_all(c, person)
        people.erase(c, person, now)
        access_ends(c, before, now, own_secret)
        security_events.forget_addresses(c, person)
        security_events.add(c, SecurityEvent(EventKind.ERASED, now, by.id if by else None, person))
        return people.get(c, person)
