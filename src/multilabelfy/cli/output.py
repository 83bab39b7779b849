"""How commands speak: words and progress on standard error, results on standard output, JSON alone with --json."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from multilabelfy.workflows.workspace import Workspace

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace", help="The workspace's folder; else MULTILABELFY_WORKSPACE, else ./multilabelfy-workspace.", show_default=False
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON alone on standard output.")]


def now() -> datetime:
    """The clock of every command."""
    return datetime.now(UTC)


def console() -> "Console":
    """Where words and progress go."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """One line of words, to standard error; nothing in it is markup."""
    console().print(text, markup=False)


def emit(result: Mapping[str, Any] | list[Any], *, as_json: bool, human: Callable[[], str]) -> None:
    """A command's result on standard output: JSON, or what `human` writes."""
    sys.stdout.write((json.dumps(result, ensure_ascii=False, default=str) if as_json else human()) + "\n")


@contextmanager
def workspace_at(folder: Path | None, *, create: bool = False, **flags: Any) -> "Iterator[Workspace]":
    """The workspace that a command works on, closed at its end."""
    from multilabelfy.settings import load_settings
    from multilabelfy.workflows.workspace import opened

    with opened(load_settings(folder, **flags), create=create) as workspace:
        yield workspace


@contextmanager
def progress_bar(what: str, unit: str = "images") -> "Iterator[Callable[[int, int], None]]":
    """A bar on standard error with rate and time left; yields `advance(done, total)`. Without a terminal it says nothing."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    screen = console()
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(f"{unit}, {{task.fields[rate]}}"),
        TimeRemainingColumn(),
        console=screen,
        transient=True,
        disable=not screen.is_terminal,
    ) as bars:
        task = bars.add_task(what, total=None, rate="")

        def advance(done: int, total: int) -> None:
            speed = bars.tasks[0].speed
            bars.update(task, completed=done, total=total, rate=f"{speed:.0f}/s" if speed else "")

        yield advance
