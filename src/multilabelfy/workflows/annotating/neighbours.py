"""The labels to hold a label against: those that annotators of other images chose instead of it, else those nearest to it in the hierarchy.

Nobody may learn here what others say of an image that they may still be asked about, not even by looking before and after somebody
answered: only images count that have all their answers and that this person never had. What an annotator sees must cost the same with a
million images: the newest ones that somebody labelled so are looked at, no more.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from multilabelfy.annotation.assignment import check_own
from multilabelfy.annotation.model import Annotator, AssignmentId, Role
from multilabelfy.dataset.image_states import SETTLED, SETTLED_AND_RESOLVED
from multilabelfy.dataset.model import DatasetId
from multilabelfy.disagreement.confusion import pairs_confused
from multilabelfy.store.answers import annotations, summaries
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import images, labels
from multilabelfy.store.handing_out import assignments
from multilabelfy.workflows.annotating.sheets import Option, options
from multilabelfy.workflows.at_work import reading
from multilabelfy.workflows.team.people import may
from multilabelfy.workflows.workspace import Workspace

MOST = 3
LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The neighbours of a label, the nearest first: labels that people confuse with it, or else labels below the same concept."""

    options: tuple[Option, ...]
    are_confused: bool


def neighbours(workspace: Workspace, name: str, person: Annotator, assignment_id: AssignmentId, label: int) -> Neighbours:
    """The neighbours of a label, with reference pictures that may be shown beside the assignment's image.

    Raises NotAllowed if the assignment is somebody else's or there is none.
    """
    with reading(workspace, name) as at:
        c, dataset = at.c, at.dataset
        assignment = check_own(assignments.find(c, assignment_id), person.id, dataset.id)
        confused = tuple(_confused(c, dataset.id, label, person))
        wanted = confused or tuple(_siblings(c, dataset.id, label))
        offered = options(at, wanted, beside=images.get(c, assignment.image), keep=False)
        return Neighbours(tuple(offered[index] for index in wanted if index in offered), bool(confused))


def _confused(c: Connection, dataset: DatasetId, label: int, person: Annotator) -> Iterable[int]:
    """The labels most often confused with this one. Experts may still have to decide disputed images, which do not count for them."""
    states = SETTLED_AND_RESOLVED if may(person, Role.EXPERT) else SETTLED
    newest = summaries.newest_with(c, dataset, label, LOOKED_AT, unknown_to=person.id, states=states)
    answers = annotations.latest_of_images(c, newest)
    pairs = Counter(pair for image in newest for pair in pairs_confused(answers[image]) if label in pair)
    return [sum(pair) - label for pair, _ in sorted(pairs.items(), key=lambda counted: (-counted[1], counted[0]))[:MOST]]


def _siblings(c: Connection, dataset: DatasetId, label: int) -> Iterator[int]:
    """The labels below the same parent, those with the nearest numbers first: ImageNet numbers its labels in the order of its hierarchy."""
    index = labels.label_index(c, dataset)
    beside = {other for parent in index.parents.get(label, ()) for other in index.children(parent).labels} - {label}
    yield from sorted(beside, key=lambda other: (abs(other - label), other))[:MOST]
