"""Commands that have another name now: for one release an old name still runs, and says on standard error what to type instead."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

UNTIL = "the next release"
TAKES_A_VALUE = "--workspace"
"""The option, of those that old commands with arguments took, whose value is no argument."""


@dataclass(frozen=True, slots=True)
class OldName:
    """Where an old command went: the new one begins with `to`, and the old arguments follow.

    `arguments` gives the option under which an argument stands now, by its place; `parts` what a part of the line, alone or behind an
    option, is written as now.
    """

    to: tuple[str, ...]
    arguments: Mapping[int, str] = field(default_factory=dict)
    parts: Mapping[tuple[str, ...], str] = field(default_factory=dict)

    def line(self, typed: Sequence[str]) -> list[str]:
        """What is typed now for what was typed behind the old name."""
        moved, kept, place, before = list(self.to), list[str](), 0, ""
        for part in typed:
            written = self._written(before, part)
            if not part.startswith("-") and before != TAKES_A_VALUE:
                if place in self.arguments:
                    moved.append(f"{self.arguments[place]}={part}")
                    written = ""
                place += 1
            kept += [written] if written else []
            before = part
        return [*moved, *kept]

    def _written(self, before: str, part: str) -> str:
        option, equals, value = part.partition("=")
        if (option,) in self.parts:
            return f"{self.parts[option,]}{equals}{value}"
        return self.parts.get((before, part), part)


OLD_NAMES: Mapping[str, OldName] = {
    "recall": OldName(("evaluate", "--recall")),
    "classes": OldName(("report", "--only", "classes")),
    "kin": OldName(("copies", "--alike"), parts={("--queue", "kin"): "alike"}),
    "confirm": OldName(("invite", "--once")),
    "erase": OldName(("team",), arguments={0: "--erase"}),
    "config": OldName(("doctor", "--settings")),
    "restore": OldName(("backup", "--restore")),
    "move": OldName(("backup",), parts={("--to",): "--move-to"}),
    "rename": OldName(("dataset",), arguments={1: "--rename"}),
    "archive": OldName(("dataset", "--archive")),
    "delete": OldName(("dataset", "--delete")),
}


def present_line(typed: Sequence[str]) -> tuple[list[str], str]:
    """The command line as it is typed now, and what to say about it: nothing where the command has not moved.

    >>> present_line(["rename", "pets", "animals", "--workspace", "w"])[0]
    ['dataset', '--rename=animals', 'pets', '--workspace', 'w']
    >>> present_line(["resolve", "pets"])
    (['resolve', 'pets'], '')
    """
    moved = OLD_NAMES.get(typed[0]) if typed else None
    if moved is None:
        return list(typed), ""
    line = moved.line(typed[1:])
    return line, f"`{typed[0]}` will go with {UNTIL}. Type: {shlex.join(['multilabelfy', *line])}"
