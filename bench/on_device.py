"""How busy a graphics card is kept: `propose`, file on disk to ranks in the store, beside the bare forward pass of the same network.

The bare pass scores one batch, which lies on the card already, again and again; it is as large as the largest that `propose` found to pay.
Every number of decoding threads is a run of its own. Opening the model is not counted. `bench_proposals.py --device` calls this; on a
processor (`--device cpu`) the same loop runs, which shows that it works and nothing more. No graphics card has run it yet.
"""

import contextlib
import io
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy.typing as npt
import timm
import torch
from PIL.Image import Image as Picture

from multilabelfy.inference.precision import Precision
from multilabelfy.inference.scorers.network.less_precise import LessPrecise
from multilabelfy.inference.scorers.network.networks import InTorch, NetworkScorer, best_device
from multilabelfy.inference.scorers.preparation import Preparation, prepare, value_table
from multilabelfy.proposals.model import Scores
from multilabelfy.settings import Settings
from multilabelfy.workflows.importing.applying import import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.workspace import opened

NO_CARD = "no graphics card here: nothing is measured (--device cpu runs the loop on the processor)"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
THREADS = (1, 2, 4, 8, 16)
PREPARATION = Preparation(resize=256, crop=224, interpolation="bicubic", mean=(0.5,) * 3, std=(0.5,) * 3)
TABLE = value_table(PREPARATION.mean, PREPARATION.std)
SECONDS_BARE = 3.0
SIZES: list[int] = []
"""How many pictures each batch had."""


@dataclass(frozen=True, slots=True)
class DevicePace:
    """Images a second of `propose` with so many decoding threads, and its largest batch."""

    n_threads: int
    rate: float
    batch: int


@dataclass(frozen=True, slots=True)
class OnDevice(NetworkScorer):
    """The network as if it stood on a card, wherever it stands."""

    @property
    def on_device(self) -> bool:
        return True

    @property
    def shorter_side(self) -> int:
        return PREPARATION.resize

    def prepare(self, picture: Picture) -> npt.NDArray[Any]:
        return prepare(picture, PREPARATION, TABLE)

    def score(self, batch: Any) -> Scores:
        SIZES.append(len(batch))
        return self.network.score(batch)


def scorer() -> OnDevice:
    """What `python:bench.on_device:scorer` calls: NETWORK, DEVICE and PRECISION in the environment say which."""
    exact, precision = InTorch(network(), torch.device(os.environ["DEVICE"])), Precision(os.environ["PRECISION"])
    return OnDevice(("imagenet1k",), exact if precision is Precision.FLOAT32 else LessPrecise(exact, precision))


def network() -> torch.nn.Module:
    """EfficientNet-lite0 with its weights, or a model of timm with random ones, which take the same time."""
    if (name := os.environ["NETWORK"]) != "lite0":
        torch.manual_seed(0)
        random: torch.nn.Module = timm.create_model(name, pretrained=False)
        return random
    from multilabelfy.inference.scorers.lite0 import lite0_network

    with contextlib.redirect_stdout(io.StringIO()):
        lite0: torch.nn.Module = lite0_network().model
    return lite0


def device_named(name: str) -> torch.device | None:
    """The card there is, or the device of this name; None where there is no card."""
    device = best_device() if name == "card" else torch.device(name)
    return None if name == "card" and device.type == "cpu" else device


def measured(device: torch.device, pictures: Path, folder: Path, threads: Sequence[int] = THREADS) -> tuple[float, list[DevicePace]]:
    """The rate of the bare forward pass, and the pace of `propose` for each number of threads."""
    os.environ["DEVICE"] = str(device)
    paces = [proposed(pictures, folder / f"with-{n}-threads", n) for n in threads]
    return bare(device, max(pace.batch for pace in paces)), paces


def proposed(pictures: Path, folder: Path, n_threads: int) -> DevicePace:
    """Import into a fresh workspace, which is not counted, and propose."""
    SIZES.clear()
    told: list[tuple[float, int]] = []
    with opened(Settings(workspace=folder, decode_threads=n_threads), create=True) as workspace:
        import_dataset(workspace, ImportRequest("photos", pictures, labels="imagenet1k", no_given=True), now=NOW)
        propose(
            workspace,
            "photos",
            ["python:bench.on_device:scorer"],
            folder=Path(__file__).parents[1],
            progress=lambda n_done, _: told.append((time.perf_counter(), n_done)),
            now=NOW,
        )
    (began, _), (ended, n) = told[0], told[-1]
    return DevicePace(n_threads, n / (ended - began), max(SIZES))


def bare(device: torch.device, batch: int) -> float:
    """Images a second of the forward pass alone."""
    network = scorer().network
    pictures = torch.zeros(batch, 3, PREPARATION.crop, PREPARATION.crop, device=device).contiguous(memory_format=torch.channels_last)
    network.score(pictures)  # the first one prepares kernels
    n, began, ended = 0, time.perf_counter(), 0.0
    while not n or ended - began < SECONDS_BARE:
        network.score(pictures)
        n, ended = n + batch, time.perf_counter()
    return n / (ended - began)


def lines(device: torch.device, rate: float, paces: Sequence[DevicePace]) -> list[str]:
    """What is printed."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else str(device)
    first = f"{os.environ['NETWORK']} in {os.environ['PRECISION']} on {name}: the bare forward pass scores {rate:.0f} images/s"
    return [first] + [
        f"  propose, {pace.n_threads:2} decoding threads: {pace.rate:.0f} images/s = {pace.rate / rate:.0%}, batches of up to {pace.batch}"
        for pace in paces
    ]
