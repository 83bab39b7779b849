"""What a checkup says of one thing: how bad it is, what it means, and what to do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How bad it is. Only a `problem` keeps people from working, or endangers what they said."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class CheckupItem:
    """The result of one check: what was looked at and what was seen; unless it is ok, also what that means and what to do.

    `repair` is what `doctor --repair` does about it; empty if that is nothing.
    """

    what: str
    severity: Severity
    detail: str
    means: str = ""
    way_out: str = ""
    repair: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing needs to be done."""
        return self.severity in (Severity.OK, Severity.NOTE)

    def as_dict(self) -> dict[str, Any]:
        """The same in plain values."""
        return {
            "what": self.what,
            "ok": self.ok,
            "severity": self.severity.value,
            "detail": self.detail,
            "means": self.means,
            "do": self.way_out,
            "repair": self.repair,
        }


def fine(what: str, detail: str) -> CheckupItem:
    """Nothing is wrong with it."""
    return CheckupItem(what, Severity.OK, detail)
