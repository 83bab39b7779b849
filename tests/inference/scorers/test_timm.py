"""A model of timm is made from its name and a local file of weights; nothing here touches the network."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import timm
import torch
from PIL import Image
from safetensors.torch import save_file
from tests.inference.hub_caches import cached
from timm.data.config import resolve_model_data_config
from timm.data.transforms_factory import create_transform

from multilabelfy.errors import ScorerUnavailable
from multilabelfy.inference.scorers.timm import open_timm

NAME = "test_resnet"
PICTURE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (240, 320, 3), dtype=np.uint8))


def seeded(n_classes: int = 1000, name: str = NAME) -> torch.nn.Module:
    torch.manual_seed(0)
    model: torch.nn.Module = timm.create_model(name, pretrained=False, num_classes=n_classes).eval()
    return model


def test_a_local_checkpoint_scores_as_the_model_that_wrote_it(tmp_path: Path) -> None:
    model = seeded()
    save_file(model.state_dict(), tmp_path / "weights.safetensors")

    scorer = open_timm(NAME, tmp_path / "weights.safetensors")
    scores = scorer.score(scorer.prepare(PICTURE)[None])

    transform = create_transform(**resolve_model_data_config(model), is_training=False)  # type: ignore[no-untyped-call]  # timm
    with torch.inference_mode():
        expected = model(transform(PICTURE)[None]).softmax(dim=1).numpy()
    assert scorer.labels == ("imagenet1k",)
    assert (scores.shape, scores.dtype) == ((1, 1000), np.dtype("float32"))
    assert np.allclose(scores, expected, atol=1e-6)


@pytest.mark.parametrize("name", ["test_resnet", "test_vit", "vit_tiny_patch16_224", "eva02_tiny_patch14_336", "test_resnet.r160_in1k"])
def test_a_picture_is_prepared_as_timm_prepares_it_bit_for_bit(name: str, tmp_path: Path) -> None:
    model = seeded(name=name)
    save_file(model.state_dict(), tmp_path / "weights.safetensors")
    transform = create_transform(**resolve_model_data_config(model), is_training=False)  # type: ignore[no-untyped-call]  # timm

    prepared = open_timm(name, tmp_path / "weights.safetensors").prepare(PICTURE)

    assert np.array_equal(prepared, transform(PICTURE).numpy())


@pytest.mark.parametrize("crop", ["center", "squash", "border"])
def test_it_says_how_many_pixels_a_picture_needs_in_every_crop_mode(crop: str, tmp_path: Path) -> None:
    save_file(seeded().state_dict(), tmp_path / "weights.safetensors")

    scorer = open_timm(NAME, tmp_path / "weights.safetensors")
    assert scorer.shorter_side == 168  # 160 / 0.95

    geometry = create_transform((3, 160, 160), crop_pct=0.88, crop_mode=crop, normalize=False).transforms[:-1]
    assert replace(scorer, geometry=tuple(geometry)).shorter_side == 181  # 160 / 0.88


def test_torchs_own_format_is_read_also_from_a_training_checkpoint(tmp_path: Path) -> None:
    model = seeded(3)
    training = {"epoch": 7, "state_dict": {f"module.{name}": value for name, value in model.state_dict().items()}}
    torch.save(training, tmp_path / "best.pth")

    scorer = open_timm(NAME, tmp_path / "best.pth")

    assert scorer.labels == ()  # three classes of one's own: the dataset's, in its order
    assert scorer.score(scorer.prepare(PICTURE)[None]).shape == (1, 3)


def test_a_model_of_a_larger_imagenet_names_its_wordnet_ids(tmp_path: Path) -> None:
    save_file(seeded(21841).state_dict(), tmp_path / "in22k.safetensors")

    labels = open_timm(NAME, tmp_path / "in22k.safetensors").labels

    assert len(labels) == len(set(labels)) == 21841
    assert {"n01440764", "n15075141"} <= set(labels)  # tench and toilet tissue, the first and last of ImageNet-1k


def test_pickled_code_in_a_checkpoint_is_not_run(tmp_path: Path) -> None:
    torch.save(seeded(3), tmp_path / "whole_model.pth")

    with pytest.raises(ScorerUnavailable, match=r"it holds no plain weights .*Save the model's state_dict\(\) alone"):
        open_timm(NAME, tmp_path / "whole_model.pth")


def test_weights_of_another_model_are_refused(tmp_path: Path) -> None:
    save_file(seeded(name="test_vit").state_dict(), tmp_path / "vit.safetensors")

    with pytest.raises(ScorerUnavailable, match="these are not weights of that model"):
        open_timm(NAME, tmp_path / "vit.safetensors")


def test_a_file_without_weights_is_refused(tmp_path: Path) -> None:
    torch.save({"epoch": 7}, tmp_path / "log.pt")

    with pytest.raises(ScorerUnavailable, match="it holds no weights by name"):
        open_timm(NAME, tmp_path / "log.pt")


def test_a_missing_file_and_a_strange_ending_are_named(tmp_path: Path) -> None:
    (tmp_path / "weights.npz").write_bytes(b"")

    with pytest.raises(ScorerUnavailable, match="there is no such file"):
        open_timm(NAME, tmp_path / "none.pth")
    with pytest.raises(ScorerUnavailable, match=r"weights are read from \.safetensors, .*not from '\.npz'"):
        open_timm(NAME, tmp_path / "weights.npz")


def test_an_unknown_name_is_answered_with_those_alike() -> None:
    with pytest.raises(ScorerUnavailable, match=r"has no model 'resnet5O'\. Did you mean .*resnet50"):
        open_timm("resnet5O")


def test_an_unknown_name_of_weights_is_answered_with_those_alike(tmp_path: Path) -> None:
    for checkpoint in (None, tmp_path / "mine.safetensors"):
        with pytest.raises(ScorerUnavailable, match=r"no weights 'a1_in1kk' of the model 'resnet50'\. Did you mean resnet50\.a1_in1k,"):
            open_timm("resnet50.a1_in1kk", checkpoint)


def test_a_model_that_was_never_trained_needs_weights_of_ones_own() -> None:
    with pytest.raises(
        ScorerUnavailable, match=r"no weights of 'botnet50ts_256'\. Pass checkpoint='FILE' to bring your own, or take another model"
    ):
        open_timm("botnet50ts_256")


@pytest.fixture
def no_hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A hub that nobody answers for, and its cache's folder."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # nobody listens here
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", f"http://127.0.0.1:{nobody.getsockname()[1]}")
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
        yield tmp_path / "cache"


def test_weights_in_the_hubs_cache_need_no_connection(no_hub: Path, caplog: pytest.LogCaptureFixture) -> None:
    name = "test_resnet.r160_in1k"
    snapshot = cached(no_hub, f"timm/{name}")
    model = seeded(name=name)
    save_file(model.state_dict(), snapshot / "model.safetensors")

    scorer = open_timm(name)

    batch = scorer.prepare(PICTURE)[None]
    with torch.inference_mode():
        expected = model(torch.from_numpy(batch)).softmax(dim=1).numpy()
    assert np.allclose(scorer.score(batch), expected, atol=1e-6)
    assert "Retrying" not in caplog.text


def test_without_a_connection_the_way_out_is_a_file_and_nothing_asks_again(no_hub: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ScorerUnavailable) as refused:
        open_timm("test_resnet.r160_in1k")

    assert "Retrying" not in caplog.text
    assert "Cannot get the weights of 'timm/test_resnet.r160_in1k'" in str(refused.value)
    assert "https://huggingface.co/timm/test_resnet.r160_in1k" in str(refused.value)
    assert "checkpoint='model.safetensors'" in str(refused.value)
