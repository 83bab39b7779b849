"""The least that a server of answers can do: take a form, commit one row, send a text. `bench_serve` holds the application beside it."""

import argparse
import sqlite3
import threading
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


class Rows:
    """A table on the disk with one column of text; each row is its own transaction, as safe as an answer is."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._gate = threading.Lock()
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE rows (body TEXT)"):
            self._connection.execute(statement)

    def add(self, body: str) -> None:
        """Commit one row."""
        with self._gate:
            self._connection.execute("INSERT INTO rows VALUES (?)", (body,))


def app(rows: Rows, text: str) -> Starlette:
    """One route, which answers every form with the same text."""

    async def step(request: Request) -> JSONResponse:
        form = await request.form()
        await run_in_threadpool(rows.add, repr(form.multi_items()))
        return JSONResponse({"saved": form["id"], "ahead": text})

    return Starlette(routes=[Route("/step", step, methods=["POST"])], middleware=[Middleware(GZipMiddleware, compresslevel=5)])


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--rows", type=Path, required=True, help="a file that is not there yet")
    parser.add_argument("--text", type=Path, required=True, help="what to answer")
    options = parser.parse_args()
    uvicorn.run(app(Rows(options.rows), options.text.read_text()), port=options.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
