"""Work out the figures of a large study in a process of its own, so that whoever annotates meanwhile does not wait for them.

The process is told what to do, and tells what came of it, through its standard input and output: nothing of it lies on a disk. It ends when
its input does: a server that is killed leaves none behind.
"""

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from typing import Any

from multilabelfy.errors import FiguresFailed
from multilabelfy.settings import Settings

COMMAND = (sys.executable, "-c", "from multilabelfy.workflows.analysing.apart import work; work()")
NICENESS = 5
"""By how much it gives way to those who answer."""


def made_apart(kind: type[Any], settings: Settings, name: str, begin: Any = None) -> Any:
    """What `kind().now(workspace, name, begin)` returns, called in another process, which ends with this one. Raises FiguresFailed."""
    process = begin_work()
    assert process.stdin is not None
    assert process.stdout is not None
    with process, contextlib.suppress(BrokenPipeError):  # it may have ended before it was told anything
        process.stdin.write(pickle.dumps((kind, settings.model_dump(), name, begin)))
        process.stdin.flush()
        told = process.stdout.read()
        process.wait()
    if process.returncode:
        raise FiguresFailed
    return pickle.loads(told)  # noqa: S301 – our own process wrote it


def begin_work() -> subprocess.Popen[bytes]:
    """Start the other process, which waits to be told what to do."""
    return subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 – our own program


def work() -> None:
    """In the other process."""
    from multilabelfy.workflows.workspace import opened

    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is not an answer
        os.nice(NICENESS)
        kind, settings, name, begin = pickle.load(sys.stdin.buffer)  # noqa: S301 – our own process wrote it
        threading.Thread(target=_end_with_input, daemon=True).start()
        with opened(Settings(**settings)) as workspace:
            pickle.dump(kind().now(workspace, name, begin), out, protocol=pickle.HIGHEST_PROTOCOL)


def _end_with_input() -> None:
    """Whoever asked has ended: nobody waits for the figures."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)
