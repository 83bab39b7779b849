"""Experts talk about an image: a note, passing it on to somebody else, bringing a decided one back. All of it stays in its history."""

from datetime import datetime

from multilabelfy.annotation.answers import CLIENT_ID, MAX_NOTE
from multilabelfy.annotation.assignment import AssignmentState
from multilabelfy.annotation.model import Annotator, AnnotatorId, AssignmentId, Role
from multilabelfy.dataset.image_states import DECIDED
from multilabelfy.dataset.model import ImageId
from multilabelfy.errors import AnswerRefused, NotAllowed
from multilabelfy.refinement.discussion import Remark, RemarkKind
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.decisions import remarks
from multilabelfy.store.handing_out import assignments
from multilabelfy.workflows.at_work import at_work
from multilabelfy.workflows.refining.desk import own_assignment, reopen_in
from multilabelfy.workflows.refining.talk import is_open_to, others_who_may
from multilabelfy.workflows.workspace import Workspace

NOTHING_SAID = "Write a note first."
NOBODY_ELSE = "Nobody else may decide on this picture: there is no other expert who did not annotate it. Ask an owner to invite one."


def add_note(
    workspace: Workspace, name: str, expert: Annotator, assignment: AssignmentId, client_id: str, text: str, now: datetime
) -> None:
    """Append a note; an id that is there already changes nothing. Raises AnswerRefused for an empty or overlong one."""
    with at_work(workspace, name, expert, now) as at:
        c, dataset, handed = at.c, at.dataset, own_assignment(at, expert, assignment)
        if not is_open_to(c, dataset, expert, handed):
            raise NotAllowed("Notes open after your own answer: decide first.")
        remarks.append(c, Remark(client_id, handed.image, expert.id, RemarkKind.NOTE, _checked(client_id, text), now), dataset.id)


def pass_on(
    workspace: Workspace,
    name: str,
    expert: Annotator,
    assignment: AssignmentId,
    client_id: str,
    text: str,
    now: datetime,
    *,
    to: AnnotatorId | None = None,
) -> None:
    """Give an image back for another expert: the named one, else anybody but oneself. The note says why.

    Raises AnswerRefused where there is no note, or nobody (or not the named one) may decide on it.
    """
    with at_work(workspace, name, expert, now) as at:
        c, dataset, handed = at.c, at.dataset, own_assignment(at, expert, assignment)
        if handed.state is AssignmentState.ANSWERED:
            raise NotAllowed("You have decided on this picture. Bring it back from its page if somebody else should decide again.")
        others = others_who_may(c, expert, handed.image)
        if not others or (to is not None and to not in {other.id for other in others}):
            raise AnswerRefused({"to": NOBODY_ELSE if not others else "This person may not decide on this picture: choose another one."})
        remark = Remark(client_id, handed.image, expert.id, RemarkKind.PASSED, _checked(client_id, text), now, to)
        if remarks.append(c, remark, dataset.id):
            assignments.give_back(c, handed.id)


def bring_back(workspace: Workspace, name: str, person: Annotator, image: ImageId, client_id: str, text: str, now: datetime) -> None:
    """Bring a decided image back into the queue, with the reason; what was decided stays in its history. Raises UnknownImage."""
    with workspace.store.writing() as c:
        dataset = datasets.find(c, name)
        said = _checked(client_id, text)
        if person.role is not Role.OWNER and images.get(c, image).state not in DECIDED:
            raise NotAllowed("Experts bring back what experts decided. Ask an owner to send this image to an expert.")
        if reopen_in(c, dataset, image):
            remarks.append(c, Remark(client_id, image, person.id, RemarkKind.REOPENED, said, now), dataset.id)


def _checked(client_id: str, text: str) -> str:
    said = text.strip()
    if not CLIENT_ID.fullmatch(client_id):
        raise AnswerRefused({"id": "The form does not fit this page any more: reload it and try again."})
    if not said:
        raise AnswerRefused({"text": NOTHING_SAID})
    if len(said) > MAX_NOTE:
        raise AnswerRefused({"text": f"The note has {len(said):,} characters; {MAX_NOTE:,} are the most."})
    return said
