"""What each worker keeps in its own memory holds for all of them together."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.studies import NOW, Study

from multilabelfy.cli.serving import serving
from multilabelfy.pictures import display
from multilabelfy.settings import load_settings
from multilabelfy.web.access.guesses import EVERY, FREE, Guesses
from multilabelfy.web.app import create_app
from multilabelfy.workflows.analysing.analysis_cache import Analyses
from multilabelfy.workflows.workspace import Workspace


def test_guesses_at_all_workers_together_are_as_few_as_at_one() -> None:
    workers = [Guesses(4) for _ in range(4)]
    for _ in range(FREE):
        for worker in workers:
            if not worker.wait("192.168.7.7", NOW):
                worker.count("192.168.7.7", NOW)
    allowed = sum(round(worker._forgiven_at["192.168.7.7"].timestamp() - NOW.timestamp()) for worker in workers) / EVERY.total_seconds() / 4
    assert allowed == FREE
    later = NOW + EVERY * 4
    assert [bool(worker.wait("192.168.7.7", later)) for worker in workers] == [False] * 4  # each forgives at a fourth of the pace
    assert [bool(worker.wait("192.168.7.7", later - timedelta(seconds=1))) for worker in workers] == [True] * 4


def test_all_workers_together_hold_as_many_pixels_as_one() -> None:
    before = display._PIXELS.most
    try:
        display.share_memory(4)
        assert display._PIXELS.most * 4 == before
    finally:
        display.share_memory(1)
    assert display._PIXELS.most == before


def test_each_worker_is_told_how_many_there_are(study: Study) -> None:
    app = create_app(replace(study.workspace, settings=load_settings(study.workspace.folder, workers=4)))
    for _ in range(FREE // 4):
        assert not app.state.guesses.wait("192.168.7.7", NOW)
        app.state.guesses.count("192.168.7.7", NOW)
    assert app.state.guesses.wait("192.168.7.7", NOW)
    assert {app.state[name].n_workers for name in ("analyses", "reviews", "plans", "previews")} == {4}


def test_a_worker_holds_its_part_of_the_pixels_before_it_serves(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []

    def serve(workspace: Workspace, *_: object, **__: object) -> None:
        held.append(display._PIXELS.most)
        workspace.close()

    monkeypatch.setattr(serving, "run_server", serve)
    before = display._PIXELS.most
    try:
        with serving.listen("127.0.0.1", 0) as listener:
            serving.work(load_settings(study.workspace.folder, workers=4).model_dump(), listener, None, lambda _: None)
    finally:
        display.share_memory(1)
    assert held == [before // 4]


def test_of_several_workers_each_lets_a_long_analysis_stand_for_longer(study: Study) -> None:
    seconds = iter([0.0, 1.0, 15.0, 15.0, 16.0, 35.9, 36.1, 37.0, 40.0])
    analyses = Analyses(clock=lambda: next(seconds), n_workers=2)
    first = analyses.of(study.workspace, "pilot")
    assert analyses.of(study.workspace, "pilot") is first
