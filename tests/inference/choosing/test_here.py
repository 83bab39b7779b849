"""Models are found where the hub's client and pip leave them."""

from pathlib import Path

import pytest
from tests.inference.hub_caches import cached as cached_model

from multilabelfy.inference.choosing.here import HUB, models_here, transformers_here
from multilabelfy.inference.choosing.table import LITE0


def cached(cache: Path, folder: str, file: str) -> None:
    """A file as the client lays it: a snapshot's link to a blob that is there once it has arrived in full."""
    snapshot = cache / folder / "snapshots" / "0a1b"
    snapshot.mkdir(parents=True)
    (snapshot / file).symlink_to(cache / folder / "blobs" / "c0ffee")


def arrived(cache: Path, folder: str) -> None:
    (cache / folder / "blobs").mkdir()
    (cache / folder / "blobs" / "c0ffee").write_bytes(b"weights")


def test_weights_in_the_hubs_cache_are_found_once_they_have_arrived(tmp_path: Path) -> None:
    folder = "models--timm--resnet50.a1_in1k"
    cached(tmp_path, folder, "model.safetensors")
    assert "timm/resnet50.a1_in1k" not in {here.known.model for here in models_here(tmp_path)}

    arrived(tmp_path, folder)

    assert ("timm/resnet50.a1_in1k", HUB) in {(here.known.model, here.where) for here in models_here(tmp_path)}


@pytest.mark.parametrize(
    ("folder", "file"),
    [
        ("models--timm--resnet50.a1_in1k", "config.json"),  # only asked about
        ("models--timm--no_such_model", "model.safetensors"),  # propose takes no such name
        ("models--somebody--resnet50.a1_in1k", "model.safetensors"),
    ],
)
def test_what_propose_could_not_take_from_the_cache_is_not_named(folder: str, file: str, tmp_path: Path) -> None:
    cached(tmp_path, folder, file)
    arrived(tmp_path, folder)

    assert [here.known.model for here in models_here(tmp_path) if here.known.model != LITE0] == []


def test_a_cache_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert [here for here in models_here(tmp_path / "none") if here.where == HUB] == []


@pytest.mark.parametrize(
    ("config", "spec"),
    [
        ('{"architectures": ["ViTForImageClassification"]}', "transformers:lab/vit"),
        ('{"architectures": ["SiglipModel"]}', "clip:lab/vit"),
        ('{"architectures": ["BertForMaskedLM"]}', None),
        ('{"architectures": null}', None),
        ("[]", None),
        ("not json", None),
    ],
)
def test_a_model_of_transformers_is_what_its_configuration_says(config: str, spec: str | None, tmp_path: Path) -> None:
    cached_model(tmp_path, "lab/vit", config=config)

    assert transformers_here(tmp_path) == ((spec,) if spec else ())
