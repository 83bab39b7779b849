"""Work out the figures of a large study in a process of its own, so that whoever annotates meanwhile does not wait for them.

The process is told what to do, and tells what came of it, through its standard input and output: nothing of it lies on a disk.
"""

import atexit
import os
import pickle
import subprocess
import sys
from typing import Any

from multilabelfy.errors import FiguresFailed
from multilabelfy.settings import Settings

COMMAND = (sys.executable, "-c", "from multilabelfy.workflows.analysing.apart import work; work()")
NICENESS = 5
"""By how much it gives way to those who answer."""
_under_way: set["subprocess.Popen[bytes]"] = set()


def made_apart(kind: type[Any], settings: Settings, name: str, begin: Any = None) -> Any:
    """What `kind().now(workspace, name, begin)` returns, called in another process, which ends with this one. Raises FiguresFailed."""
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 – our own program
        _under_way.add(process)
        try:
            told, _ = process.communicate(pickle.dumps((kind, settings.model_dump(), name, begin)))
        finally:
            _under_way.discard(process)
    if process.returncode:
        raise FiguresFailed
    return pickle.loads(told)  # noqa: S301 – our own process wrote it


def work() -> None:
    """In the other process."""
    from multilabelfy.workflows.workspace import opened

    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is not an answer
        os.nice(NICENESS)
        kind, settings, name, begin = pickle.load(sys.stdin.buffer)  # noqa: S301 – our own process wrote it
        with opened(Settings(**settings)) as workspace:
            pickle.dump(kind().now(workspace, name, begin), out, protocol=pickle.HIGHEST_PROTOCOL)


@atexit.register
def _end() -> None:
    for process in tuple(_under_way):
        process.kill()
