"""What an annotator finds when asking for work, and whose an assignment is."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from multilabelfy.annotation.assignment import Assignment, AssignmentState, Desk, Supply, check_own, desk, is_own, on_the_desk
from multilabelfy.annotation.model import AnnotatorId, AssignmentId, Task
from multilabelfy.dataset.model import DatasetId, ImageId
from multilabelfy.errors import NotAllowed

BUSY = Supply(is_paused=False, n_handed=2, n_may_come=7, n_unproposed=0, n_proposed=100)


def test_a_handed_picture_is_work() -> None:
    assert desk(BUSY) is Desk.WORK


def test_a_pause_hides_the_work() -> None:
    assert desk(replace(BUSY, is_paused=True)) is Desk.PAUSED


def test_without_any_proposals_there_is_nothing_to_label_yet() -> None:
    assert desk(Supply(is_paused=False, n_handed=0, n_may_come=0, n_unproposed=50, n_proposed=0)) is Desk.UNPROPOSED


def test_pictures_that_others_hold_may_come_back() -> None:
    assert desk(replace(BUSY, n_handed=0)) is Desk.WAITING
    assert desk(replace(BUSY, n_handed=0, n_may_come=0, n_unproposed=3)) is Desk.WAITING


def test_when_nothing_may_come_any_more_the_work_is_finished() -> None:
    assert desk(replace(BUSY, n_handed=0, n_may_come=0)) is Desk.FINISHED


NOW = datetime(2024, 1, 1, tzinfo=UTC)
ADA, BOB, PILOT, OTHER = AnnotatorId(1), AnnotatorId(2), DatasetId(1), DatasetId(2)


def handed(task: Task) -> Assignment:
    """An assignment of Ada's in the pilot."""
    return Assignment(AssignmentId(7), PILOT, ImageId(3), ADA, task, AssignmentState.OPEN, NOW, NOW, "fixed-overlap", 1.0)


@pytest.mark.parametrize("task", Task)
def test_an_assignment_is_own_on_its_desk_alone(task: Task) -> None:
    for desk_asked in (Task.ANNOTATE, Task.REFINE):
        assert is_own(handed(task), ADA, PILOT, desk_asked) is (task in on_the_desk(desk_asked))
    assert is_own(handed(task), ADA, PILOT)


def test_a_check_lies_among_the_images_to_annotate() -> None:
    assert on_the_desk(Task.ANNOTATE) == on_the_desk(Task.CHECK) == (Task.ANNOTATE, Task.CHECK)
    assert on_the_desk(Task.REFINE) == (Task.REFINE,)


@pytest.mark.parametrize(("person", "dataset"), [(BOB, PILOT), (ADA, OTHER)])
def test_somebody_elses_or_another_datasets_is_refused(person: AnnotatorId, dataset: DatasetId) -> None:
    with pytest.raises(NotAllowed):
        check_own(handed(Task.ANNOTATE), person, dataset, Task.ANNOTATE)


@pytest.mark.parametrize(
    ("task", "desk_asked", "way_out"),
    [
        (Task.ANNOTATE, Task.REFINE, "Refine"),
        (Task.REFINE, Task.ANNOTATE, "Annotate"),
    ],
)
def test_a_refusal_names_the_desk_to_go_to(task: Task, desk_asked: Task | None, way_out: str) -> None:
    with pytest.raises(NotAllowed, match=f"Go to “{way_out}” for one of your own"):
        check_own(handed(task), BOB, PILOT, desk_asked)
