"""Figures are of now in a small study, and cost a large one no more than a tenth of its server's time."""

import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tests.answering import answer
from tests.processes import Piped, processes
from tests.studies import Study, ready_study
from tests.workflows.analysing.endless import Endless

from multilabelfy.errors import FiguresFailed, FiguresUnderWay
from multilabelfy.settings import Settings
from multilabelfy.workflows.analysing import apart
from multilabelfy.workflows.analysing.analysis_cache import Analyses, KeptFigures
from multilabelfy.workflows.analysing.annotators import Reviews
from multilabelfy.workflows.analysing.planning import StudyPlans
from multilabelfy.workflows.releasing.preview import Previews


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


LONG = 120.0
"""More seconds than a process takes to begin, on however busy a machine."""


@pytest.fixture
def work_begins_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the other process begin with the product loaded; two tests below start it truly."""
    monkeypatch.setattr(apart, "begin_work", lambda: Piped(apart.work))


def test_a_true_process_makes_the_figures_that_this_one_makes(study: Study) -> None:
    complete(study, 0)
    assert repr(Analyses(large=1, patience=LONG).of(study.workspace, "pilot")) == repr(Analyses().of(study.workspace, "pilot"))


@pytest.mark.usefixtures("work_begins_loaded")
@pytest.mark.parametrize("kind", [Previews, Reviews, StudyPlans])
def test_figures_of_a_large_study_are_those_of_a_small_one_made_in_another_process(study: Study, kind: type[KeptFigures[object]]) -> None:
    complete(study, 0)
    complete(study, 1)
    assert repr(kind(large=1, patience=LONG).of(study.workspace, "pilot")) == repr(kind().of(study.workspace, "pilot"))


@pytest.mark.usefixtures("work_begins_loaded")
def test_who_asks_first_is_told_that_they_are_on_their_way_and_who_asks_later_sees_those_from_before(study: Study) -> None:
    complete(study, 0)
    analyses = Analyses(large=1, patience=0)
    with pytest.raises(FiguresUnderWay):
        analyses.of(study.workspace, "pilot")
    analyses.patience = LONG
    first = analyses.of(study.workspace, "pilot")
    assert first.n_compared == 1
    complete(study, 1)
    until = time.monotonic() + LONG
    while (seen := analyses.of(study.workspace, "pilot")) is first and time.monotonic() < until:  # shown while the next are made
        time.sleep(0.05)
    assert seen.n_compared == 2


def test_a_process_that_fails_is_told_of_and_tried_again(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    complete(study, 0)
    analyses = Analyses(large=1, patience=LONG)
    with monkeypatch.context() as broken:
        broken.setattr(apart, "COMMAND", (*apart.COMMAND[:2], "raise SystemExit(3)"))
        with pytest.raises(FiguresFailed):
            analyses.of(study.workspace, "pilot")
    monkeypatch.setattr(apart, "begin_work", lambda: Piped(apart.work))
    assert analyses.of(study.workspace, "pilot").n_compared == 1


def ask_without_end(workspace: Path) -> None:
    apart.made_apart(Endless, Settings(workspace=workspace), "pilot")


def test_the_other_process_ends_with_a_server_that_is_killed(study: Study) -> None:
    workspace = study.workspace.settings.workspace
    asking = processes().Process(target=ask_without_end, args=(workspace,))
    asking.start()
    until = time.monotonic() + LONG
    while not (told := workspace / "pid").exists() and time.monotonic() < until:
        time.sleep(0.05)
    working = psutil.Process(int(told.read_text()))
    asking.kill()
    asking.join()
    working.wait(LONG)


@pytest.mark.usefixtures("work_begins_loaded")
def test_a_preview_made_in_another_process_begins_where_the_fit_before_ended(study: Study) -> None:
    for number in range(len(study.images)):
        complete(study, number)
    apart_from_it, within = Previews(large=1, patience=LONG), Previews(clock=lambda: 0.0)
    first = apart_from_it.of(study.workspace, "pilot")
    within.of(study.workspace, "pilot")
    answer(study, "Ann", 0, [0, 1])
    until = time.monotonic() + LONG
    while (again := apart_from_it.of(study.workspace, "pilot")) is first and time.monotonic() < until:
        time.sleep(0.05)
    warm, cold = within.of(study.workspace, "pilot"), Previews().of(study.workspace, "pilot")
    assert again.end.weights.tolist() == warm.end.weights.tolist()
    assert again.end.weights.tolist() != cold.end.weights.tolist()
    assert again.end.weights == pytest.approx(cold.end.weights, abs=0.05)
