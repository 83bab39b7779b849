"""Apply an expert's filter to the queue, and list annotators without revealing who they are."""

from collections.abc import Iterable, Iterator, Mapping

from multilabelfy.annotation.assignment import AssignmentState
from multilabelfy.annotation.counting import counting
from multilabelfy.annotation.model import Annotator, AnnotatorId, Role, Task
from multilabelfy.annotation.study.protocol import RefinementStyle
from multilabelfy.dataset.model import ImageId
from multilabelfy.refinement.image_filter import CaseFilter, fits
from multilabelfy.store import people
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets
from multilabelfy.store.handing_out.assignment_rows import read_own
from multilabelfy.store.handing_out.case_search import likely_images
from multilabelfy.workflows.at_work import AtWork
from multilabelfy.workflows.workspace import Workspace

ENOUGH = 20
"""How many matching images are searched for at a time; the next ones follow when these are decided."""


def images_that_fit(at: AtWork, wanted: CaseFilter) -> list[ImageId] | None:
    """The matching images among those in hand, left for later, or first in the queue; None for an empty filter."""
    if wanted.is_empty:
        return None
    c, dataset, expert = at.c, at.dataset, at.person
    in_hand = [
        assignment.image
        for state in (AssignmentState.OPEN, AssignmentState.LATER)
        for assignment in read_own(c, dataset.id, expert.id, [Task.REFINE], state)
    ]
    matching = list(_fitting(c, wanted, in_hand))
    for chunk in likely_images(c, dataset.id, expert.id, wanted):
        matching += _fitting(c, wanted, chunk)
        if len(matching) >= ENOUGH:
            break
    return matching


def annotators_without_names(workspace: Workspace, name: str, person: Annotator) -> Mapping[str, tuple[AnnotatorId, str]]:
    """The annotators whose answers a filter may ask for, by code: id and the name that this person may see, sorted by that name.

    In the open style owners see names. Everybody else, and an owner who refines blind, sees a code that reveals no name and never changes
    (our reading: it is fair to follow one person's answers, but not to know whose they are).
    """
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        answered = {annotator for annotator, n, _ in annotations.effort(c, dataset.id) if n}
        sees_names = person.role is Role.OWNER and dataset.protocol.refinement is RefinementStyle.OPEN
        everybody = [other for other in people.everyone(c, dataset.id) if other.id in answered and other.id != person.id]
    codes = {other.id: workspace.token("annotator", name, str(other.id))[:6] for other in everybody}
    words = {codes[other.id]: (other.id, other.name if sees_names else f"annotator {codes[other.id]}") for other in everybody}
    return dict(sorted(words.items(), key=lambda item: item[1][1].casefold()))


def _fitting(c: Connection, wanted: CaseFilter, among: Iterable[ImageId]) -> Iterator[ImageId]:
    for image, answers in annotations.latest_of_images(c, among).items():
        counted = counting(answers)
        if counted and fits(wanted, counted):
            yield image
