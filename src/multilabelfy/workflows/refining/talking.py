"""Experts discuss an image: write a note, pass it on to somebody else, or reopen a decided one. All of it stays in its history."""

from dataclasses import replace
from datetime import datetime

from multilabelfy.annotation.answers import CLIENT_ID, MAX_NOTE, further_id
from multilabelfy.annotation.assignment import AssignmentState
from multilabelfy.annotation.model import Annotator, AnnotatorId, AssignmentId, Role
from multilabelfy.dataset.image_states import DECIDED
from multilabelfy.dataset.model import ImageId
from multilabelfy.errors import AnswerRefused, NotAllowed
from multilabelfy.refinement.discussion import Remark, RemarkKind
from multilabelfy.store.database.connection import Connection
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
    workspace: Workspace,
    name: str,
    expert: Annotator,
    assignment_id: AssignmentId,
    client_id: str,
    text: str,
    now: datetime,
    *,
    by_form: bool = False,
) -> None:
    """Append a note; the same note under the same id changes nothing. Raises AnswerRefused if it is empty or too long.

    A different note under a used id is a further note if it came `by_form`, from a page without scripts, and raises AnswerIdUsed otherwise.
    """
    with at_work(workspace, name, expert, now) as at:
        c, dataset, assignment = at.c, at.dataset, own_assignment(at, expert, assignment_id)
        if not is_open_to(c, dataset, expert, assignment):
            raise NotAllowed("Notes appear once you have answered: decide first.")
        note = Remark(client_id, assignment.image, expert.id, RemarkKind.NOTE, _checked(client_id, text), now)
        remarks.append(c, _as_further(c, note) if by_form else note, dataset.id)


def pass_on(
    workspace: Workspace,
    name: str,
    expert: Annotator,
    assignment_id: AssignmentId,
    client_id: str,
    text: str,
    now: datetime,
    *,
    to: AnnotatorId | None = None,
    by_form: bool = False,
) -> None:
    """Pass an image on to another expert: the named one, or otherwise anybody else. The note says why.

    Raises AnswerRefused without a note, or if nobody (or not the named person) may decide on it, and AnswerIdUsed as `add_note` does.
    """
    with at_work(workspace, name, expert, now) as at:
        c, dataset, assignment = at.c, at.dataset, own_assignment(at, expert, assignment_id)
        if assignment.state is AssignmentState.ANSWERED:
            raise NotAllowed("You have decided on this picture. Bring it back from its page if somebody else should decide again.")
        others = others_who_may(c, assignment.dataset, expert, assignment.image)
        if not others or (to is not None and to not in {other.id for other in others}):
            raise AnswerRefused({"to": NOBODY_ELSE if not others else "This person may not decide on this picture: choose another one."})
        remark = Remark(client_id, assignment.image, expert.id, RemarkKind.PASSED, _checked(client_id, text), now, to)
        if remarks.append(c, _as_further(c, remark) if by_form else remark, dataset.id):
            assignments.give_back(c, assignment.id)


def bring_back(workspace: Workspace, name: str, person: Annotator, image: ImageId, client_id: str, text: str, now: datetime) -> None:
    """Return a decided image to the queue, with the reason; earlier decisions stay in its history. Raises UnknownImage.

    The same reason under the same id changes nothing. If the image was already reopened, the reason is kept as a note.
    """
    with workspace.store.writing() as c:
        dataset = datasets.find(c, name)
        stored = images.get_in(c, dataset, image)
        remark = _as_further(c, Remark(client_id, image, person.id, RemarkKind.REOPENED, _checked(client_id, text), now))
        if remarks.by_client_id(c, remark.client_id) is not None:
            return
        if person.role is not Role.OWNER and stored.state not in DECIDED:
            raise NotAllowed("Experts can bring back only what experts decided. Ask an owner to send this image to an expert.")
        kind = RemarkKind.REOPENED if reopen_in(c, dataset, image) else RemarkKind.NOTE
        remarks.append(c, replace(remark, kind=kind), dataset.id)


def _as_further(c: Connection, remark: Remark) -> Remark:
    """The remark, under an id of its own if another remark used its id: the browser's Back button brings a page back with its old id."""
    stored = remarks.by_client_id(c, remark.client_id)
    if stored is None or remark.repeats(stored):
        return remark
    return replace(remark, client_id=further_id(remark.client_id, remark.image, remark.author, remark.text, remark.to))


def _checked(client_id: str, text: str) -> str:
    note = text.strip()
    if not CLIENT_ID.fullmatch(client_id):
        raise AnswerRefused({"id": "The form no longer matches this page: reload it and try again."})
    if not note:
        raise AnswerRefused({"text": NOTHING_SAID})
    if len(note) > MAX_NOTE:
        raise AnswerRefused({"text": f"The note has {len(note):,} characters; at most {MAX_NOTE:,} are allowed."})
    return note
