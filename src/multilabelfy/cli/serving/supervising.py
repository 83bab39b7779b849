"""Serve with several processes that accept connections from one socket: start them, start a dead one again, end them together.

The parent binds, opens the workspace and finds whatever is wrong with its settings before there is a worker. It serves nothing itself. A
worker that dies before all have started ends everything with its message; later a dead one is replaced, after a pause that grows while that
fails. A worker whose parent is gone ends, too.
"""

import contextlib
import logging
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from multilabelfy.errors import InvalidSetting, MultilabelfyError, typed

STARTED = "started"
LOOKS_EVERY = 0.5
END_SECONDS = 8.5
"""So long workers have to end: the grace for their requests, and a little more."""
LONGEST_PAUSE = 30.0
STEADY_AFTER = 10.0
"""A worker that served for so many seconds had started well."""
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
log = logging.getLogger(__name__)


@dataclass
class Worker:
    """A place for a worker: the process in it, the pipe on which it says how it is, and when a dead one may be replaced."""

    process: SpawnProcess
    words: Connection
    lifeline: Connection
    """Nothing is ever said on it: its end tells the worker that the parent is gone."""
    born_at: float = field(default_factory=time.monotonic)
    has_started: bool = False
    problem: str = ""

    def hear(self) -> None:
        """Take in what it has said: that it serves, or why it cannot."""
        with contextlib.suppress(EOFError, OSError):
            while self.words.poll():
                word = self.words.recv()
                self.has_started |= word == STARTED
                self.problem = "" if word == STARTED else word


class Supervisor:
    """Keeps `n` workers running until a signal comes; `start` makes one."""

    def __init__(self, n: int, start: Callable[[], Worker]) -> None:
        self._start = start
        self._workers = [start() for _ in range(n)]
        self._is_ending = False
        self._pause, self._next_at = 0.0, 0.0

    def run(self, on_started: Callable[[], None] = lambda: None) -> None:
        """Return once all have ended after a signal. Raises InvalidSetting with a worker's message if it cannot start."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        try:
            while not self._is_ending and not all(worker.has_started for worker in self._workers):
                self._listen()
                self._refuse_the_broken()
            if not self._is_ending:
                on_started()
            while not self._is_ending:
                self._listen()
                self._replace_the_dead()
        finally:
            self._end_all()

    def _end(self, *_: object) -> None:
        self._is_ending = True

    def _listen(self) -> None:
        """Wait until somebody who lives says something or dies, or for a moment."""
        living = [worker for worker in self._workers if worker.process.is_alive()]
        wait([each for worker in living for each in (worker.words, worker.process.sentinel)], LOOKS_EVERY)
        for worker in self._workers:
            worker.hear()

    def _refuse_the_broken(self) -> None:
        for worker in self._workers:
            if not worker.has_started and not worker.process.is_alive():
                worker.hear()
                raise InvalidSetting(worker.problem or f"A worker ended before it served (exit status {worker.process.exitcode}).")

    def _replace_the_dead(self) -> None:
        for place, worker in enumerate(self._workers):
            if worker.process.is_alive() or time.monotonic() < self._next_at or self._is_ending:
                continue
            was_steady = worker.has_started and time.monotonic() - worker.born_at > STEADY_AFTER
            self._pause = 0.0 if was_steady else min(LONGEST_PAUSE, max(1.0, 2 * self._pause))
            self._next_at = time.monotonic() + self._pause
            log.warning(
                "Worker %s died (exit status %s): a new one is started. %s", worker.process.pid, worker.process.exitcode, worker.problem
            )
            _forget(worker)
            self._workers[place] = self._start()

    def _end_all(self) -> None:
        """Ask all to end, and end those that have not in time."""
        for worker in self._workers:
            worker.process.terminate()
        until = time.monotonic() + END_SECONDS
        for worker in self._workers:
            worker.process.join(max(0.0, until - time.monotonic()))
            if worker.process.is_alive():
                log.warning("Worker %s did not end in time and was killed.", worker.process.pid)
                worker.process.kill()
                worker.process.join()
            _forget(worker)


def supervise(n: int, work: Callable[..., None], arguments: tuple[Any, ...], on_started: Callable[[], None]) -> None:
    """Keep `n` workers at work until a signal comes: `work(*arguments, say)` calls `say(STARTED)`, or says why it cannot start.

    Raises InvalidSetting if a worker cannot start.
    """
    with _shared_folder():
        Supervisor(n, lambda: _started(work, arguments)).run(on_started)


def _started(work: Callable[..., None], arguments: tuple[Any, ...]) -> Worker:
    context = multiprocessing.get_context("spawn")
    words, theirs = context.Pipe(duplex=False)
    end_of_theirs, lifeline = context.Pipe(duplex=False)
    process = context.Process(target=_live, args=(work, arguments, theirs, end_of_theirs))
    process.start()
    theirs.close()
    end_of_theirs.close()
    return Worker(process, words, lifeline)


def _live(work: Callable[..., None], arguments: tuple[Any, ...], words: Connection, lifeline: Connection) -> None:
    """A worker's whole life."""
    os.setpgrp()  # Ctrl+C is the parent's
    threading.Thread(target=_end_with_the_parent, args=(lifeline,), daemon=True).start()
    try:
        work(*arguments, words.send)
    except MultilabelfyError as error:
        words.send(error.worded(typed))
        raise SystemExit(1) from None


def _end_with_the_parent(lifeline: Connection) -> None:
    with contextlib.suppress(EOFError, OSError):
        lifeline.recv()
    os.kill(os.getpid(), signal.SIGTERM)


def _forget(worker: Worker) -> None:
    """Let go of a worker's pipes, and of what it measured of its present: its counts go on."""
    worker.words.close()
    worker.lifeline.close()
    with contextlib.suppress(ModuleNotFoundError):
        from prometheus_client.multiprocess import mark_process_dead

        mark_dead: Callable[..., object] = mark_process_dead  # untyped
        mark_dead(worker.process.pid)


@contextlib.contextmanager
def _shared_folder() -> Iterator[None]:
    """A folder in which workers keep their measurements, for as long as this lasts."""
    folder = os.environ[SHARED_FOLDER] = tempfile.mkdtemp(prefix="multilabelfy-measured-")
    try:
        yield
    finally:
        del os.environ[SHARED_FOLDER]
        shutil.rmtree(folder, ignore_errors=True)


GRACE_SECONDS = 7
"""So long requests under way may take once a signal came."""
CLOSING_SECONDS = 2.5
"""So long the rest of the end may take: what is under way still is given up then, as if the process were killed."""
log = logging.getLogger(__name__)


def end_in_time() -> None:
    """A request that was given up runs on in its thread, which the process would wait for, however long that takes."""

    def give_up() -> None:
        log.warning("What did not end in time was given up.")
        os._exit(0)

    ending = threading.Timer(CLOSING_SECONDS, give_up)
    ending.daemon = True
    ending.start()


def ends(*_: object) -> None:
    """SIGTERM ends a command as its last line does: uvicorn, once it has ended gracefully, raises the signal again, which would kill the
    process before the workspace is closed."""
    raise SystemExit(0)
