"""Place quality checks among what a person annotates.

A check is handed out, shown, answered, revised and gone back to like any other image; only here, where answers are stored and in the
store it is told apart.
"""

from collections.abc import Sequence
from dataclasses import replace

from multilabelfy.annotation.assignment import Assignment, AssignmentState
from multilabelfy.annotation.checking.checks import (
    KIND_OF,
    SEARCH_FIRST,
    CheckDraw,
    CheckPolicy,
    GoldKind,
    drawn_from,
    draws_after,
    is_search_first,
    n_checks_expected,
)
from multilabelfy.annotation.model import Annotator, AnnotatorId, Task
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.decisions import withheld
from multilabelfy.store.handing_out import checks, gold, handing_out
from multilabelfy.store.handing_out.checks import Planned


def begin(c: Connection, dataset: StoredDataset, person: Annotator) -> None:
    """Let somebody who was never given an image of this dataset practise first, as far as there is practice gold."""
    n = dataset.protocol.n_practice
    if not n or checks.has_begun(c, dataset.id, person.id):
        return
    chosen = drawn_from(gold_to_show(c, dataset, GoldKind.PRACTICE, person.id), seed=dataset.seed, annotator=person.id, n=n)
    checks.plan(c, dataset.id, person.id, [Planned(image, CheckPolicy.PRACTICE.value, 1.0, 0) for image in chosen])


def ask_by_search(c: Connection, dataset: StoredDataset, handed_out: Sequence[Assignment]) -> list[Assignment]:
    """Note on these assignments which of them are answered by search alone first.

    Images that a policy moved in the queue are exempt, so that the drawn share represents all images.
    """
    return [_asked_by_search(c, dataset, assignment) if _may_be_asked(dataset, assignment) else assignment for assignment in handed_out]


def plan_after(c: Connection, dataset: StoredDataset, assignment: Assignment) -> None:
    """Draw the checks that follow from a first answer, and place them among the images that this person annotates next."""
    draws = draws_after(dataset.protocol, seed=dataset.seed, annotator=assignment.annotator, image=assignment.image)
    n_answered = checks.n_answered(c, dataset.id, assignment.annotator) if draws else 0
    for draw in draws:
        chosen = _image_for(c, dataset, assignment, draw)
        planned = [Planned(image, draw.policy.value, draw.probability, n_answered + draw.wait) for image in chosen]
        checks.plan(c, dataset.id, assignment.annotator, planned)


def n_expected(c: Connection, dataset: StoredDataset, n_images: int) -> int:
    """How many unmarked checks a person can expect over this many images."""
    asks_gold = dataset.protocol.calibration_share or dataset.protocol.test_gold_share
    return n_checks_expected(dataset.protocol, n_images, gold.counts(c, dataset.id) if asks_gold else {})


def _image_for(c: Connection, dataset: StoredDataset, assignment: Assignment, draw: CheckDraw) -> Sequence[ImageId]:
    """The image of a check, in a list that is empty if none is left."""
    if draw.policy is CheckPolicy.REPEAT:
        return [] if checks.is_checked(c, assignment.image, assignment.annotator) else [assignment.image]
    return _gold_for(c, dataset, assignment.annotator, KIND_OF[draw.policy])


def _gold_for(c: Connection, dataset: StoredDataset, annotator: AnnotatorId, kind: GoldKind) -> Sequence[ImageId]:
    return drawn_from(gold_to_show(c, dataset, kind, annotator), seed=dataset.seed, annotator=annotator)


def gold_to_show(c: Connection, dataset: StoredDataset, kind: GoldKind, annotator: AnnotatorId) -> list[ImageId]:
    """The gold of a kind that this person can be shown: none that is withheld by now."""
    pool = gold.pool(c, dataset.id, kind, annotator)
    not_shown = withheld.among(c, pool)
    return [image for image in pool if image not in not_shown]


def _may_be_asked(dataset: StoredDataset, assignment: Assignment) -> bool:
    is_fresh = (
        assignment.task is Task.ANNOTATE and assignment.state is AssignmentState.OPEN and assignment.policy == handing_out.FIXED_OVERLAP
    )
    return is_fresh and is_search_first(dataset.protocol, seed=dataset.seed, image=assignment.image)


def _asked_by_search(c: Connection, dataset: StoredDataset, assignment: Assignment) -> Assignment:
    share = dataset.protocol.search_first_share
    checks.note_policy(c, assignment.id, SEARCH_FIRST, share)
    return replace(assignment, policy=SEARCH_FIRST, inclusion_probability=share)
