"""Run one of our own commands in a process of its own: heavy modules (tables, figures) are never loaded into the server."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Annotated

from fastapi import Depends, Request

from multilabelfy.workflows.upkeep.leftovers import remove_leftovers
from multilabelfy.workflows.workspace import Workspace

LONGEST_SECONDS = 600
MOST_OUTPUT = 1_000_000
PREFIX = "multilabelfy: "


@dataclass
class Running:
    """A command that is running or done: `problem` is its message if it failed, `output` what it printed if it did not.

    `n_before` is how much of its work was done when it began, at `since` on the clock of `time.monotonic`.
    """

    is_running: bool = True
    is_stopped: bool = False
    problem: str = ""
    output: str = ""
    n_before: int = 0
    since: float = field(default_factory=time.monotonic)
    process: subprocess.Popen[bytes] | None = None

    def seconds_left(self, n_done: int, n_total: int) -> float | None:
        """How long the rest takes at the pace so far; None before there is one."""
        n_new = n_done - self.n_before
        return (time.monotonic() - self.since) / n_new * (n_total - n_done) if self.is_running and n_new > 0 else None


@dataclass
class Background:
    """Commands that run while pages are served, one per name at a time; `count` is told of each that begins (1) or ends (-1)."""

    count: Callable[[int], None] = lambda _: None
    _commands: dict[str, Running] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(
        self,
        name: str,
        workspace: Workspace,
        arguments: Sequence[str],
        *,
        longest: float | None = LONGEST_SECONDS,
        n_before: int = 0,
        afterwards: Callable[[], object] = lambda: None,
    ) -> bool:
        """Start a command, unless the one of this name is still under way; returns whether it was started.

        `longest` is how many seconds it may take (None: any time); `afterwards` is called once it has ended.
        """
        with self._lock:
            now = self._commands.get(name)
            if now is not None and now.is_running:
                return False
            running = self._commands[name] = Running(n_before=n_before)
            self.count(1)

        def ended() -> None:
            self.count(-1)
            afterwards()

        threading.Thread(target=_follow, args=(running, workspace, tuple(arguments), longest, ended), daemon=True).start()
        return True

    def of(self, name: str) -> Running:
        """The state of the command of this name; one that was never started is not running."""
        with self._lock:
            return self._commands.get(name, Running(is_running=False))

    def stop(self, name: str) -> None:
        """End a command; what it has stored stays."""
        running = self.of(name)
        if running.is_running:
            running.is_stopped = True
            if running.process is not None:
                running.process.terminate()


async def background_of(request: Request) -> Background:
    """The commands that pages have started."""
    background: Background = request.app.state.background
    return background


Commands = Annotated[Background, Depends(background_of)]


def run(workspace: Workspace, arguments: Sequence[str]) -> str:
    """Run a command to its end; returns its message if it failed, else an empty text."""
    running = Running()
    _run(running, workspace, arguments, LONGEST_SECONDS)
    return running.problem


def folder_for_download(workspace: Workspace) -> tempfile.TemporaryDirectory[str]:
    """A folder that is removed once its file has been sent; those that a killed server left are removed now."""
    remove_leftovers(workspace)
    workspace.downloads.mkdir(exist_ok=True)
    return tempfile.TemporaryDirectory(dir=workspace.downloads)


def _follow(
    running: Running, workspace: Workspace, arguments: Sequence[str], longest: float | None, afterwards: Callable[[], object]
) -> None:
    try:
        _run(running, workspace, arguments, longest)
    finally:
        running.is_running = False
        afterwards()


def _run(running: Running, workspace: Workspace, arguments: Sequence[str], longest: float | None) -> None:
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        running.process = subprocess.Popen(  # noqa: S603 – our own program, arguments as a list
            [sys.executable, "-m", "multilabelfy", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            env=_environment(workspace),
        )
        if running.is_stopped:  # before there was a process to end
            running.process.terminate()
        try:
            code = running.process.wait(timeout=longest)
        except subprocess.TimeoutExpired:
            running.process.kill()
            running.process.wait()
            running.problem = f"It took longer than {longest:.0f} seconds and was stopped. Run it on the command line."
            return
        running.output = _text(output)
        running.problem = _words(_text(errors)) if code and not running.is_stopped else ""


def _text(file: IO[bytes]) -> str:
    """What a command printed."""
    file.seek(0)
    return file.read(MOST_OUTPUT).decode(errors="replace")


def _environment(workspace: Workspace) -> dict[str, str]:
    settings = workspace.settings
    ours = {"MULTILABELFY_WORKSPACE": str(Path(settings.workspace).resolve()), "NO_COLOR": "1"}
    if settings.database_url:
        ours["MULTILABELFY_DATABASE_URL"] = settings.database_url
    return {**os.environ, **ours}


def _words(output: str) -> str:
    """The message of one of our own errors; for any other failure, where to see it."""
    at = output.rfind(PREFIX)
    return output[at + len(PREFIX) :].strip() if at >= 0 else "The command ended with an error. Run it on the command line to see it."
