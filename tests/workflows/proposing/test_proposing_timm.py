"""A timm model with local weights proposes for a dataset of its own labels; other weights of the same name are another run."""

from pathlib import Path

import pytest
import timm
import torch
from safetensors.torch import save_file
from tests.workflows.proposing.studies_for_proposing import NAME, NOW, add_study, paint, proposed, runs, settings

from multilabelfy.errors import InvalidInput
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.workspace import opened


def weights(path: Path, seed: int) -> Path:
    """A tiny network with a classifier of three labels, its weights drawn by the seed."""
    torch.manual_seed(seed)
    save_file(timm.create_model("test_resnet", pretrained=False, num_classes=3).state_dict(), path)
    return path


def test_local_weights_propose_and_their_content_names_the_run(tmp_path: Path) -> None:
    with opened(settings(tmp_path), create=True) as workspace:
        add_study(workspace, paint(tmp_path, n_of_each=1))
        for seed in (1, 2):
            propose(workspace, NAME, ["timm/test_resnet"], k=3, checkpoint=weights(tmp_path / "mine.safetensors", seed), now=NOW)

        sources = [run.source for run in runs(workspace)]
        found = proposed(workspace)

    assert len(set(sources)) == 2
    assert all(source.startswith("timm/test_resnet@") for source in sources)
    assert {len(ranked) for ranked in found.values()} == {6}
    assert sum(one.score for one in found["red/0.png"][:3]) == pytest.approx(1.0, abs=1e-5)


def test_a_checkpoint_for_two_models_is_refused(tmp_path: Path) -> None:
    with opened(settings(tmp_path), create=True) as workspace:
        add_study(workspace, paint(tmp_path, n_of_each=1))
        with pytest.raises(InvalidInput, match="it belongs to one timm/ model, and 2 are named"):
            propose(workspace, NAME, ["timm/resnet10t", "timm/resnet14t"], checkpoint=weights(tmp_path / "w.pt", 1), now=NOW)
