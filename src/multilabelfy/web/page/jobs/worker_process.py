"""Run one workflow in a process of its own: heavy modules (tables, figures) are never loaded into the server.

The process ends with the server that began it, however that ends: it reads a pipe whose other end nobody else holds.
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from multilabelfy.workflows.serving.ending import ENDS_WITH_PIPE
from multilabelfy.workflows.upkeep.leftovers import remove_leftovers
from multilabelfy.workflows.workspace import Workspace

LONGEST_SECONDS = 600
MOST_LOGGED = 4000
FAILED = "The command ended with an error. Run it on the command line to see it."
log = logging.getLogger(__name__)


class WorkerProcess:
    """One run of a work: afterwards `problem` says why it failed, or `output` is what came of it, as JSON."""

    def __init__(self, workspace: Workspace, work: str, values: Mapping[str, Any], longest: float | None = LONGEST_SECONDS) -> None:
        self.problem = self.output = ""
        self.work, self.values = work, values
        self._workspace, self._longest = workspace, longest
        self._is_stopped = False
        self._process: subprocess.Popen[bytes] | None = None

    def stop(self) -> None:
        """End it; what it has stored stays."""
        self._is_stopped = True
        if self._process is not None:
            self._process.terminate()

    def run(self, beat: Callable[[], object] = lambda: None, *, every: float | None = None) -> None:
        """Run it to its end; `beat` is called `every` so many seconds meanwhile."""
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            self._process = process = begin((self.work, json.dumps(self.values)), _environment(self._workspace), output, errors)
            with process:
                if self._is_stopped:  # before there was a process to end
                    process.terminate()
                code = self._wait(process, beat, every)
            if code is None:
                self.problem = f"It took longer than {self._longest:.0f} seconds and was stopped. Run it on the command line."
            elif code == 0:
                outcome = json.loads(_text(output))
                self.problem = outcome.get("problem", "")
                self.output = json.dumps(outcome["output"], ensure_ascii=False) if outcome.get("output") is not None else ""
            elif not self._is_stopped:
                self.problem = FAILED
                log.warning("The work '%s' ended with status %s: %s", self.work, code, _text(errors)[-MOST_LOGGED:])

    def _wait(self, process: subprocess.Popen[bytes], beat: Callable[[], object], every: float | None) -> int | None:
        """Its exit status; None if it took too long and was killed."""
        until = time.monotonic() + self._longest if self._longest is not None else None
        while True:
            left = None if until is None else until - time.monotonic()
            try:
                return process.wait(timeout=min((seconds for seconds in (left, every) if seconds is not None), default=None))
            except subprocess.TimeoutExpired:
                if until is not None and time.monotonic() >= until:
                    process.kill()
                    process.wait()
                    return None
                beat()


def begin(arguments: tuple[str, str], environment: Mapping[str, str], output: IO[bytes], errors: IO[bytes]) -> "subprocess.Popen[bytes]":
    """Start a worker with its two arguments; its standard input is the pipe whose other end is ours."""
    command = [sys.executable, "-m", "multilabelfy.web.page.jobs.worker", *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output, stderr=errors, env=environment)  # noqa: S603 – our own program


def run(workspace: Workspace, work: str, **values: Any) -> str:
    """Run a work to its end; returns why it failed, else an empty text."""
    process = WorkerProcess(workspace, work, values)
    process.run()
    return process.problem


def folder_for_download(workspace: Workspace) -> tempfile.TemporaryDirectory[str]:
    """A folder that is removed once its file has been sent; those that a killed server left are removed now."""
    remove_leftovers(workspace)
    workspace.downloads.mkdir(exist_ok=True)
    return tempfile.TemporaryDirectory(dir=workspace.downloads)


def _text(file: IO[bytes]) -> str:
    """What it printed."""
    file.seek(0)
    return file.read().decode(errors="replace")


def _environment(workspace: Workspace) -> dict[str, str]:
    settings = workspace.settings
    ours = {"MULTILABELFY_WORKSPACE": str(Path(settings.workspace).resolve()), "NO_COLOR": "1", ENDS_WITH_PIPE: "1"}
    if settings.database_url:
        ours["MULTILABELFY_DATABASE_URL"] = settings.database_url
    return {**os.environ, **ours}
