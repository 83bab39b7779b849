"""`serve` with its workers and its database, each of which can be killed without a warning (SIGKILL)."""

import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
from tests.chaos.clients import PATIENCE
from tests.postgres import OwnPostgres


class Served:
    """`serve` with several workers on a port that stays the same, over a database of its own where it has a PostgreSQL."""

    def __init__(self, workspace: Path, n_workers: int, database_url: str | None = None, postgres: OwnPostgres | None = None) -> None:
        self._command = [sys.executable, "-m", "multilabelfy", "serve", "--workspace", str(workspace), "--log-format", "off"]
        self._command += ["--workers", str(n_workers)]
        self._environment = {**os.environ, **({"MULTILABELFY_DATABASE_URL": database_url} if database_url else {})}
        self._postgres, self._told = postgres, workspace.parent / "told.txt"
        self.port = 0
        self.begin()

    def begin(self) -> None:
        """Start it and wait until it serves."""
        with self._told.open("w") as told:
            command = [*self._command, "--port", str(self.port)]
            self.process = subprocess.Popen(command, stderr=told, text=True, env=self._environment)
        while not (address := re.search(r"http://127\.0\.0\.1:(\d+)", self._told.read_text())):
            assert self.process.poll() is None, self._told.read_text()
            time.sleep(0.02)
        self.port = int(address[1])

    def kill(self, what: str, chance: random.Random) -> bool:
        """Kill a worker, the server or PostgreSQL; the last two are started again. Whether there was something to kill."""
        return KILLS[what](self, chance)

    def end(self) -> int:
        """Let it end by a signal; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE)

    def kill_all(self) -> None:
        """Kill the server with all its workers, and wait until they are gone."""
        everyone = [psutil.Process(self.process.pid), *workers_of(self.process)] if self.process.poll() is None else []
        for process in everyone:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait()
        psutil.wait_procs(everyone, timeout=PATIENCE)

    def _kill_worker(self, chance: random.Random) -> bool:
        workers = workers_of(self.process)
        if workers:
            with contextlib.suppress(psutil.NoSuchProcess):
                chance.choice(workers).kill()
        return bool(workers)

    def _kill_server(self, _: random.Random) -> bool:
        self.kill_all()
        self.begin()
        return True

    def _kill_postgres(self, _: random.Random) -> bool:
        assert self._postgres is not None
        self._postgres.kill()
        self._postgres.start()
        return True


KILLS: Mapping[str, Callable[[Served, random.Random], bool]] = {
    "worker": Served._kill_worker,
    "server": Served._kill_server,
    "postgres": Served._kill_postgres,
}
"""What can be killed, by its name."""


def workers_of(server: "subprocess.Popen[str]") -> list[psutil.Process]:
    """The processes that serve."""
    return [child for child in psutil.Process(server.pid).children() if "spawn_main" in " ".join(child.cmdline())]
