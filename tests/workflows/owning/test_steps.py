"""`status` names the step that the overview's button takes, from the import to the report."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.answering import answer
from tests.studies import NOW, Study, ready_study

from multilabelfy.annotation.model import Role
from multilabelfy.dataset.model import ImageState
from multilabelfy.store.dataset import datasets, images
from multilabelfy.web.page.next_step import next_step_of
from multilabelfy.workflows.owning.overview import statuses
from multilabelfy.workflows.owning.watching import watch
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.team import people


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path)
    yield ready
    ready.workspace.close()


def put(study: Study, state: ImageState, *places: int) -> None:
    with study.workspace.store.writing() as c:
        for place in places:
            images.set_state(c, study.images[place].id, state)


def agree(study: Study, *places: int) -> None:
    for place in places:
        for who in ("Ann", "Bob"):
            answer(study, who, place, [place])


def command(study: Study) -> str:
    """The next step that `status` names."""
    return statuses(study.workspace)[0].next_step


def button(study: Study) -> str:
    """The button on an owner's overview."""
    olga = people.invite(study.workspace, "Olga", Role.OWNER, NOW).person
    return next_step_of(watch(study.workspace, "pilot", olga, NOW), olga).button


def test_final_labels_that_the_newest_release_lacks_are_released_before_a_report(study: Study) -> None:
    put(study, ImageState.UNREADABLE, 5)
    agree(study, 0, 1, 2, 3, 4)
    resolve(study.workspace, "pilot", NOW)
    assert (command(study), button(study)) == ("multilabelfy report pilot --out DIR", "Open the report")
    put(study, ImageState.OPEN, 5)
    agree(study, 5)
    assert (command(study), button(study)) == ("multilabelfy resolve pilot", "Release them")


def test_a_paused_study_is_resumed_before_models_propose(study: Study) -> None:
    put(study, ImageState.UNPROPOSED, 5)
    with study.workspace.store.writing() as c:
        datasets.set_paused(c, study.dataset.id, True)
    assert command(study).startswith("resume")
    assert button(study) == "Open the settings"


def test_a_dispute_is_refined_while_other_images_are_open(study: Study) -> None:
    answer(study, "Ann", 0, [0])
    answer(study, "Bob", 0, [1])
    assert command(study).startswith("refine")
    assert button(study) == "Refine"


def test_nobody_is_invited_where_the_team_has_who_is_needed(study: Study) -> None:
    answer(study, "Ann", 0, [0])
    assert command(study).startswith("annotate: run `multilabelfy serve` for 1 person")
    answer(study, "Bob", 0, [1])
    assert command(study).startswith("refine: invite experts")
    people.invite(study.workspace, "Eva", Role.EXPERT, NOW)
    assert command(study).startswith("refine: run `multilabelfy serve` for 1 expert")


def test_where_no_image_can_be_read_images_are_imported(study: Study) -> None:
    put(study, ImageState.UNREADABLE, *range(6))
    assert (command(study), button(study)) == ("multilabelfy import pilot --images DIR", "")
