"""A server in a process of its own, to be killed and started again on the same port."""

import os
import signal
import socket
import time
import urllib.request
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from urllib.error import URLError

from tests.processes import processes


class ServerProcess:
    """Serves a workspace's folder at `address` from `start` to `kill`."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: ForkServerProcess | None = None

    @property
    def is_running(self) -> bool:
        """Whether it was started and not killed since."""
        return self._process is not None

    def begin(self) -> None:
        """Start, and wait for nothing."""
        self._process = processes().Process(target=serve, args=(self._workspace, self.port), daemon=True)
        self._process.start()

    def start(self) -> None:
        """Start and wait until it answers."""
        self.begin()
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{self.address}/sign-in", timeout=5).close()
            except (URLError, OSError):
                time.sleep(0.05)
            else:
                return
        raise TimeoutError("the server did not start within 30 seconds")

    def kill(self) -> None:
        """Kill it without a warning (SIGKILL)."""
        if self._process is not None and self._process.pid is not None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.join()
            self._process = None


def serve(workspace: Path, port: int) -> None:
    """Serve until killed."""
    import uvicorn

    from multilabelfy.settings import load_settings
    from multilabelfy.web.app import create_app
    from multilabelfy.workflows.workspace import open_workspace

    uvicorn.run(create_app(open_workspace(load_settings(workspace))), port=port, log_level="warning")
