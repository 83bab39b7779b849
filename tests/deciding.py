"""Experts deciding in a study, straight through the workflows: what the tests of two experts, the audit and their report start from."""

from datetime import timedelta

from tests.answering import answer, person
from tests.studies import NOW, Study

from multilabelfy.annotation.model import Annotator, AssignmentId, Role
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.refinement.cases.decision import Decision
from multilabelfy.refinement.model import EmptyReason, Refinement
from multilabelfy.store.answers.annotations import check_same
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.decisions import refinements
from multilabelfy.store.handing_out import assignments
from multilabelfy.workflows.refining.cases import Case
from multilabelfy.workflows.refining.desk import decide, next_work

LATER = NOW + timedelta(minutes=5)


def expert(study: Study, name: str) -> Annotator:
    """An expert of this name."""
    return person(study, name, Role.EXPERT)


def case(study: Study, who: str) -> Case | None:
    """The case that this expert is handed, if there is one."""
    return next_work(study.workspace, "pilot", expert(study, who), NOW).case


def say(study: Study, who: str, *labels: int, reason: EmptyReason | None = None) -> AssignmentId:
    """This expert takes their next case and decides on it, in the blind style twice."""
    found = case(study, who)
    assert found is not None
    again(study, who, found.assignment, *labels, reason=reason)
    return found.assignment


def again(study: Study, who: str, assignment: AssignmentId, *labels: int, reason: EmptyReason | None = None) -> None:
    """This expert decides on a case of theirs until it is decided."""
    for _ in range(2):
        with study.workspace.store.reading() as c:
            n = sum(1 for _ in refinements.iterate(c, study.dataset.id))
        decision = Decision(f"{who}-{n}", frozenset(labels), reason=reason)
        if decide(study.workspace, "pilot", expert(study, who), assignment, decision, LATER + timedelta(seconds=n)).is_decided:
            return


def dispute(study: Study, image: int = 0) -> None:
    """Ada and Bob disagree."""
    answer(study, "Ada", image, [image])
    answer(study, "Bob", image, [image + 1])


def agree(study: Study, image: int = 0) -> None:
    """Ada and Bob agree on one label."""
    answer(study, "Ada", image, [image])
    answer(study, "Bob", image, [image])


def append_decision(c: Connection, refinement: Refinement, *, dataset: DatasetId, assignment: AssignmentId) -> Refinement:
    """Store a decision and return it with its revision; if its `client_id` is already stored, nothing changes.

    The decision marks its assignment answered; a blind answer leaves it open for the reveal. Raises InvalidInput if the decision's
        image or person is not the assignment's.
    """
    stored_assignment = assignments.get(c, assignment)
    stored = refinements.by_client_id(c, refinement.client_id)
    check_same(stored_assignment, refinement.image, refinement.expert, stored)
    if stored is not None:
        return stored
    return refinements.add(c, refinement, stored_assignment, refinements.latest_of(c, refinement.image, refinement.expert), dataset=dataset)


def latest_of_image(c: Connection, image: ImageId) -> Refinement | None:
    """The newest decision on an image; a blind answer that waits for its reveal is not a decision."""
    decided = [refinement for refinement in refinements.history(c, image) if refinement.is_decided]
    return decided[-1] if decided else None
