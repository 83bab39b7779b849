"""Score with a model of pictures and texts (CLIP, SigLIP and their kin), for labels that no classifier knows.

Each label is the mean of its prompts' embeddings, and scores by the cosine of that to a picture's embedding (Radford et al., "Learning
Transferable Visual Models From Natural Language Supervision", ICML 2021, section 3.1). A model that was trained by softmax scores by the
softmax of the scaled cosines. SigLIP (Zhai et al., "Sigmoid Loss for Language Image Pre-Training", ICCV 2023) has a bias, too, and says of
each label by itself how likely it is: the sigmoid. Since a scorer's row sums to 1, its scores are these divided by their sum, which leaves
their order.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

import torch
from torch.nn.functional import logsigmoid, normalize
from transformers import AutoModel, AutoTokenizer

from multilabelfy.inference.hub import pretrained
from multilabelfy.inference.precision import Precision
from multilabelfy.inference.scorers.network.networks import best_device
from multilabelfy.inference.scorers.pretrained import PretrainedScorer, model_of, read, scorer_of
from multilabelfy.proposals.prompts import Wording

PROMPTS_AT_ONCE = 64
TWO_TOWERS = ("get_text_features", "get_image_features", "logit_scale")


class ZeroShot(torch.nn.Module):
    """A model of pictures and texts as a plain function of pictures: `texts` (n_labels, n_features) has the embedding of each label."""

    weights: torch.Tensor
    bias: torch.Tensor

    def __init__(self, model: Any, texts: torch.Tensor) -> None:
        super().__init__()
        self.model = model
        self.embedding = torch.nn.Identity()
        bias = getattr(model, "logit_bias", None)
        self.is_by_sigmoid = bias is not None
        self.register_buffer("weights", texts * model.logit_scale.detach().exp())
        self.register_buffer("bias", torch.zeros(1) if bias is None else bias.detach().clone())

    def get_classifier(self) -> torch.nn.Module:
        """What the embedding of a picture goes through, under the name that timm's networks have for it."""
        return self.embedding

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """(n, 3, height, width) → (n, n_labels), whose softmax are the scores."""
        features = self.embedding(_embedding(self.model.get_image_features(pixel_values=pictures)))
        logits: torch.Tensor = features @ self.weights.T + self.bias
        return logsigmoid(logits) if self.is_by_sigmoid else logits  # softmax of log σ is σ / Σ σ


def open_clip(target: str, wording: Wording, precision: Precision = Precision.FLOAT32, *, embeddings: bool = False) -> PretrainedScorer:
    """The scorer of this folder, or of this model of the hub (see `hub.pretrained`), for these labels; their texts are embedded here, once.
    With `embeddings`, it gives the pictures' own, too.

    Raises ScorerUnavailable with a way out: a name that is not known, no connection, files that are no such model.
    """
    attempt = f"Cannot use 'clip:{target}'"
    folder = pretrained(target, attempt).folder
    model = model_of(AutoModel, folder, attempt, parts=TWO_TOWERS)
    model.to(best_device())
    tokenizer = read(AutoTokenizer, folder, attempt, "tokenizer")
    with torch.inference_mode():
        texts = text_features(lambda prompts: _embedding(model.get_text_features(**_tokens(model, tokenizer, prompts))), wording)
    if hasattr(model, "text_model"):
        model.text_model = torch.nn.Identity()  # half of the memory, and it has done its work
    network, keys = ZeroShot(model, texts.clone()), tuple(label.key for label in wording.labels)
    details = {"architecture": type(model).__name__, "templates": list(wording.templates)}
    return scorer_of(network, keys, folder, attempt, precision, embeddings=embeddings, **details)


def text_features(embed: Callable[[Sequence[str]], torch.Tensor], wording: Wording) -> torch.Tensor:
    """(n_labels, n_features): of each label the normalised mean of its prompts' normalised embeddings.

    `embed` gives (n, n_features), normalised, of at most 64 prompts at a time, however many labels there are.
    """
    prompts = wording.prompts()
    sums: torch.Tensor | None = None
    while some := list(islice(prompts, PROMPTS_AT_ONCE)):
        features = embed([prompt for _, prompt in some])
        if sums is None:
            sums = features.new_zeros((len(wording.labels), features.shape[1]))
        sums.index_add_(0, torch.tensor([index for index, _ in some], device=features.device), features)
    assert sums is not None  # a label space has labels, and each of them a prompt
    return normalize(sums, dim=1)


def _tokens(model: Any, tokenizer: Any, prompts: Sequence[str]) -> Mapping[str, Any]:
    """What the text tower reads. SigLIP was trained with every text filled up to its full length, and no mask over what fills it."""
    longest = min(tokenizer.model_max_length, model.config.text_config.max_position_embeddings)
    by_sigmoid = getattr(model, "logit_bias", None) is not None
    padding = "max_length" if by_sigmoid else True
    tokens = tokenizer(list(prompts), padding=padding, truncation=True, max_length=longest, return_tensors="pt").to(model.device)
    return {"input_ids": tokens["input_ids"]} if by_sigmoid else tokens


def _embedding(features: Any) -> torch.Tensor:
    """(n, n_features), normalised; transformers gives it bare or as a part of what came out."""
    return normalize(getattr(features, "pooler_output", features), dim=1)
