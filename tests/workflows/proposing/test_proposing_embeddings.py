"""`propose --embeddings` keeps how each picture looks to the model, from the pass that proposes, and changes no proposal."""

from pathlib import Path

import numpy as np
import pytest
from tests.workflows.proposing.studies_for_proposing import (
    HERE,
    NAME,
    NOW,
    add_study,
    calls,
    paint,
    propose_by,
    proposed,
    runs,
    settings,
    spec,
    vectors,
)

from multilabelfy.errors import InvalidInput, InvalidScores, ScorerUnavailable
from multilabelfy.workflows.proposing.kinds import models
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.workspace import Workspace, opened

RED = np.array([255, 40, 0]) / np.linalg.norm([255, 40, 0])


def test_every_image_with_proposals_has_a_vector_of_unit_length(workspace: Workspace) -> None:
    summary = propose_by(workspace, "embedding", embeddings=True)

    kept = vectors(workspace, runs(workspace)[0])
    assert set(kept) == set(proposed(workspace))
    assert len(kept) == 6
    assert kept["red/0.png"] == pytest.approx(RED, abs=1e-3)
    assert (summary.runs[0].n_new, summary.runs[0].n_embedded) == (6, 6)
    assert [stored.n_embedded for stored in models(workspace, NAME).runs] == [6]


def test_proposals_are_the_same_with_embeddings_and_without(workspace: Workspace) -> None:
    propose_by(workspace, "embedding", embeddings=True)
    propose_by(workspace, "colours")

    for ranked in proposed(workspace).values():
        assert [(one.label, one.rank, one.score) for one in ranked[:2]] == [(one.label, one.rank, one.score) for one in ranked[2:]]


def test_nothing_is_kept_that_nobody_asked_for(workspace: Workspace) -> None:
    summary = propose_by(workspace, "embedding")

    assert vectors(workspace, runs(workspace)[0]) == {}
    assert summary.runs[0].n_embedded == 0


def test_images_that_were_proposed_for_without_get_theirs_and_keep_their_proposals(workspace: Workspace, tmp_path: Path) -> None:
    propose_by(workspace, "embedding")
    before = proposed(workspace)
    add_study(workspace, paint(tmp_path, n_of_each=3))
    calls().clear()

    summary = propose_by(workspace, "embedding", embeddings=True)

    (run,) = summary.runs
    assert (run.n_before, run.n_new, run.n_embedded, sum(calls())) == (6, 3, 9, 9)
    assert (run.n_given, run.n_held) == (3, 3)  # of the new ones alone
    assert {path: ranked for path, ranked in proposed(workspace).items() if path in before} == before
    assert len(vectors(workspace, runs(workspace)[0])) == len(proposed(workspace)) == 9
    assert runs(workspace)[0].n_done == 9


def test_running_it_twice_embeds_nothing_twice(workspace: Workspace) -> None:
    propose_by(workspace, "embedding", embeddings=True)
    before = vectors(workspace, runs(workspace)[0])
    calls().clear()

    summary = propose_by(workspace, "embedding", embeddings=True)

    assert (calls(), summary.runs[0].n_embedded, summary.embeddings) == ([], 0, True)
    assert vectors(workspace, runs(workspace)[0]) == before
    assert propose_by(workspace, "embedding").runs[0].n_new == 0


@pytest.mark.parametrize("has_proposals", [False, True])
def test_an_interrupted_run_keeps_what_was_stored_and_goes_on_from_there(workspace: Workspace, has_proposals: bool) -> None:
    function = "embedding_interrupted_at_the_second_batch"
    told: list[tuple[int, int]] = []
    if has_proposals:
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                propose_by(workspace, function)
        assert len(proposed(workspace)) == 4
    for n_stored in (2, 4):
        with pytest.raises(KeyboardInterrupt):
            propose_by(workspace, function, embeddings=True)
        assert len(vectors(workspace, runs(workspace)[0])) == n_stored
    calls().clear()

    propose(workspace, NAME, [spec(function)], k=2, folder=HERE, embeddings=True, progress=lambda *done: told.append(done), now=NOW)

    assert calls() == [2]
    assert (told[0], told[-1]) == ((4, 6), (6, 6))
    assert len(vectors(workspace, runs(workspace)[0])) == len(proposed(workspace)) == 6
    assert runs(workspace)[0].finished_at is not None


def test_a_picture_that_cannot_be_read_has_no_vector_and_is_put_aside(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "pictures" / "green" / "0.png").write_bytes(b"no picture")

    summary = propose_by(workspace, "embedding", embeddings=True)

    assert [path for path, _ in summary.unreadable] == ["green/0.png"]
    assert len(vectors(workspace, runs(workspace)[0])) == 5
    assert propose_by(workspace, "embedding", embeddings=True).runs[0].n_embedded == 0


def test_a_scorer_that_cannot_embed_is_refused_before_any_begins(workspace: Workspace) -> None:
    with pytest.raises(ScorerUnavailable, match=r"'python:scorers_for_proposing:colours': the scorer has no method `score_and_embed"):
        propose_by(workspace, "embedding", "colours", embeddings=True)

    assert proposed(workspace) == {}


def test_scores_of_a_file_have_no_embeddings(workspace: Workspace, tmp_path: Path) -> None:
    np.save(tmp_path / "scores.npy", np.full((6, 3), 1 / 3, dtype=np.float32))

    with pytest.raises(InvalidInput, match=r"embeddings: a file of scores has none: scores:.*scores\.npy") as refused:
        propose(workspace, NAME, [spec("embedding"), f"scores:{tmp_path / 'scores.npy'}"], k=2, folder=HERE, embeddings=True, now=NOW)

    assert [problem.where for problem in refused.value.problems] == ["embeddings"]
    assert runs(workspace) == []


def test_vectors_that_are_not_numbers_end_the_run_with_the_image_named(workspace: Workspace) -> None:
    with pytest.raises(InvalidScores, match=r"Cannot use the embeddings of '.*': that of 'blue/0\.png' holds a NaN"):
        propose_by(workspace, "embedding_not_a_number", embeddings=True)

    assert proposed(workspace) == {}


def test_it_works_on_either_database(tables_url: str, tmp_path: Path) -> None:
    with opened(settings(tmp_path, tables_url), create=True) as workspace:
        add_study(workspace, paint(tmp_path, n_of_each=2))
        propose_by(workspace, "embedding")

        summary = propose_by(workspace, "embedding", embeddings=True)

        assert (summary.runs[0].n_new, summary.runs[0].n_embedded) == (0, 6)
        assert vectors(workspace, runs(workspace)[0])["red/1.png"] == pytest.approx(RED, abs=1e-3)
