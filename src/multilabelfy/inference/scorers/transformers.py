"""Score with an image classifier of Hugging Face's transformers, from a folder or the hub, with its own preparation of pictures."""

from collections.abc import Mapping
from typing import Any

import torch
from transformers import AutoModelForImageClassification

from multilabelfy.errors import ScorerUnavailable
from multilabelfy.inference.hub import CONFIG, pretrained
from multilabelfy.inference.precision import Precision
from multilabelfy.inference.scorers.pretrained import PretrainedScorer, model_of, scorer_of
from multilabelfy.proposals.columns import IMAGENET1K

IMAGENET_CLASSES = {0: "tench", 207: "golden retriever", 568: "fur coat", 985: "daisy", 999: "toilet tissue"}
"""How some of ImageNet's classes are called in every list of the 1,000, in their usual order."""


class Logits(torch.nn.Module):
    """A classifier as a plain function of pictures."""

    def __init__(self, classifier: torch.nn.Module) -> None:
        super().__init__()
        self.classifier = classifier

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """(n, 3, height, width) → (n, n_labels)."""
        logits: torch.Tensor = self.classifier(pixel_values=pictures).logits
        return logits


def open_transformers(target: str, precision: Precision = Precision.FLOAT32, *, embeddings: bool = False) -> PretrainedScorer:
    """The scorer of this folder, or of this model of the hub (see `hub.pretrained`), which embeds, too, if asked to.

    Raises ScorerUnavailable with a way out: a name that is not known, no connection, files that are not a classifier.
    """
    attempt = f"Cannot use 'transformers:{target}'"
    model = pretrained(target, attempt)
    classifier = model_of(AutoModelForImageClassification, model.folder, attempt)
    if not classifier.config.num_labels:
        raise ScorerUnavailable(f"{attempt}: it knows no classes (its {CONFIG} has no id2label).")
    labels, architecture = labels_of(classifier.config), type(classifier).__name__
    return scorer_of(Logits(classifier), labels, model.folder, attempt, precision, embeddings=embeddings, architecture=architecture)


def labels_of(config: Any) -> tuple[str, ...]:
    """What the model's outputs mean by its `id2label`: nothing where they are mere numbers (`LABEL_0`), ImageNet's classes, or names."""
    id2label: Mapping[int, str] = config.id2label
    names = [str(id2label.get(place, f"LABEL_{place}")) for place in range(config.num_labels)]
    if all(name == f"LABEL_{place}" for place, name in enumerate(names)):
        return ()
    return (IMAGENET1K,) if _are_imagenets(names) else tuple(names)


def _are_imagenets(names: list[str]) -> bool:
    return len(names) == 1000 and all(names[place].casefold().startswith(name) for place, name in IMAGENET_CLASSES.items())
