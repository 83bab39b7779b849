"""What a network makes of a picture before its last layer: the embedding, of which its logits are a linear function.

It is seen on the way of the one forward pass that scores, whose numbers stay bit for bit as they are.
"""

import threading
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

LINEAR = (nn.Linear, nn.Conv2d)
ALIKE = 0.999
"""The least cosine of a picture's two embeddings, by two ways to run a network."""


class WithEmbedding(nn.Module):
    """A network that gives, beside its logits, the input of one of its layers; it may run on several threads at once."""

    def __init__(self, model: nn.Module, last: nn.Module) -> None:
        super().__init__()
        self.model = model
        self._channels_first = isinstance(last, nn.Conv2d)
        self._of_thread = threading.local()
        last.register_forward_pre_hook(self._see)

    def forward(self, pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(n, 3, height, width) → logits (n, n_labels) and embeddings (n, width).

        A layer that looks at several places of a picture gives their mean, which is what its output's mean is a linear function of.
        """
        logits = self.model(pictures)
        seen: torch.Tensor = self._of_thread.seen
        del self._of_thread.seen
        if seen.dim() == 2:
            return logits, seen
        return logits, seen.flatten(2).mean(dim=2) if self._channels_first else seen.flatten(1, -2).mean(dim=1)

    def _see(self, _: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        self._of_thread.seen = inputs[0]


class ScoredAndEmbedded(nn.Module):
    """The same with softmax instead of logits: what is exported of a network that embeds."""

    def __init__(self, both: WithEmbedding) -> None:
        super().__init__()
        self.both = both

    def forward(self, pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(n, 3, height, width) → scores (n, n_labels) and embeddings (n, width)."""
        logits, embeddings = self.both(pictures)
        return logits.softmax(dim=1), embeddings


def last_layer(model: nn.Module, size: tuple[int, int, int]) -> nn.Module | None:
    """The linear layer that gives a network's logits; None where none does. The network is in eval mode afterwards.

    The network looks at an empty picture of this size, (channels, height, width). Its last layer is the one that `get_classifier()` names,
    as timm's networks have it (of several heads the first, of a head of several layers the last), if it runs. Of a network without that
    method it is the linear one that runs last and gives as many numbers as the network does.
    """
    model.eval()
    named = getattr(model, "get_classifier", None)
    if not callable(named):
        n_logits, outputs = _run(model, size, [layer for layer in model.modules() if isinstance(layer, LINEAR)])
        return next((layer for layer, n in reversed(outputs) if n == n_logits), None)
    layer = _last_of(named())
    return layer if layer is not None and _run(model, size, [layer])[1] else None


def same_directions(ours: npt.NDArray[np.float32], theirs: npt.NDArray[np.float32]) -> bool:
    """Whether each row of both (n, width) has the same direction: a cosine of 0.999 or more, or both rows are zero."""
    products, lengths = (ours * theirs).sum(axis=1), np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    return bool(np.where(lengths > 0, products >= ALIKE * lengths, (ours == theirs).all(axis=1)).all())


def _last_of(head: object) -> nn.Module | None:
    if isinstance(head, tuple | list | nn.ModuleList):
        head = head[0] if len(head) else None
    if not isinstance(head, nn.Module):
        return None
    linear = [layer for layer in head.modules() if isinstance(layer, LINEAR)]
    return linear[-1] if linear else head


def _run(model: nn.Module, size: tuple[int, int, int], layers: Sequence[nn.Module]) -> tuple[int, list[tuple[nn.Module, int]]]:
    """How many numbers a network gives of one empty picture, and of these layers each that ran, in order, with how many it gave."""
    outputs: list[tuple[nn.Module, int]] = []

    def note(layer: nn.Module, _: object, output: torch.Tensor) -> None:
        outputs.append((layer, output.numel()))

    hooks = [layer.register_forward_hook(note) for layer in layers]
    try:
        with torch.inference_mode():
            at = next(model.parameters()).device
            return model(torch.zeros(1, *size, device=at)).numel(), outputs
    finally:
        for hook in hooks:
            hook.remove()
