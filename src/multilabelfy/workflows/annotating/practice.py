"""Tell somebody who practises what was right in their answer, what they missed, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from multilabelfy.annotation.assignment import Assignment, is_own
from multilabelfy.annotation.checking.checks import CheckPolicy
from multilabelfy.annotation.checking.gold import Marks, marks
from multilabelfy.annotation.model import Annotation, Annotator, AssignmentId
from multilabelfy.errors import NotAllowed
from multilabelfy.store.answers import check_answers
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.decisions import withheld
from multilabelfy.store.handing_out import assignments, checks, gold
from multilabelfy.workflows.annotating.sheets import Option, options
from multilabelfy.workflows.at_work import OpenDataset, reading
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Feedback:
    """An answer to a practice image compared with the known labels: which were right, missed and wrong, and why the known ones are valid.

    `picture` is its opaque name, None where it is withheld; `n_practised` of `n_practice` images are answered.
    """

    picture: str | None
    answer: Annotation
    is_perfect: bool
    right: tuple[Option, ...]
    missed: tuple[Option, ...]
    wrong: tuple[Option, ...]
    why: str
    n_practised: int
    n_practice: int

    @property
    def is_last(self) -> bool:
        """Whether the practice is over."""
        return self.n_practised == self.n_practice


def is_practice(workspace: Workspace, name: str, person: Annotator, assignment_id: AssignmentId) -> bool:
    """Whether this is one of the person's practice images."""
    with workspace.store.reading() as c:
        assignment, dataset = assignments.find(c, assignment_id), datasets.find(c, name)
        return assignment is not None and assignment.policy == CheckPolicy.PRACTICE and is_own(assignment, person.id, dataset.id)


def feedback(workspace: Workspace, name: str, person: Annotator, assignment_id: AssignmentId) -> Feedback | None:
    """What was right in a practice answer; None before it is given, or if the image is no longer gold.

    Raises NotAllowed for anything but this person's practice: nothing may tell other gold from ordinary images.
    """
    if not is_practice(workspace, name, person, assignment_id):
        raise NotAllowed("There is nothing to compare this picture with. Go to “Annotate” for the next one.")
    with reading(workspace, name) as at:
        c = at.c
        assignment = assignments.get(c, assignment_id)
        answer = check_answers.latest_of(c, assignment_id)
        known = gold.of_images(c, [assignment.image]).get(assignment.image)
        if answer is None or known is None:
            return None
        return _feedback(at, assignment, answer, marks(answer, known), known.why)


def _feedback(at: OpenDataset, assignment: Assignment, answer: Annotation, marked: Marks, why: str) -> Feedback:
    picture = images.get(at.c, assignment.image)
    offered = options(at, {*marked.right, *marked.missed, *marked.wrong}, beside=picture, keep=False)
    n_practised, n_practice = checks.practice_of(at.c, at.dataset.id, assignment.annotator)
    return Feedback(
        picture=None if withheld.among(at.c, [picture.id]) else picture.token,
        answer=answer,
        is_perfect=marked.is_perfect,
        right=_those(offered, marked.right),
        missed=_those(offered, marked.missed),
        wrong=_those(offered, marked.wrong),
        why=why,
        n_practised=n_practised,
        n_practice=n_practice,
    )


def _those(offered: Mapping[int, Option], labels: Iterable[int]) -> tuple[Option, ...]:
    return tuple(offered[label] for label in labels if label in offered)
