"""Figures are of now in a small study, and cost a large one no more than a tenth of its server's time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.answering import answer
from tests.studies import Study, ready_study

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.store.database.connection import Connection
from multilabelfy.workflows.analysing.kept import Analyses


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path)
    yield ready
    ready.workspace.close()


def ticking(step: float) -> Iterator[float]:
    """A clock that moves on by `step` seconds at each look."""
    now = 0.0
    while True:
        yield now
        now += step


def complete(study: Study, image: int) -> None:
    """Two people answer an image."""
    answer(study, "Ann", image, [image])
    answer(study, "Bob", image, [image])


def test_a_quick_analysis_is_made_anew_after_each_answer(study: Study) -> None:
    analyses = Analyses(clock=ticking(0.01).__next__)
    assert analyses.of(study.workspace, "pilot").n_compared == 0
    complete(study, 0)
    assert analyses.of(study.workspace, "pilot").n_compared == 1


def test_nothing_new_means_the_same_analysis(study: Study) -> None:
    analyses = Analyses(clock=ticking(5).__next__)
    assert analyses.of(study.workspace, "pilot") is analyses.of(study.workspace, "pilot")


def test_a_slow_one_stands_for_ten_times_as_long_as_it_took(study: Study) -> None:
    moments = iter([0, 2, 21, 23, 23, 25])  # it takes 2 s; a look within 20 s of its end, one behind them, made anew in 2 s
    analyses = Analyses(clock=lambda: float(next(moments)))
    first = analyses.of(study.workspace, "pilot")
    complete(study, 0)
    assert analyses.of(study.workspace, "pilot") is first
    assert analyses.of(study.workspace, "pilot").n_compared == 1


def test_what_is_made_beside_an_analysis_stands_as_long_as_it_does(study: Study) -> None:
    analyses, made = Analyses(clock=ticking(0.01).__next__), []

    def make(c: Connection, dataset: StoredDataset) -> int:
        made.append(dataset.name)
        return len(made)

    assert [analyses.made(study.workspace, "pilot", make) for _ in range(2)] == [1, 1]
    complete(study, 0)
    assert analyses.made(study.workspace, "pilot", make) == 2
