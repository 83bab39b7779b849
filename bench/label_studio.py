"""A running Label Studio, driven by the load generator that lies beside the project, in turns with our own servers.

Its project is made before, by the generator's own `setup_label_studio.py`; `loadgen.py` then signs its annotators in, and each answers and
takes the next task. A step is the same: an answer acknowledged, and the next task received.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

GENERATOR = "loadgen.py"
LONGEST_SECONDS = 600


@dataclass(frozen=True, slots=True)
class LabelStudio:
    """Where Label Studio answers, the file of its project and annotators, the folder of the load generator, and the server's process."""

    url: str
    setup: Path
    folder: Path
    process: int | None = None

    @property
    def missing(self) -> str:
        """What there is not, in words; empty where it can be driven."""
        for what, path in (("load generator", self.folder / GENERATOR), ("project of Label Studio", self.setup)):
            if not path.is_file():
                return f"there is no {what} at '{path}'"
        return ""

    def drive(self, n_annotators: int, n_steps: int) -> "Driven":
        """Let so many annotators make so many steps each. Raises CalledProcessError."""
        command = [sys.executable, GENERATOR, "label-studio", "--url", self.url, "--setup", str(self.setup.resolve())]
        command += ["--users", str(n_annotators), "--steps", str(n_steps), "--seconds", str(LONGEST_SECONDS)]
        told = json.loads(subprocess.run(command, cwd=self.folder, stdout=subprocess.PIPE, text=True, check=True).stdout)
        step = told["step_ms"] or {"p50": 0.0, "p95": 0.0}
        load = told["client_cpu_share_of_one_core"] * told["wall_s"]
        return Driven(told["acknowledged"], told["wall_s"], load, step["p50"], step["p95"])


@dataclass(frozen=True, slots=True)
class Driven:
    """What the generator tells: steps, seconds in all, its own seconds of processor time, and how long a step took (ms)."""

    n_steps: int
    seconds: float
    load: float
    p50: float
    p95: float


def milliseconds(options: argparse.Namespace) -> float | None:
    """What a step of Label Studio costs, where a number was given."""
    return float(options.label_studio) if options.label_studio and "://" not in options.label_studio else None


def label_studio(options: argparse.Namespace) -> LabelStudio | None:
    """The Label Studio to be measured beside; None, with a line that says why, where it cannot be driven."""
    if not options.label_studio or milliseconds(options) is not None:
        return None
    beside = LabelStudio(options.label_studio, options.label_studio_setup, options.load, options.label_studio_pid)
    if beside.missing:
        print(f"Label Studio is not measured beside: {beside.missing}.")
        return None
    return beside
