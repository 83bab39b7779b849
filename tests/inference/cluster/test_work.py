"""A worker gives back what it ranked, and what ended it as a value behind that."""

import os
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.packed import put_parquet, put_tar
from tests.webs import BUCKET, Web, put_folder, s3, web
from tests.workflows.proposing.studies_for_proposing import HERE, paint, spec
from tests.workflows.proposing.test_proposing_timm import weights

from multilabelfy.dataset.model import ImageId
from multilabelfy.errors import ClusterFailed, InvalidInput, InvalidScores, PicturesUnreachable, Problem, ScorerFailed, ScorerUnavailable
from multilabelfy.inference.cluster.work import ShardImage, ShardOutcome, ShardWorker, WorkOrder, _portable
from multilabelfy.inference.precision import Precision
from multilabelfy.inference.running.ranked import Ranking
from multilabelfy.inference.scorers.network import less_precise
from multilabelfy.inference.spec import parse_spec, source_of
from multilabelfy.proposals.columns import Columns

__all__ = ["s3", "web"]

SHARD = [ShardImage(ImageId(number), f"{colour}/0.png", None) for number, colour in enumerate(("red", "green", "blue"))]


def order(pictures: Path | str, function: str, source: str | None = None, *, embeddings: bool = False) -> WorkOrder:
    ranking = Ranking(source or spec(function), Columns(3, np.arange(3)), depth=2, hint="")
    told = WorkOrder(parse_spec(spec(function)), None, HERE, ranking, str(pictures), 20.0, max_pixels=10**6, batch_size=1, n_threads=1)
    return replace(told, embeddings=embeddings)


def travelled(outcome: ShardOutcome) -> ShardOutcome:
    """As it arrives in another process."""
    arrived: ShardOutcome = pickle.loads(pickle.dumps(outcome))
    return arrived


def labels(outcome: ShardOutcome) -> list[list[int]]:
    return [row for batch in outcome.ranked for row in batch.labels.tolist()]


def test_a_shard_is_ranked_with_its_unreadable_pictures_named(tmp_path: Path) -> None:
    pictures = paint(tmp_path, n_of_each=1)
    (pictures / "green" / "0.png").write_bytes(b"no picture")

    outcome = travelled(ShardWorker(order(pictures, "colours")).outcome(SHARD))

    assert outcome.error is None
    assert labels(outcome) == [[0, 1], [2, 0]]
    assert [image.path for batch in outcome.ranked for image, _ in batch.unreadable] == ["green/0.png"]
    assert set(outcome.looks) == {0, 2}


def test_how_a_worker_scores_comes_back_with_its_ranks(tmp_path: Path) -> None:
    pictures = paint(tmp_path, n_of_each=1)

    assert travelled(ShardWorker(order(pictures, "with_a_remark")).outcome(SHARD)).remark == f"by hand, in process {os.getpid()}"
    assert travelled(ShardWorker(order(pictures, "colours")).outcome(SHARD)).remark == ""


def test_embeddings_come_back_with_the_ranks_in_half_precision(tmp_path: Path) -> None:
    outcome = travelled(ShardWorker(order(paint(tmp_path, n_of_each=1), "embedding", embeddings=True)).outcome(SHARD))

    vectors = np.concatenate([batch.embeddings for batch in outcome.ranked if batch.embeddings is not None])
    assert (outcome.error, labels(outcome)) == (None, [[0, 1], [1, 2], [2, 0]])
    assert (vectors.shape, str(vectors.dtype)) == ((3, 3), "float16")
    assert vectors.argmax(axis=1).tolist() == [0, 1, 2]


def test_a_worker_whose_scorer_cannot_embed_says_so(tmp_path: Path) -> None:
    outcome = travelled(ShardWorker(order(paint(tmp_path, n_of_each=1), "colours", embeddings=True)).outcome(SHARD))

    assert isinstance(outcome.error, ScorerUnavailable)
    assert "the scorer has no method `score_and_embed(batch)`" in str(outcome.error)


def test_what_was_ranked_before_an_error_comes_before_it(tmp_path: Path) -> None:
    outcome = travelled(ShardWorker(order(paint(tmp_path, n_of_each=1), "not_a_number_at_the_second_batch")).outcome(SHARD))

    assert labels(outcome) == [[0, 1]]
    assert isinstance(outcome.error, InvalidScores)
    assert "those of 'green/0.png' hold a NaN" in str(outcome.error)


def test_a_machine_that_does_not_see_the_pictures_puts_none_aside(tmp_path: Path) -> None:
    outcome = travelled(ShardWorker(order(tmp_path / "elsewhere", "colours")).outcome(SHARD))

    assert outcome.ranked == ()
    assert isinstance(outcome.error, ClusterFailed)
    assert "All machines of a cluster must see the pictures under the same path" in str(outcome.error)


def test_a_shard_whose_pictures_lie_on_a_web_server_is_ranked_as_from_a_folder(tmp_path: Path, web: Web) -> None:
    pictures = paint(tmp_path, n_of_each=1)
    web.put_folder(pictures, "/pets")

    outcome = travelled(ShardWorker(order(f"{web.address}/pets", "colours")).outcome(SHARD))

    assert_same(outcome, ShardWorker(order(pictures, "colours")).outcome(SHARD))


def test_a_shard_whose_pictures_lie_in_an_archive_is_ranked_as_from_a_folder(tmp_path: Path) -> None:
    pictures = paint(tmp_path, n_of_each=1)
    archive = put_tar(tmp_path / "0.tar", *((image.path, (pictures / image.path).read_bytes()) for image in SHARD[:2]))

    outcome = travelled(ShardWorker(order(archive, "colours")).outcome(SHARD))

    assert (outcome.error, labels(outcome)) == (None, [[0, 1], [1, 2]])
    assert [str(error) for batch in outcome.ranked for _, error in batch.unreadable] == [
        f"Cannot open the picture '{archive}/blue/0.png': the archive has no such file."
    ]


def test_a_shard_whose_pictures_lie_in_a_parquet_table_is_ranked_as_from_a_folder(tmp_path: Path) -> None:
    pictures = paint(tmp_path, n_of_each=1)
    put_parquet(tmp_path / "hf" / "a.parquet", [(image.path, (pictures / image.path).read_bytes()) for image in SHARD])
    rows = [ShardImage(image.id, f"a.parquet/{row:08}/{Path(image.path).name}", None) for row, image in enumerate(SHARD)]

    outcome = travelled(ShardWorker(order(tmp_path / "hf", "colours")).outcome(rows))

    assert_same(outcome, ShardWorker(order(pictures, "colours")).outcome(SHARD))


def test_a_shard_whose_pictures_lie_in_a_bucket_is_ranked_as_from_a_folder(tmp_path: Path, s3: Any) -> None:
    pictures = paint(tmp_path, n_of_each=1)
    put_folder(s3, pictures, "work")

    outcome = travelled(ShardWorker(order(f"s3://{BUCKET}/work", "colours")).outcome(SHARD))

    assert_same(outcome, ShardWorker(order(pictures, "colours")).outcome(SHARD))


def assert_same(outcome: ShardOutcome, here: ShardOutcome) -> None:
    """The same bytes, in however many chunks, and nothing put aside."""
    assert (outcome.error, outcome.looks, labels(outcome)) == (None, here.looks, labels(here))
    assert len(labels(outcome)) == len(SHARD)
    theirs, ours = (b"".join(batch.scores.tobytes() for batch in each.ranked) for each in (outcome, here))
    assert theirs == ours


def test_a_damaged_archive_ends_a_workers_shard_and_puts_nothing_aside(tmp_path: Path) -> None:
    (tmp_path / "0.tar").write_bytes(b"words" * 1000)

    outcome = travelled(ShardWorker(order(tmp_path / "0.tar", "colours")).outcome(SHARD))

    assert ([batch.unreadable for batch in outcome.ranked if batch.unreadable], type(outcome.error)) == ([], PicturesUnreachable)


def test_a_web_server_that_does_not_answer_a_worker_ends_the_shard_and_puts_nothing_aside(web: Web) -> None:
    outcome = travelled(ShardWorker(order("http://127.0.0.1:1/pets", "colours")).outcome(SHARD))

    assert [batch.unreadable for batch in outcome.ranked if batch.unreadable] == []
    assert isinstance(outcome.error, PicturesUnreachable)
    assert "http://127.0.0.1:1/pets" in str(outcome.error)


def test_a_worker_scores_in_the_precision_of_the_order_after_its_own_trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures, file = paint(tmp_path, n_of_each=1), weights(tmp_path / "mine.safetensors", seed=1)
    source = source_of(parse_spec("timm/test_resnet"), file, precision=Precision.BFLOAT16)
    ranking = Ranking(source, Columns(3, np.arange(3)), depth=2, hint="")
    bf16 = WorkOrder(parse_spec("timm/test_resnet"), file, HERE, ranking, str(pictures), 20.0, 10**6, 1, 1, precision=Precision.BFLOAT16)

    passed = travelled(ShardWorker(bf16).outcome(SHARD))
    monkeypatch.setattr(less_precise, "difference", lambda *_: "its scores are not finite.")
    failed = travelled(ShardWorker(bf16).outcome(SHARD))

    assert (passed.error, len(labels(passed))) == (None, 3)
    assert (failed.ranked, type(failed.error)) == ((), ScorerFailed)
    assert "In bfloat16 this model does not propose what it proposes in float32: its scores are not finite." in str(failed.error)


def test_a_machine_with_other_weights_of_the_same_name_is_refused(tmp_path: Path) -> None:
    outcome = travelled(ShardWorker(order(tmp_path, "colours", source="timm/other@0a1b2c3d")).outcome(SHARD))

    assert isinstance(outcome.error, ClusterFailed)
    assert "not 'timm/other@0a1b2c3d': its files differ" in str(outcome.error)


@pytest.mark.parametrize("error", [ScorerFailed("a"), InvalidScores("a"), ClusterFailed("a"), PicturesUnreachable("a")])
def test_an_error_keeps_its_kind_on_its_way(error: ScorerFailed) -> None:
    arrived = pickle.loads(pickle.dumps(_portable(error)))

    assert (type(arrived), str(arrived)) == (type(error), "a")


def test_an_error_with_parts_of_its_own_keeps_its_message() -> None:
    error = InvalidInput("Cannot use 'model.onnx.json'", [Problem("crop", "it is missing")])

    assert str(pickle.loads(pickle.dumps(_portable(error)))) == str(error)
