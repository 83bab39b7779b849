"""Experts deciding in a study, straight through the workflows: what the tests of two experts, the audit and their report start from."""

from datetime import timedelta

from tests.answering import answer, person
from tests.studies import NOW, Study

from multilabelfy.annotation.model import Annotator, AssignmentId, Role
from multilabelfy.refinement.cases.decision import Decision
from multilabelfy.refinement.model import EmptyReason
from multilabelfy.store.decisions import refinements
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
