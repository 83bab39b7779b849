"""Run one of our own commands in a process of its own: heavy modules (tables, figures) are never loaded into the server."""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from multilabelfy.workflows.upkeep.leftovers import remove_leftovers
from multilabelfy.workflows.workspace import Workspace

LONGEST_SECONDS = 600
PREFIX = "multilabelfy: "


@dataclass
class Running:
    """A command that is running or done: `problem` is its message if it failed."""

    is_running: bool = True
    problem: str = ""


@dataclass
class Background:
    """Commands that run while pages are served, one per name at a time; `count` is told of each that begins (1) or ends (-1)."""

    count: Callable[[int], None] = lambda _: None
    _commands: dict[str, Running] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, name: str, workspace: Workspace, arguments: Sequence[str]) -> None:
        """Start a command, unless the one of this name is still under way."""
        with self._lock:
            now = self._commands.get(name)
            if now is not None and now.is_running:
                return
            running = self._commands[name] = Running()
            self.count(1)
        threading.Thread(target=_follow, args=(running, workspace, tuple(arguments), self.count), daemon=True).start()

    def of(self, name: str) -> Running:
        """The state of the command of this name; one that was never started is not running."""
        with self._lock:
            return self._commands.get(name, Running(is_running=False))


def run(workspace: Workspace, arguments: Sequence[str]) -> str:
    """Run a command to its end; returns its message if it failed, else an empty text."""
    with tempfile.TemporaryFile() as errors:
        try:
            ended = subprocess.run(  # noqa: S603 – our own program, arguments as a list
                [sys.executable, "-m", "multilabelfy", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env=_environment(workspace),
                timeout=LONGEST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"It took longer than {LONGEST_SECONDS} seconds and was stopped. Run it on the command line."
        errors.seek(0)
        return _words(errors.read().decode(errors="replace")) if ended.returncode else ""


def folder_for_download(workspace: Workspace) -> tempfile.TemporaryDirectory[str]:
    """A folder that is removed once its file has been sent; those that a killed server left are removed now."""
    remove_leftovers(workspace)
    workspace.downloads.mkdir(exist_ok=True)
    return tempfile.TemporaryDirectory(dir=workspace.downloads)


def _follow(running: Running, workspace: Workspace, arguments: Sequence[str], count: Callable[[int], None]) -> None:
    try:
        running.problem = run(workspace, arguments)
    finally:
        running.is_running = False
        count(-1)


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
