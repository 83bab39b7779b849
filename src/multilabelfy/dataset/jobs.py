"""A job in the background of a server: what it does, with which values, and how it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands: its work by name, with its values; who runs it; and once it has ended its problem or output.

    `longest_seconds` is how long it may take (None: any time), `n_before` how much of its work was done when it began, `seconds` its age;
    `n_tries` counts the workers that had it. One that was never begun is not running, and has no work. Nor has one that an older version
    began, which wrote down a command.
    """

    name: str
    work: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    longest_seconds: float | None = None
    n_before: int = 0
    owner: str = ""
    n_tries: int = 0
    seconds: float = 0.0
    is_running: bool = False
    is_stopped: bool = False
    problem: str = ""
    output: str = ""

    def seconds_left(self, n_done: int, n_total: int) -> float | None:
        """How long the rest takes at the pace so far; None before there is one."""
        n_new = n_done - self.n_before
        return self.seconds / n_new * (n_total - n_done) if self.is_running and n_new > 0 else None
