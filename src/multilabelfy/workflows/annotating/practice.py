"""Tell somebody who practises what was right in their answer, what they missed, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from multilabelfy.annotation.checks import CheckPolicy
from multilabelfy.annotation.gold import Marks, marks
from multilabelfy.annotation.model import Annotation, Annotator, AssignmentId
from multilabelfy.errors import NotAllowed
from multilabelfy.store.answers import check_answers
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.dataset.datasets import StoredDataset
from multilabelfy.store.handing_out import assignments, checks, gold
from multilabelfy.store.handing_out.assignments import Assignment
from multilabelfy.workflows.annotating.sheets import Option, options
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Feedback:
    """An answer to a practice image beside the known labels: which labels were right, missed and wrong, and why the known ones are valid.

    `picture` is its opaque name; `n_practised` of `n_practice` images are answered.
    """

    picture: str
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


def is_practice(workspace: Workspace, name: str, person: Annotator, assignment: AssignmentId) -> bool:
    """Whether this is one of the person's practice images."""
    with workspace.store.reading() as c:
        handed = assignments.get(c, assignment)
        return handed.policy == CheckPolicy.PRACTICE and handed.annotator == person.id and handed.dataset == datasets.find(c, name).id


def feedback(workspace: Workspace, name: str, person: Annotator, assignment: AssignmentId) -> Feedback | None:
    """What was right in a practice answer; None before there is one, and where the image is gold no more.

    Raises NotAllowed for anything but one's own practice: nothing may tell other gold from ordinary images.
    """
    if not is_practice(workspace, name, person, assignment):
        raise NotAllowed("There is nothing to compare this picture with. Go to “Annotate” for the next one.")
    with workspace.store.reading() as c:
        handed = assignments.get(c, assignment)
        answer = check_answers.latest_of(c, assignment)
        known = gold.of_images(c, [handed.image]).get(handed.image)
        if answer is None or known is None:
            return None
        return _feedback(c, workspace, datasets.find(c, name), handed, answer, marks(answer, known), known.why)


def _feedback(
    c: Connection, workspace: Workspace, dataset: StoredDataset, handed: Assignment, answer: Annotation, found: Marks, why: str
) -> Feedback:
    picture = images.get(c, handed.image)
    offered = options(c, workspace, dataset, {*found.right, *found.missed, *found.wrong}, beside=picture, keep=False)
    n_practised, n_practice = checks.practice_of(c, dataset.id, handed.annotator)
    return Feedback(
        picture=picture.token,
        answer=answer,
        is_perfect=found.is_perfect,
        right=_those(offered, found.right),
        missed=_those(offered, found.missed),
        wrong=_those(offered, found.wrong),
        why=why,
        n_practised=n_practised,
        n_practice=n_practice,
    )


def _those(offered: Mapping[int, Option], labels: Iterable[int]) -> tuple[Option, ...]:
    return tuple(offered[label] for label in labels if label in offered)
