"""However many images there are: a thousand of them in memory at once, and a transaction a chunk, not one a batch."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.workflows.proposing.studies_for_proposing import HERE, NAME, NOW, add_study, paint, propose_by, proposed, runs, settings

from multilabelfy.dataset.model import ImageState
from multilabelfy.errors import InvalidScores
from multilabelfy.inference.running.batches import in_chunks
from multilabelfy.store.dataset import datasets, images, proposals
from multilabelfy.workflows.proposing import runs as module
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.workspace import Workspace, opened

N_IMAGES = 1200


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with opened(settings(tmp_path), create=True) as workspace:
        add_study(workspace, paint(tmp_path, n_of_each=N_IMAGES // 3))
        yield workspace


@pytest.fixture
def chunks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many images each stored chunk has, on a machine that does everything in a second."""
    stored: list[int] = []
    add_chunk = proposals.add_chunk

    def counted(c: Any, run: Any, ids: Any, *more: Any) -> int:
        stored.append(len(ids))
        return add_chunk(c, run, ids, *more)

    monkeypatch.setattr(proposals, "add_chunk", counted)
    monkeypatch.setattr(module, "in_chunks", partial(in_chunks, clock=lambda: 0.0))
    return stored


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many images the store gave whenever it was asked for those that wait."""
    given: list[int] = []
    pending = proposals.pending

    def counted(*arguments: Any, **more: Any) -> Any:
        waiting = pending(*arguments, **more)
        given.append(len(waiting))
        return waiting

    monkeypatch.setattr(proposals, "pending", counted)
    return given


def test_a_fast_run_is_stored_in_chunks_and_asks_for_a_thousand_images_at_a_time(
    workspace: Workspace, chunks: list[int], asked: list[int]
) -> None:
    propose_by(workspace, "colours")  # two pictures a batch

    assert chunks == [1000, 200]
    assert asked == [1000, 200, 0]
    assert len(proposed(workspace)) == N_IMAGES


def test_rows_in_the_order_of_the_import_are_read_without_a_list_of_all_images(
    workspace: Workspace, chunks: list[int], asked: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = np.random.default_rng(0).dirichlet([1, 1, 1], N_IMAGES).astype(np.float32)
    np.save(tmp_path / "scores.npy", scores)
    with workspace.store.writing() as c:
        dataset = datasets.find(c, NAME).id
        paths = images.paths(c, dataset)
        images.set_state(c, images.by_path(c, dataset, paths[1]).id, ImageState.UNREADABLE)  # its row is not the next one's
    monkeypatch.setattr(images, "paths", None)

    propose(workspace, NAME, [f"scores:{tmp_path / 'scores.npy'}"], k=1, folder=HERE, now=NOW)

    assert (asked, sum(chunks)) == ([1000, N_IMAGES - 1001, 0], N_IMAGES - 1)
    best = {path: ranked[0].label for path, ranked in proposed(workspace).items()}
    assert best == {path: int(row.argmax()) for path, row in zip(paths, scores, strict=True) if path != paths[1]}


def test_a_file_of_scores_that_is_shortened_meanwhile_ends_the_run_and_the_whole_file_goes_on(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = np.full((N_IMAGES, 3), 1 / 3, dtype=np.float32)
    file = tmp_path / "scores.npy"
    np.save(file, scores)
    whole, pending = file.read_bytes(), proposals.pending

    def cut_after_the_first(*arguments: Any, **more: Any) -> Any:
        if more["after"]:
            file.write_bytes(whole[:4000])
        return pending(*arguments, **more)

    with monkeypatch.context() as patch:
        patch.setattr(proposals, "pending", cut_after_the_first)
        with pytest.raises(InvalidScores, match="it was changed since this run began"):
            propose(workspace, NAME, [f"scores:{file}"], k=1, now=NOW)
    assert (len(proposed(workspace)), runs(workspace)[0].finished_at) == (1000, None)
    file.write_bytes(whole)

    summary = propose(workspace, NAME, [f"scores:{file}"], k=1, now=NOW)

    assert (summary.runs[0].n_before, summary.runs[0].n_new) == (1000, N_IMAGES - 1000)


def test_a_picture_that_vanishes_while_the_run_goes_is_put_aside_and_listed(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with workspace.store.reading() as c:
        last = images.paths(c, datasets.find(c, NAME).id)[-1]
    monkeypatch.setenv("VANISHES", str(tmp_path / "pictures" / last))

    summary = propose_by(workspace, "whose_pictures_vanish")

    assert summary.unreadable == ((last, "there is no such file"),)
    with workspace.store.reading() as c:
        assert images.by_path(c, datasets.find(c, NAME).id, last).state is ImageState.UNREADABLE
    assert (len(proposed(workspace)), runs(workspace)[0].finished_at is not None) == (N_IMAGES - 1, True)
