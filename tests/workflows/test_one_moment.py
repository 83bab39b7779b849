"""What is shown or written together is read together: of one moment, in one transaction."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update
from tests.answering import answer, person
from tests.counting import transactions
from tests.studies import NOW, Study, ready_study

from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.annotation.model import Role
from multilabelfy.store.schema import images
from multilabelfy.workflows.analysing.analysis_cache import Analyses
from multilabelfy.workflows.annotating.desk import next_work
from multilabelfy.workflows.owning.gold import mark_gold
from multilabelfy.workflows.owning.watching import watch_all, watch_with_analysis
from multilabelfy.workflows.releasing.cards import write_cards
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.reporting.gathering.material import material_of_study


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """Images 0 and 1 are agreed on and released; image 2 waits for its second answer."""
    ready = ready_study(tmp_path, n_images=3, n_exemplars=1)
    for who in ("Ada", "Ben"):
        answer(ready, who, 0, [0])
        answer(ready, who, 1, [1, 2])
    answer(ready, "Ada", 2, [2])
    resolve(ready.workspace, "pilot", NOW)
    yield ready
    ready.workspace.close()


def test_a_report_is_of_one_moment(study: Study) -> None:
    with transactions() as begun:
        material_of_study(study.workspace, "pilot")
    assert begun == ["reading"]


def test_a_report_measured_by_files_too_is_of_one_moment(study: Study, tmp_path: Path) -> None:
    file = tmp_path / "predictions.csv"
    file.write_text("image,label,rank\n" + "".join(f"{image.path},k{number:05},1\n" for number, image in enumerate(study.images[:2])))
    with transactions() as begun:
        material = material_of_study(study.workspace, "pilot", [file])
    assert begun == ["reading"]
    assert len(material.models) == 2


def test_data_cards_and_their_table_are_of_one_moment(study: Study, tmp_path: Path) -> None:
    with transactions() as begun:
        write_cards(study.workspace, "pilot", tmp_path)
    assert begun == ["reading"]


def test_an_overview_and_its_analysis_are_of_one_moment(study: Study) -> None:
    owner = person(study, "Olga", Role.OWNER)
    with transactions() as begun:
        watch, analysis = watch_with_analysis(study.workspace, Analyses(), "pilot", owner, NOW)
    assert begun == ["reading"]
    assert (watch.stages.n_agreed, analysis.n_agreed) == (2, 2)


def test_all_datasets_are_listed_as_of_one_moment(study: Study) -> None:
    owner = person(study, "Olga", Role.OWNER)
    with transactions() as begun:
        assert [watch.dataset.name for watch in watch_all(study.workspace, owner, NOW)] == ["pilot"]
    assert begun == ["reading"]


def test_gold_has_the_labels_that_are_final_when_it_is_marked(study: Study) -> None:
    owner = person(study, "Olga", Role.OWNER)
    with transactions() as begun:
        mark_gold(study.workspace, "pilot", study.images[0].id, GoldKind.TEST, "", NOW, by=owner)
    assert begun == ["writing"]


def test_a_hand_out_of_several_images_is_one_transaction(tmp_path: Path) -> None:
    """Pictures that nobody looked at yet are looked at between two tries, all at once."""
    fresh = ready_study(tmp_path, n_images=4, n_exemplars=2)
    with fresh.workspace.store.writing() as c:
        c.execute(update(images).values(fingerprint=None))
    ann, bob = person(fresh, "Ann"), person(fresh, "Bob")
    with transactions() as begun:
        assert len(next_work(fresh.workspace, "pilot", ann, NOW, n=3).sheets) == 3
    assert begun == ["writing"] * 3  # a try, what the pictures look like, the hand-out
    with transactions() as begun:
        assert len(next_work(fresh.workspace, "pilot", bob, NOW, n=3).sheets) == 3
    assert begun == ["writing"]
    fresh.workspace.close()
