"""How fast each model was on each device: a line a run in the workspace's file `speeds.jsonl`, which may be deleted at any time."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime

from multilabelfy.inference.choosing.machine import device_of, peak_memory
from multilabelfy.proposals.model import Scorer
from multilabelfy.workflows.workspace import Workspace

FILE = "speeds.jsonl"
FEWEST_IMAGES = 100
"""A shorter run tells more of its beginning than of the model."""


@dataclass(frozen=True, slots=True)
class KeptSpeed:
    """A run's images a second on a device, over `n_images`; `peak_bytes` is the most memory its process held, where that is known."""

    source: str
    device: str
    images_per_second: float
    n_images: int
    peak_bytes: int | None
    at: str


def keep(workspace: Workspace, source: str, scorer: Scorer, *, n_images: int, seconds: float, is_alone: bool, now: datetime) -> None:
    """Keep a run's speed; its memory only if no other model was loaded. A folder that cannot be written changes nothing."""
    if n_images < FEWEST_IMAGES or not seconds:
        return
    peak = peak_memory() if is_alone else None
    speed = KeptSpeed(source, device_of(scorer), round(n_images / seconds, 3), n_images, peak, now.isoformat(timespec="seconds"))
    with suppress(OSError), (workspace.folder / FILE).open("a") as kept:
        kept.write(json.dumps(asdict(speed)) + "\n")


def newest(workspace: Workspace, devices: Sequence[str]) -> dict[str, KeptSpeed]:
    """By source, the newest speed on any of these devices. A line that cannot be read counts as absent."""
    speeds = {}
    with suppress(OSError):
        for line in (workspace.folder / FILE).read_text().splitlines():
            with suppress(ValueError, TypeError):
                speed = KeptSpeed(**json.loads(line))
                if speed.device in devices:
                    speeds[speed.source] = speed
    return speeds
