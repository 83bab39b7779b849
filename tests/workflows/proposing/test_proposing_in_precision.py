"""A precision that is asked for is another run, recorded as such, and tried out before anything is stored."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.workflows.proposing.studies_for_proposing import HERE, NAME, NOW, add_study, paint, proposed, runs, settings, spec
from tests.workflows.proposing.test_proposing_timm import weights

from multilabelfy.errors import InvalidInput, ScorerFailed
from multilabelfy.inference.precision import Precision
from multilabelfy.inference.scorers.network.less_precise import LessPrecise
from multilabelfy.workflows.proposing.kinds import models
from multilabelfy.workflows.proposing.pace import RunPace
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.workspace import Workspace, opened


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with opened(settings(tmp_path), create=True) as workspace:
        add_study(workspace, paint(tmp_path, n_of_each=1))
        yield workspace


def propose_in(workspace: Workspace, precision: Precision, folder: Path) -> list[RunPace]:
    told: list[RunPace] = []
    checkpoint = weights(folder / "mine.safetensors", seed=1)
    propose(workspace, NAME, ["timm/test_resnet"], k=3, checkpoint=checkpoint, precision=precision, watch=told.append, now=NOW)
    return told


def test_two_precisions_are_two_runs_and_what_made_them_says_so(workspace: Workspace, tmp_path: Path) -> None:
    propose_in(workspace, Precision.FLOAT32, tmp_path)
    told = propose_in(workspace, Precision.BFLOAT16, tmp_path)

    exact, rounded = (run.source for run in runs(workspace))
    made = {stored.run.source: stored.made_with for stored in models(workspace).runs}
    assert rounded == f"{exact}.bfloat16"
    assert [made[source].details for source in (exact, rounded) if made[source]] == [{}, {"precision": "bfloat16"}]  # type: ignore[union-attr]
    assert told[-1].remark.startswith("bfloat16 as asked for: ")
    scores = {source: [one.score for one in proposed(workspace)["red/0.png"] if one.source == source] for source in (exact, rounded)}
    assert scores[rounded] == pytest.approx(scores[exact], abs=0.02)
    assert scores[rounded] != scores[exact]


def test_where_lists_change_too_much_nothing_is_stored(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ordinary = LessPrecise.score
    monkeypatch.setattr(LessPrecise, "score", lambda self, batch: ordinary(self, batch)[:, ::-1].copy())

    with pytest.raises(ScorerFailed, match=r"In bfloat16 this model does not propose .* 3 get another first label\. Nothing was stored\."):
        propose_in(workspace, Precision.BFLOAT16, tmp_path)

    assert proposed(workspace) == {}


def test_a_scorer_that_takes_no_precision_is_named(workspace: Workspace, tmp_path: Path) -> None:
    np.save(tmp_path / "s.npy", np.full((3, 3), 1 / 3, dtype=np.float32))
    mine, scores = spec("colours"), f"scores:{tmp_path / 's.npy'}"

    with pytest.raises(InvalidInput) as refused:
        propose(workspace, NAME, [mine, scores], folder=HERE, precision=Precision.FLOAT16, now=NOW)

    assert f"precision: not for '{mine}': only timm/, transformers: and clip: models take a `--precision`" in str(refused.value)
    assert f"not for '{scores}'" in str(refused.value)
    assert runs(workspace) == []
