"""How commands speak: messages and progress on standard error, results on standard output; with --json only JSON."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from rich.console import Console

    from multilabelfy.pictures.remote.addresses import RemoteAddress
    from multilabelfy.statistics.intervals import Measured
    from multilabelfy.workflows.workspace import Workspace

BAR_WIDTH = 16
"""Cells of a progress bar: with counts, rate and remaining time beside it, 80 columns leave room for a short note."""


def now() -> datetime:
    """The clock of every command."""
    return datetime.now(UTC)


@cache
def console() -> "Console":
    """Where messages and progress go: one console, so that a message appears above a bar that is shown.

    Names may hold brackets and colons: nothing in a text is markup or an emoji.
    """
    from rich.console import Console

    return Console(stderr=True, markup=False, emoji=False, highlight=False, soft_wrap=True)


def root_named(written: str) -> "Path | RemoteAddress":
    """The folder, bucket or web address that a person typed: only so, or by a setting, does a program come to read a remote place.

    Raises InvalidInput.
    """
    from multilabelfy.pictures.remote.addresses import remote_address

    return remote_address(written) or Path(written)


def say(text: str) -> None:
    """Print a message to standard error, as it is."""
    console().print(text)


def shown(measured: "Measured") -> str:
    """A figure with its interval as text."""
    if measured.value is None:
        return "not defined"
    interval = f" [{measured.interval.low:.2f}, {measured.interval.high:.2f}]" if measured.interval else ""
    return f"{measured.value:.2f}{interval}"


def emit(result: Mapping[str, Any] | list[Any], *, as_json: bool, human: Callable[[], str]) -> None:
    """Print a command's result to standard output: as JSON, or as `human` writes it."""
    sys.stdout.write((json.dumps(result, ensure_ascii=False, default=str) if as_json else human()) + "\n")


@contextmanager
def workspace_at(folder: Path | None, *, create: bool = False, **flags: Any) -> "Iterator[Workspace]":
    """The workspace that a command works on; it is closed when the command ends."""
    from multilabelfy.settings import load_settings
    from multilabelfy.workflows.workspace import opened

    with opened(load_settings(folder, **flags), create=create) as workspace:
        if workspace.kept_before_upgrade:
            say(f"The workspace was brought up to date. As the older version left it, it is kept in '{workspace.kept_before_upgrade}'.")
        yield workspace


class Advance(Protocol):
    """Moves a progress bar; a note stands at its end until the next."""

    def __call__(self, done: int, total: int, note: str = "") -> None: ...


@contextmanager
def progress_bar(what: str, unit: str = "images") -> Iterator[Advance]:
    """A progress bar on standard error with rate and remaining time; yields what advances it. It stays silent without a terminal.

    The note takes what is left of the line and is cut there: it never takes cells from the bar.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.table import Column

    screen = console()
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(BAR_WIDTH),
        MofNCompleteColumn(),
        TextColumn(f"{unit}{{task.fields[rate]}}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}", table_column=Column(no_wrap=True, ratio=1)),
        console=screen,
        transient=True,
        expand=True,
        disable=not screen.is_terminal,
    ) as bars:
        task = bars.add_task(what, total=None, rate="", note="")

        def advance(done: int, total: int, note: str = "") -> None:
            speed = bars.tasks[0].speed
            rate = f", {speed:.{0 if speed >= 10 else 1}f}/s" if speed else ""
            bars.update(task, completed=done, total=total, rate=rate, note=note or bars.tasks[0].fields["note"])

        yield advance


def share(value: float | None) -> str:
    """As a percentage.

    >>> share(0.875), share(None)
    ('87.50%', '–')
    """
    return "–" if value is None else f"{value:.2%}"


def aligned(rows: list[list[str]]) -> str:
    """Rows of as many cells each: the first column to the left, the others to the right.

    >>> print(aligned([["model", "top-1"], ["m", "9%"]]))
    model  top-1
    m         9%
    """
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [[row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))] for row in rows]
    return "\n".join("  ".join(line).rstrip() for line in lines)
