"""The machine by name: its processor with the cores that are ours, and its graphics cards as their driver names them."""

import platform
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from multilabelfy.inference.running.processor import n_cores
from multilabelfy.plurals import counted

CPU_INFO = Path("/proc/cpuinfo")
CARDS = Path("/proc/driver/nvidia/gpus")
STATUS = Path("/proc/self/status")
FORGET_PEAK = Path("/proc/self/clear_refs")


@dataclass(frozen=True, slots=True)
class Machine:
    """`processor` as measurements name it ("8 cores of …"); `cards` are the graphics cards that a driver knows."""

    processor: str
    n_cores: int
    cards: tuple[str, ...]


def this_machine() -> Machine:
    """What this machine is; no engine is imported to find out."""
    n = n_cores()
    return Machine(f"{counted(n, 'core')} of {_processor()}", n, _cards())


def device_of(scorer: object) -> str:
    """What this scorer runs on, by the name under which its speed is kept."""
    torch = sys.modules.get("torch")
    if not getattr(scorer, "on_device", False):
        return this_machine().processor
    if torch is not None and torch.cuda.is_available():
        return str(torch.cuda.get_device_name())
    cards = _cards()
    return cards[0] if cards else f"the device of {platform.node() or 'this machine'}"


def forget_peak_memory() -> None:
    """From now on `peak_memory` tells of what comes; only Linux can forget."""
    with suppress(OSError):
        FORGET_PEAK.write_text("5")


def peak_memory() -> int | None:
    """The most bytes that this process has held in memory, by Linux's own count; None elsewhere."""
    with suppress(OSError):
        line = re.search(r"^VmHWM:\s+(\d+) kB", STATUS.read_text(), flags=re.M)
        return 1024 * int(line[1]) if line else None
    return None


def _processor() -> str:
    with suppress(OSError):
        line = re.search(r"^model name\s*:\s*(.+)$", CPU_INFO.read_text(), flags=re.M)
        if line:
            return " ".join(line[1].split())
    return platform.processor() or platform.machine() or "a processor"


def _cards() -> tuple[str, ...]:
    names = []
    for file in sorted(CARDS.glob("*/information")):
        with suppress(OSError):
            names += re.findall(r"^Model:\s*(.+?)\s*$", file.read_text(), flags=re.M)
    return tuple(names)
