"""Score with a model of timm: its name gives the architecture and how to prepare a picture, the hub or a local file its weights."""

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import timm
import timm.models
import torch
from huggingface_hub import constants
from PIL.Image import Image as Picture
from timm.data.config import resolve_model_data_config
from timm.data.imagenet_info import ImageNetInfo, infer_imagenet_subset
from timm.data.transforms_factory import create_transform

from multilabelfy.errors import CommandOption, ScorerUnavailable, WayOut
from multilabelfy.inference.hub import is_within_reach
from multilabelfy.inference.precision import Precision
from multilabelfy.inference.scorers.network.last_layer import last_layer
from multilabelfy.inference.scorers.network.networks import InTorch, NetworkScorer, best_device, swiftest
from multilabelfy.inference.scorers.preparation import Prepared, normalised, value_table
from multilabelfy.proposals.columns import IMAGENET1K

WEIGHT_FILES = (".safetensors", ".pt", ".pth", ".bin", ".ckpt", ".tar")


@dataclass(frozen=True, slots=True)
class TimmScorer(NetworkScorer):
    """A model with timm's own geometry for pictures (all its crop modes) and our table for their values."""

    geometry: tuple[Callable[[Picture], Picture], ...]
    table: npt.NDArray[np.float32]

    @property
    def shorter_side(self) -> int | None:
        """A picture may come smaller, as long as both its sides have so many pixels; None where timm's first step does not say."""
        size = getattr(self.geometry[0], "size", None) if self.geometry else None
        return size if isinstance(size, int) else max(size) if isinstance(size, tuple | list) else None

    def prepare(self, picture: Picture) -> Prepared:
        """(3, height, width) float32."""
        for step in self.geometry:
            picture = step(picture)
        return normalised(picture, self.table)


def open_timm(
    name: str, checkpoint: Path | None = None, precision: Precision = Precision.FLOAT32, *, embeddings: bool = False
) -> TimmScorer:
    """The scorer of this model name, which embeds, too, if asked to. With a checkpoint nothing is fetched; without, timm asks its cache and
    then the hub.

    Raises ScorerUnavailable with a way out: an unknown name, no connection, a file that is not weights or another model's.
    """
    _check_name(name, has_weights=checkpoint is not None)
    model = _from_hub(name) if checkpoint is None else _from_file(name, checkpoint)
    config = resolve_model_data_config(model)  # type: ignore[no-untyped-call]  # timm
    transform = create_transform(**config, is_training=False, normalize=False)
    last = last_layer(model, config["input_size"]) if embeddings else None
    network = swiftest(InTorch(model, best_device(), last=last), config["input_size"], precision)
    return TimmScorer(_labels(model), network, tuple(transform.transforms[:-1]), value_table(config["mean"], config["std"]))


def _labels(model: torch.nn.Module) -> tuple[str, ...]:
    """What the model's outputs mean, as far as their number says: ImageNet and its supersets have known WordNet ids."""
    subset = infer_imagenet_subset(model)
    if subset is None:
        return ()
    return (IMAGENET1K,) if subset == "imagenet-1k" else tuple(ImageNetInfo(subset).label_names())  # type: ignore[no-untyped-call]  # timm


def _from_hub(name: str) -> torch.nn.Module:
    try:
        with _only_its_cache_where_the_hub_is_out_of_reach():
            model: torch.nn.Module = timm.create_model(name, pretrained=True)
    except Exception as error:  # the hub's client raises its own and its transport's classes
        reason = str(error).strip().split("\n")[0] or type(error).__name__
        raise ScorerUnavailable(
            f"Cannot get the weights of 'timm/{name}': {reason}\nWithout a connection, bring them from a machine that has one, as a file: "
            f"https://huggingface.co/timm/{name} has `model.safetensors`.",
            remedy=(WayOut("then {}", CommandOption("checkpoint", "model.safetensors")),),
        ) from error
    return model


@contextmanager
def _only_its_cache_where_the_hub_is_out_of_reach() -> Iterator[None]:
    """Else the hub's client would ask again for more than a minute, and say so every time, even for what lies in its cache."""
    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = before or not is_within_reach(constants.ENDPOINT)
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before


def _from_file(name: str, checkpoint: Path) -> torch.nn.Module:
    attempt = f"Cannot load '{checkpoint}' into 'timm/{name}'"
    weights = _weights(checkpoint, attempt)
    known = timm.get_pretrained_cfg(name)
    n_classes = _n_classes(weights, known.classifier if known else None) or (known.num_classes if known else 1000)
    overlay = {"state_dict": weights, "num_classes": n_classes, "label_offset": 0, "source": ""}
    try:
        model: torch.nn.Module = timm.create_model(name, pretrained=True, num_classes=n_classes, pretrained_cfg_overlay=overlay)
    except Exception as error:  # each architecture has its own way to stumble over another one's weights
        reason = "\n".join(str(error).strip().split("\n")[:4])
        raise ScorerUnavailable(f"{attempt}: these are not weights of that model.\n{reason}") from error
    model.pretrained_cfg.pop("state_dict", None)  # type: ignore[operator,union-attr]  # timm's dict, which would keep the weights twice
    return model


def _weights(checkpoint: Path, attempt: str) -> Mapping[str, torch.Tensor]:
    """The tensors in the file by name: safetensors, or torch's format read as plain weights (never as pickled code)."""
    if not checkpoint.is_file():
        raise ScorerUnavailable(f"{attempt}: there is no such file.")
    if checkpoint.suffix.lower() not in WEIGHT_FILES:
        raise ScorerUnavailable(f"{attempt}: weights are read from {', '.join(WEIGHT_FILES)}, not from '{checkpoint.suffix}'.")
    try:
        weights = timm.models.load_state_dict(str(checkpoint), use_ema=True, weights_only=True)
    except Exception as error:  # unpickling and safetensors raise several classes
        reason = str(error).strip().split("\n")[0]
        raise ScorerUnavailable(f"{attempt}: it holds no plain weights ({reason}). Save the model's state_dict() alone.") from error
    named = {name: value for name, value in weights.items() if isinstance(value, torch.Tensor)}
    if not named:
        raise ScorerUnavailable(f"{attempt}: it holds no weights by name. Save the model's state_dict().")
    return named


def _n_classes(weights: Mapping[str, torch.Tensor], classifier: str | tuple[str, ...] | None) -> int | None:
    """How many classes the file's classifier has, so that a fine-tuned model brings its own number."""
    first = classifier if isinstance(classifier, str) or classifier is None else classifier[0]
    tensor = weights.get(f"{first}.bias", weights.get(f"{first}.weight"))
    return None if tensor is None else int(tensor.shape[0])


def _check_name(name: str, *, has_weights: bool) -> None:
    """Raises ScorerUnavailable, with names that are alike, where timm has no such model, or no weights of this name."""
    architecture, _, tag = name.partition(".")
    if name.startswith("hf-hub:"):
        return
    if not timm.is_model(architecture):
        raise ScorerUnavailable(f"timm {timm.__version__} has no model '{name}'.{_alike(name, timm.list_models(pretrained=True))}")
    weights = timm.list_pretrained(f"{architecture}.*") + timm.list_pretrained(architecture)
    if tag and name not in weights:
        raise ScorerUnavailable(f"timm {timm.__version__} has no weights '{tag}' of the model '{architecture}'.{_alike(name, weights)}")
    if not weights and not has_weights:
        alike = _alike(name, timm.list_models(pretrained=True))
        own, other = WayOut("{} to bring your own", CommandOption("checkpoint", "FILE")), WayOut(f"take another model.{alike}")
        raise ScorerUnavailable(f"timm has no weights of '{name}'.", remedy=(own, other))


def _alike(name: str, known: Sequence[str]) -> str:
    alike = difflib.get_close_matches(name, known, n=5) or difflib.get_close_matches(name.partition(".")[0], known, n=5)
    return f" Did you mean {', '.join(alike)}?" if alike else " See `timm.list_models()`."
