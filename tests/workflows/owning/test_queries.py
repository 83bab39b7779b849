"""A page of many rows asks the database no more often than a page of a few."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.answering import answer, person
from tests.counting import statements
from tests.studies import NOW, Study, ready_study

from multilabelfy.annotation.model import Role
from multilabelfy.dataset.model import ImageState
from multilabelfy.refinement.image_filter import EVERYTHING
from multilabelfy.refinement.model import FinalLabels, LabelSource
from multilabelfy.store.dataset import images
from multilabelfy.store.decisions import releases
from multilabelfy.workflows.owning.comments import CommentView, answer_comment, answers_to, comments_page
from multilabelfy.workflows.owning.gallery import gallery_page


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path, n_images=8, n_exemplars=1)
    yield ready
    ready.workspace.close()


def n_statements(work: Callable[[], object]) -> int:
    with statements() as run:
        work()
    return len(run)


def import_final(study: Study, *numbers: int) -> None:
    """These images came with their own number as the final label."""
    with study.workspace.store.writing() as c:
        for number in numbers:
            images.set_state(c, study.images[number].id, ImageState.IMPORTED)
        finals = [FinalLabels(study.images[number].id, (number,), LabelSource.IMPORTED) for number in numbers]
        releases.add(c, study.dataset.id, finals, 0, NOW)


def comment(study: Study, *numbers: int) -> None:
    """Ann says something of each of these images, and an owner answers."""
    olga = person(study, "Olga", Role.OWNER)
    for number in numbers:
        answer(study, "Ann", number, [number, number + 1], note=f"about picture {number}")
        newest = comments_page(study.workspace, "pilot", is_open=True, kind=None).views[0]
        answer_comment(study.workspace, "pilot", olga, newest.comment.number, f"answer-{number}", f"noted {number}", NOW)


def summary(views: list[CommentView]) -> list[tuple[str, list[int], list[str], bool]]:
    return [
        (view.comment.annotation.note, [label.index for label in view.chosen], [given.text for given in view.answers], view.comment.is_open)
        for view in views
    ]


def test_a_gallery_of_many_images_takes_as_many_queries_as_one_of_two(study: Study) -> None:
    for number in range(4):
        answer(study, "Ann", number, [number])
    import_final(study, 4, 5, 6)
    owner = person(study, "Olga", Role.OWNER)
    few = n_statements(
        lambda: gallery_page(study.workspace, "pilot", EVERYTHING, owner, after=2, limit=2)
    )  # an answered one, an imported one
    assert n_statements(lambda: gallery_page(study.workspace, "pilot", EVERYTHING, owner)) == few
    tiles = gallery_page(study.workspace, "pilot", EVERYTHING, owner).tiles
    assert [[label.index for label in tile.labels] for tile in tiles] == [[0], [1], [2], [3], [4], [5], [6], []]
    assert [tile.is_final for tile in tiles] == [False] * 4 + [True] * 3 + [False]


def test_a_page_of_many_comments_takes_as_many_queries_as_one_of_one(study: Study) -> None:
    def page() -> object:
        return comments_page(study.workspace, "pilot", is_open=None, kind=None)

    comment(study, 0)
    few = n_statements(page)
    comment(study, 1, 2, 3)
    answer(study, "Bob", 3, [3], note="about picture 3 as well")
    assert n_statements(page) == few
    found = comments_page(study.workspace, "pilot", is_open=None, kind=None)
    assert summary(list(found.views)) == [
        ("about picture 3 as well", [3], [], True),
        *((f"about picture {number}", [number, number + 1], [f"noted {number}"], False) for number in (3, 2, 1, 0)),
    ]


def test_answers_to_many_comments_take_as_many_queries_as_one(study: Study) -> None:
    comment(study, 0)
    ann = person(study, "Ann")
    answers_to(study.workspace, ann)
    few = n_statements(lambda: answers_to(study.workspace, ann))
    comment(study, 2, 1)
    answers_to(study.workspace, ann)
    assert n_statements(lambda: answers_to(study.workspace, ann)) == few
    views, _ = answers_to(study.workspace, ann)
    assert [view.comment.annotation.note for view in views] == ["about picture 1", "about picture 2", "about picture 0"]
