"""What scorers of Hugging Face's transformers share: a model read from its folder, in silence, with its own preparation of pictures."""

import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from PIL.Image import Image as Picture
from transformers import AutoImageProcessor
from transformers.utils import logging

from multilabelfy.errors import ScorerUnavailable
from multilabelfy.inference.precision import Precision
from multilabelfy.inference.scorers.network.last_layer import last_layer
from multilabelfy.inference.scorers.network.networks import InTorch, NetworkScorer, best_device, swiftest
from multilabelfy.inference.scorers.preparation import Prepared

WIDE, TALL = Image.new("RGB", (320, 240)), Image.new("RGB", (240, 320))
OWN_CODE = {"trust_remote_code": False, "local_files_only": True}
"""Code that comes with weights is never run, and a folder's files are all that is read."""
MOST_NAMED = 3
OTHER = "A classifier is named as transformers:NAME, a model of pictures and texts as clip:NAME."


@dataclass(frozen=True, slots=True)
class PretrainedScorer(NetworkScorer):
    """A network with transformers' preparation of its pictures. `details` are for whoever wants to know later what proposed."""

    processor: Any
    shorter_side: int | None
    details: Mapping[str, Any]

    def prepare(self, picture: Picture) -> Prepared:
        """(3, height, width) float32."""
        return _prepared(self.processor, picture)


def scorer_of(
    network: torch.nn.Module,
    labels: tuple[str, ...],
    folder: Path,
    attempt: str,
    precision: Precision,
    *,
    embeddings: bool,
    **details: Any,
) -> PretrainedScorer:
    """The scorer of a network that gives (n, n_labels) logits, with the preparation of pictures that lies in the folder. It embeds, too,
    if asked to.

    Raises ScorerUnavailable where there is none, or where it gives pictures in another form than (3, height, width), always the same.
    """
    processor = _processor(folder, attempt)
    shape = _shape(processor, attempt)
    last = last_layer(network, shape) if embeddings else None
    return PretrainedScorer(
        labels,
        swiftest(InTorch(network, best_device(), last=last), shape, precision),
        processor,
        shorter_side(processor),
        details | {"preparation": json.loads(processor.to_json_string())},
    )


def model_of(auto_class: Any, folder: Path, attempt: str, parts: Sequence[str] = ()) -> Any:
    """The folder's model in single precision, whatever its file holds.

    Raises ScorerUnavailable where it lacks one of these parts, or some of its weights.
    """
    with _silence():
        try:
            model, loaded = auto_class.from_pretrained(folder, dtype=torch.float32, output_loading_info=True, **OWN_CODE)
        except Exception as error:  # each architecture has its own way to stumble over a folder's files
            raise ScorerUnavailable(f"{attempt}: transformers cannot load it as {_kind(auto_class)}: {_first_line(error)}") from error
    if lacks := [part for part in parts if not hasattr(model, part)]:
        raise ScorerUnavailable(f"{attempt}: {type(model).__name__} is not {_kind(auto_class)} (it lacks {', '.join(lacks)}). {OTHER}")
    _check_weights(loaded, auto_class, attempt)
    return model.eval()


def read(auto_class: Any, folder: Path, attempt: str, what: str, **options: Any) -> Any:
    """Something small that lies beside the weights. Raises ScorerUnavailable, which says `what` is missing."""
    with _silence():
        try:
            return auto_class.from_pretrained(folder, **OWN_CODE, **options)
        except Exception as error:  # as above
            raise ScorerUnavailable(
                f"{attempt}: there is no {what} that transformers can read beside its weights: {_first_line(error)}\n"
                "Bring all files of the model, as `hf download` does."
            ) from error


def shorter_side(processor: Any) -> int | None:
    """A picture may come smaller, as long as both its sides have so many pixels; None where the processor does not say what it does first.

    ConvNeXT's processors first enlarge the size by what they crop: `crop_pct`.
    """
    size = getattr(processor, "size", None)
    if not getattr(processor, "do_resize", False) or size is None:
        return None
    edges = [edge for edge in (size["shortest_edge"], size["height"], size["width"]) if edge]
    share = getattr(processor, "crop_pct", None) or 1
    return round(max(edges) / share) if edges else None


def _processor(folder: Path, attempt: str) -> Any:
    """Pillow's backend, on every machine: torchvision's gives other pixels, and may not be there."""
    return read(AutoImageProcessor, folder, attempt, "preparation of pictures (preprocessor_config.json)", backend="pil")


def _prepared(processor: Any, picture: Picture) -> Prepared:
    pixels = processor(images=picture, return_tensors="np")["pixel_values"][0]
    return np.ascontiguousarray(pixels, dtype=np.float32)


def _shape(processor: Any, attempt: str) -> tuple[int, int, int]:
    """What becomes of any picture. Raises ScorerUnavailable where that depends on the picture, or is not a picture any more."""
    wide, tall = (_prepared(processor, picture).shape for picture in (WIDE, TALL))
    if wide != tall or len(wide) != 3 or wide[0] != 3:
        raise ScorerUnavailable(
            f"{attempt}: its preparation makes {wide} of a wide picture and {tall} of a tall one, but a batch needs pictures of one shape, "
            "(3, height, width). Write a scorer of your own for it: python:MODULE:FUNCTION"
        )
    channels, height, width = wide
    return channels, height, width


def _check_weights(loaded: Mapping[str, Any], auto_class: Any, attempt: str) -> None:
    """Else transformers would fill what is missing with random numbers. Raises ScorerUnavailable."""
    missing = sorted({str(name) for part in ("missing_keys", "mismatched_keys") for name in loaded[part]})
    if missing:
        some = ", ".join(missing[:MOST_NAMED]) + (", …" if len(missing) > MOST_NAMED else "")
        raise ScorerUnavailable(f"{attempt}: its file lacks weights of {_kind(auto_class)} ({some}). {OTHER}")


def _kind(auto_class: Any) -> str:
    return "a classifier of images" if "ImageClassification" in auto_class.__name__ else "a model of pictures and texts"


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).split("\n")[0][:300]


@contextmanager
def _silence() -> Iterator[None]:
    """Meanwhile transformers draws no bars and warns of nothing: what matters is an error here."""
    before, had_bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(before)
        if had_bars:
            logging.enable_progress_bar()
