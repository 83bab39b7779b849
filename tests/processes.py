"""Processes that begin with the product loaded: a true start spends a second or more on imports.

`run` is a command as a person types it, `Begun` one as a page starts it, `Piped` a worker that is told what to do. A few tests start
the interpreter truly, to see that it does: those of help, of signals, of `serve` itself, of what a page's command says and of all that runs
in a browser.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import IO, Self

PATIENCE = 600
"""Seconds until a command that hangs fails its test."""


def run(
    *arguments: str,
    typed: str = "",
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    under: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `multilabelfy ARGUMENTS` to its end in `folder`, with `typed` on its standard input, once `under` was called in its process."""
    with tempfile.TemporaryDirectory() as scratch:
        streams = [Path(scratch) / name for name in ("in", "out", "err")]
        streams[0].write_text(typed, encoding="utf-8")
        around = dict(os.environ) | dict(environment or {})
        process = processes().Process(target=_command, args=(arguments, streams, folder or Path.cwd(), around, under))
        process.start()
        process.join(PATIENCE)
        if process.exitcode is None:
            process.kill()
        assert process.exitcode is not None, f"still running after {PATIENCE} s: {arguments}"
        out, err = (stream.read_text(encoding="utf-8") for stream in streams[1:])
        return subprocess.CompletedProcess(arguments, process.exitcode, out, err)


class Begun:
    """A running `multilabelfy ARGUMENTS` in `folder`, with what a test asks of a `subprocess.Popen`.

    Its input ends with this process.
    """

    @staticmethod
    def begins(arguments: tuple[str, ...], streams: list[Path], folder: Path, environment: dict[str, str]) -> None:
        """What it does, once the interpreter is there."""
        _command(arguments, streams, folder, environment)

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], output: IO[bytes], errors: IO[bytes], folder: Path | None = None
    ) -> None:
        self._pipe = os.pipe()
        streams = [Path(f"/proc/{os.getpid()}/fd/{number}") for number in (self._pipe[0], output.fileno(), errors.fileno())]
        self._process = processes().Process(target=self.begins, args=(tuple(arguments), streams, folder or Path.cwd(), dict(environment)))
        self._process.start()
        self.terminate, self.kill = self._process.terminate, self._process.kill

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status; raises TimeoutExpired if it runs on."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("multilabelfy", timeout or 0)
        return self._process.exitcode

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for end in self._pipe:
            os.close(end)
        self.wait()


class Piped:
    """A process that runs `work` between two pipes, with what a caller uses of a `subprocess.Popen`."""

    def __init__(self, work: Callable[[], None]) -> None:
        (its_input, told), (heard, its_output) = processes().Pipe(duplex=False), processes().Pipe(duplex=False)
        self._process = processes().Process(target=_between_pipes, args=(work, its_input, its_output))
        self._process.start()
        self.stdin, self.stdout = os.fdopen(os.dup(told.fileno()), "wb"), os.fdopen(os.dup(heard.fileno()), "rb")
        for end in (its_input, told, heard, its_output):
            end.close()

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> None:
        self._process.join(PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stdout.close()
        self.stdin.close()
        self.wait()


class BegunWork(Begun):
    """The same of a page's worker, as `worker_process` begins it."""

    @staticmethod
    def begins(arguments: tuple[str, ...], streams: list[Path], folder: Path, environment: dict[str, str]) -> None:
        """What it does, once the interpreter is there."""
        from multilabelfy.web.page.jobs.worker import main

        _begin(streams, folder, environment)
        main(*arguments)


def loaded(*modules: str) -> list[str]:
    """Those of these modules that a process has which only loaded the product."""
    mine, theirs = processes().Pipe(duplex=False)
    process = processes().Process(target=_tell_loaded, args=(theirs, modules))
    process.start()
    found: list[str] = mine.recv()
    process.join()
    return found


@cache
def processes() -> ForkServerContext:
    """Where such processes come from."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["multilabelfy.cli.main", "multilabelfy.web.app", "multilabelfy.web.page.jobs.worker", "uvicorn", __name__]
    )
    return context


def _tell_loaded(to: Connection, modules: Sequence[str]) -> None:
    to.send([module for module in modules if module in sys.modules])


def _between_pipes(work: Callable[[], None], its_input: Connection, its_output: Connection) -> None:
    for number, end in enumerate((its_input, its_output)):
        os.dup2(end.fileno(), number)
        end.close()
    sys.stdin, sys.stdout = os.fdopen(0, closefd=False), os.fdopen(1, "w", closefd=False)
    work()


def _command(
    arguments: tuple[str, ...], streams: list[Path], folder: Path, environment: dict[str, str], under: Callable[[], None] | None = None
) -> None:
    """What `python -m multilabelfy` does, once the interpreter is there."""
    from multilabelfy.cli.main import main

    _begin(streams, folder, environment)
    sys.argv = ["multilabelfy", *arguments]
    if under:
        under()
    main()


def _begin(streams: list[Path], folder: Path, environment: dict[str, str]) -> None:
    for number, (stream, flags) in enumerate(zip(streams, (os.O_RDONLY, *[os.O_WRONLY | os.O_CREAT] * 2), strict=True)):
        os.dup2(os.open(stream, flags, 0o600), number)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.path.insert(0, str(folder))
