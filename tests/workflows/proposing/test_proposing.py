"""`propose` stores what models propose: once for each image, whatever breaks off in between, with unreadable pictures put aside."""

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
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
    states,
)

from multilabelfy.dataset.model import ImageState
from multilabelfy.errors import InvalidInput, InvalidScores, ScorerUnavailable, UnknownDataset, UnreadablePicture
from multilabelfy.store.dataset import datasets, images, proposals
from multilabelfy.workflows.proposing.pace import RunPace
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.workspace import Workspace, opened

E8, E0 = np.exp(8 * (255 - 0) / 255), 1.0
E40 = np.exp(8 * 40 / 255)
PURE = [E8 / (E8 + E40 + E0), E40 / (E8 + E40 + E0)]
"""What `Colours` scores for a shade's own colour, and for its second one."""


def test_the_k_best_labels_of_every_image_are_stored_in_softmax_order_with_rank_score_and_source(workspace: Workspace) -> None:
    propose_by(workspace, "colours")

    found = proposed(workspace)
    assert len(found) == 6
    assert [(one.label, one.rank, one.source) for one in found["red/0.png"]] == [(0, 1, spec("colours")), (1, 2, spec("colours"))]
    assert [one.score for one in found["red/0.png"]] == pytest.approx(PURE, rel=1e-4)
    assert [one.label for one in found["blue/1.png"]] == [2, 0]


def test_images_with_proposals_are_open_for_annotation(workspace: Workspace) -> None:
    assert set(states(workspace).values()) == {ImageState.UNPROPOSED}

    propose_by(workspace, "colours")

    assert set(states(workspace).values()) == {ImageState.OPEN}


def test_deeper_ranks_are_kept_for_decoys_and_not_given_out_as_proposals(workspace: Workspace) -> None:
    propose_by(workspace, "colours", k=1)

    with workspace.store.reading() as c:
        image = images.by_path(c, datasets.find(c, NAME).id, "red/0.png")
        assert [one.label for one in proposals.of_image(c, image.id)] == [0, 1, 2]
    assert [one.label for one in proposed(workspace)["red/0.png"]] == [0]


def test_labels_are_matched_by_key_whatever_their_order_in_the_model(workspace: Workspace) -> None:
    propose_by(workspace, "in_any_order")

    assert [one.label for one in proposed(workspace)["red/0.png"]] == [0, 1]


def test_a_large_photo_is_decoded_smaller_where_the_model_says_how_little_it_needs(workspace: Workspace, tmp_path: Path) -> None:
    Image.new("RGB", (800, 700), (255, 40, 0)).save(tmp_path / "pictures" / "red" / "photo.jpg")
    add_study(workspace, tmp_path / "pictures")
    sizes = sys.modules["scorers_for_proposing"].SIZES if "scorers_for_proposing" in sys.modules else []
    sizes.clear()

    propose_by(workspace, "together", "colours")

    sizes = sys.modules["scorers_for_proposing"].SIZES
    assert sorted(sizes) == [(8, 8)] * 6 + [(100, 88)]  # an eighth, rounded up; only a JPEG can be decoded so
    ours, theirs = proposed(workspace)["red/photo.jpg"][:2], proposed(workspace)["red/photo.jpg"][2:]
    assert [one.label for one in ours] == [one.label for one in theirs] == [0, 1]


def test_threads_that_score_store_what_one_thread_stores(workspace: Workspace) -> None:
    propose_by(workspace, "together", "colours")

    for ranked in proposed(workspace).values():
        assert [(one.label, one.rank, one.score) for one in ranked[:2]] == [(one.label, one.rank, one.score) for one in ranked[2:]]


def test_what_scores_on_a_device_stores_what_the_processor_stores(workspace: Workspace) -> None:
    propose_by(workspace, "on_device", "colours")

    for ranked in proposed(workspace).values():
        ours, theirs = ranked[:2], ranked[2:]
        assert [(one.label, one.rank, one.score) for one in ours] == [(one.label, one.rank, one.score) for one in theirs]
    assert len(proposed(workspace)) == 6


def test_running_it_twice_does_nothing_twice(workspace: Workspace) -> None:
    propose_by(workspace, "colours")
    before = proposed(workspace)
    calls().clear()

    summary = propose_by(workspace, "colours")

    assert calls() == []
    assert (summary.runs[0].n_new, summary.runs[0].n_before) == (0, 6)
    assert proposed(workspace) == before
    assert len(runs(workspace)) == 1


def test_an_interrupted_run_keeps_what_was_stored_and_goes_on_from_there(workspace: Workspace) -> None:
    for n_stored in (2, 4):
        with pytest.raises(KeyboardInterrupt):
            propose_by(workspace, "interrupted_at_the_second_batch")
        assert len(proposed(workspace)) == n_stored
        assert runs(workspace)[0].finished_at is None
    calls().clear()

    summary = propose_by(workspace, "interrupted_at_the_second_batch")

    assert calls() == [2]
    assert (summary.runs[0].n_new, summary.runs[0].n_before) == (2, 4)
    assert len(proposed(workspace)) == 6
    assert runs(workspace)[0].finished_at is not None


def test_images_that_are_imported_later_are_proposed_for_alone(workspace: Workspace, tmp_path: Path) -> None:
    propose_by(workspace, "colours")
    add_study(workspace, paint(tmp_path, n_of_each=3))
    calls().clear()

    summary = propose_by(workspace, "colours")

    assert sum(calls()) == summary.runs[0].n_new == 3
    assert len(proposed(workspace)) == 9


def test_an_unreadable_picture_is_listed_and_put_aside_and_the_rest_goes_on(workspace: Workspace, tmp_path: Path) -> None:
    whole = (tmp_path / "pictures" / "green" / "0.png").read_bytes()
    (tmp_path / "pictures" / "green" / "0.png").write_bytes(whole[:-30])
    (tmp_path / "pictures" / "red" / "1.png").unlink()

    summary = propose_by(workspace, "colours")

    assert [path for path, _ in summary.unreadable] == ["green/0.png", "red/1.png"]
    assert dict(summary.unreadable)["red/1.png"] == "there is no such file"
    assert set(proposed(workspace)) == {"red/0.png", "green/1.png", "blue/0.png", "blue/1.png"}
    assert [path for path, state in states(workspace).items() if state is ImageState.UNREADABLE] == ["green/0.png", "red/1.png"]
    assert runs(workspace)[0].finished_at is not None
    assert propose_by(workspace, "colours").unreadable == ()


def test_an_unreadable_picture_that_was_repaired_is_proposed_for_after_the_next_import(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "pictures" / "red" / "0.png"
    whole = path.read_bytes()
    path.write_bytes(b"")
    propose_by(workspace, "colours")
    path.write_bytes(whole)

    add_study(workspace, tmp_path / "pictures")
    summary = propose_by(workspace, "colours")

    assert summary.runs[0].n_new == 1
    assert "red/0.png" in proposed(workspace)


def test_an_image_that_people_decided_keeps_its_state_when_its_file_goes_bad(workspace: Workspace, tmp_path: Path) -> None:
    propose_by(workspace, "colours")
    with workspace.store.writing() as c:
        images.set_state(c, images.by_path(c, datasets.find(c, NAME).id, "red/0.png").id, ImageState.AGREED)
    (tmp_path / "pictures" / "red" / "0.png").write_bytes(b"")

    summary = propose_by(workspace, "in_any_order")

    assert [path for path, _ in summary.unreadable] == ["red/0.png"]
    assert states(workspace)["red/0.png"] is ImageState.AGREED


def test_a_folder_that_went_away_stops_the_run_and_puts_nothing_aside(workspace: Workspace, tmp_path: Path) -> None:
    shutil.move(tmp_path / "pictures", tmp_path / "elsewhere")

    with pytest.raises(UnreadablePicture, match=r"the folder of pictures '.*pictures' is not there\. Is its disk connected\?"):
        propose_by(workspace, "colours")
    (tmp_path / "pictures").mkdir()
    with pytest.raises(UnreadablePicture, match="is empty"):
        propose_by(workspace, "colours")

    assert set(states(workspace).values()) == {ImageState.UNPROPOSED}


def test_scores_that_are_not_numbers_end_the_run_with_the_image_named_and_keep_the_batches_before(workspace: Workspace) -> None:
    with pytest.raises(InvalidScores, match=r"those of 'green/0\.png' hold a NaN"):
        propose_by(workspace, "not_a_number_at_the_second_batch")

    assert len(proposed(workspace)) == 2
    assert runs(workspace)[0].finished_at is None


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("too_few_columns", r"they have the shape \(2, 2\), not \(2, 3\)"),
        ("logits", r"they are not softmax, since the row of 'blue/0\.png' sums to .*let `score` return their softmax"),
    ],
)
def test_scores_that_cannot_be_ranked_are_refused(workspace: Workspace, function: str, said: str) -> None:
    with pytest.raises(InvalidScores, match=said):
        propose_by(workspace, function)

    assert proposed(workspace) == {}


def test_a_model_of_other_labels_is_refused_before_anything_begins(workspace: Workspace) -> None:
    with pytest.raises(InvalidScores, match="3 are not among the scorer's 3"):
        propose_by(workspace, "of_other_labels")

    assert runs(workspace) == []


def test_several_models_propose_one_after_the_other(workspace: Workspace) -> None:
    summary = propose_by(workspace, "colours", "by_place")

    assert [(run.source, run.n_new) for run in summary.runs] == [(spec("colours"), 6), (spec("by_place"), 6)]
    assert [one.source for one in proposed(workspace)["red/0.png"]] == [spec("colours")] * 2 + [spec("by_place")] * 2


def test_a_model_named_twice_proposes_once(workspace: Workspace) -> None:
    assert len(propose_by(workspace, "colours", "colours").runs) == 1


def test_another_k_than_before_is_refused(workspace: Workspace) -> None:
    propose_by(workspace, "colours", k=2)

    with pytest.raises(InvalidInput, match=r"it proposed 2 labels an image before, now 3 are asked for\nRun it with -k 2"):
        propose_by(workspace, "colours", k=3)


def test_a_k_beyond_the_number_of_labels_gives_all_of_them(workspace: Workspace) -> None:
    propose_by(workspace, "colours", k=20)

    assert [one.label for one in proposed(workspace)["red/0.png"]] == [0, 1, 2]


def test_what_cannot_be_asked_for_is_named_all_at_once(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        propose(workspace, NAME, [], k=0, checkpoint=tmp_path / "w.pth", folder=HERE, now=NOW)

    assert [problem.where for problem in refused.value.problems] == ["model", "k", "checkpoint"]


def test_an_unknown_dataset_and_an_unknown_model_are_named(workspace: Workspace) -> None:
    with pytest.raises(UnknownDataset, match="There is no dataset 'colors'"):
        propose(workspace, "colors", [spec("colours")], folder=HERE, now=NOW)
    with pytest.raises(ScorerUnavailable, match="'colours' names no model"):
        propose(workspace, NAME, ["colours"], folder=HERE, now=NOW)


def test_progress_counts_what_was_done_before_and_ends_at_the_total(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "pictures" / "red" / "0.png").write_bytes(b"")
    told: list[tuple[int, int]] = []

    def note(done: int, total: int) -> None:
        told.append((done, total))

    propose(workspace, NAME, [spec("colours")], folder=HERE, progress=note, now=NOW)
    assert (told[0], told[-1]) == ((0, 6), (6, 6))
    assert told == sorted(told)

    add_study(workspace, paint(tmp_path, n_of_each=3))
    told.clear()
    propose(workspace, NAME, [spec("colours"), spec("by_place")], folder=HERE, progress=note, now=NOW)
    assert told[0] == (5, 18)  # the repaired one and three new ones wait for the first model, all nine for the second
    assert told[-1] == (18, 18)


def test_the_summary_says_how_fast_it_was_and_how_many_given_labels_are_among_the_k(workspace: Workspace, tmp_path: Path) -> None:
    shutil.copy(tmp_path / "pictures" / "red" / "0.png", tmp_path / "pictures" / "blue" / "mislabelled.png")
    add_study(workspace, tmp_path / "pictures")
    seconds = iter([0.0, 10.0, 14.0, 14.0, 14.0])  # began; the model's start; after its pictures; at its end

    paces: list[RunPace] = []

    summary = propose(workspace, NAME, [spec("colours")], k=1, folder=HERE, now=NOW, watch=paces.append, timer=lambda: next(seconds))

    assert (paces[-1].source, paces[-1].n_done, paces[-1].n_total, paces[-1].images_per_second) == (spec("colours"), 7, 7, 7 / 4)
    (run,) = summary.runs
    assert (run.n_new, run.n_given, run.n_held) == (7, 7, 6)
    assert run.images_per_second == 7 / 4
    finished = runs(workspace)[0].finished_at
    assert finished is not None
    assert (finished - NOW).total_seconds() == 14


def test_a_file_of_scores_needs_no_picture(workspace: Workspace, tmp_path: Path) -> None:
    with workspace.store.reading() as c:
        order = images.paths(c, datasets.find(c, NAME).id)
    scores = np.full((6, 3), 0.25, dtype=np.float32)
    scores[order.index("green/1.png")] = [0.125, 0.25, 0.625]
    scores[:, 0] += np.where(np.arange(6) == order.index("green/1.png"), 0, 0.25)
    np.save(tmp_path / "scores.npy", scores)
    shutil.rmtree(tmp_path / "pictures")

    summary = propose(workspace, NAME, [f"scores:{tmp_path / 'scores.npy'}"], k=2, now=NOW)

    found = proposed(workspace)
    assert summary.unreadable == ()
    assert [(one.label, one.score) for one in found["green/1.png"]] == [(2, 0.625), (1, 0.25)]
    assert [(one.label, one.score) for one in found["red/0.png"]] == [(0, 0.5), (1, 0.25)]  # a tie: the lower index first


def test_logits_in_a_file_of_scores_are_refused_with_the_way_out(workspace: Workspace, tmp_path: Path) -> None:
    np.save(tmp_path / "scores.npy", np.full((6, 3), 4, dtype=np.float32))

    with pytest.raises(InvalidScores, match=r'sums to 12, not to 1\. If they are logits, write \{"output": "logits"\}'):
        propose(workspace, NAME, [f"scores:{tmp_path / 'scores.npy'}"], now=NOW)


@pytest.mark.parametrize("n_rows", [5, 7])
def test_a_file_of_scores_of_another_length_is_refused(workspace: Workspace, tmp_path: Path, n_rows: int) -> None:
    np.save(tmp_path / "scores.npy", np.full((n_rows, 3), 1 / 3, dtype=np.float32))

    with pytest.raises(InvalidScores, match=f"it has {n_rows} rows, and the dataset 6 images"):
        propose(workspace, NAME, [f"scores:{tmp_path / 'scores.npy'}"], now=NOW)


def test_it_works_on_either_database(tables_url: str, tmp_path: Path) -> None:
    with opened(settings(tmp_path, tables_url), create=True) as workspace:
        add_study(workspace, paint(tmp_path, n_of_each=2))
        with pytest.raises(KeyboardInterrupt):
            propose_by(workspace, "interrupted_at_the_second_batch")
        (tmp_path / "pictures" / "blue" / "0.png").write_bytes(b"")

        summary = propose_by(workspace, "colours")

        assert (summary.runs[0].n_new, len(summary.unreadable)) == (5, 1)
