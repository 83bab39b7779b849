"""A tiny web server with pictures on this machine, and a bucket in moto's server: what tests of remote pictures read from."""

import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from multilabelfy.pictures.remote import asking, buckets, files, web_folders
from multilabelfy.pictures.shards import parquet_shard, tar_shard

BUCKET = "pets"
KEY_ID, SECRET = "AKIAEXAMPLEOFTESTS00", "a-secret-that-nobody-may-read"
Asked = list[tuple[str, str, str]]
NEEDED = "needs the extra 'remote' and moto's server: pip install 'multilabelfy[remote,dev]'"


@dataclass
class Web:
    """Pages by path, each a status, headers and a body; one in `silent` is never answered. `asked` holds what was asked for."""

    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    address: str = ""
    gives_parts: bool = True
    ended: threading.Event = field(default_factory=threading.Event)

    def put(self, path: str, body: bytes) -> None:
        self.pages[path] = (200, {}, body)

    def put_folder(self, folder: Path, below: str) -> None:
        """Serve the files of a folder."""
        for file in folder.rglob("*.*"):
            self.put(f"{below}/{file.relative_to(folder).as_posix()}", file.read_bytes())

    def lead(self, path: str, to: str) -> None:
        self.pages[path] = (302, {"Location": to}, b"")


def part_of(body: bytes, span: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    """The answer to a request for a part, `bytes=FIRST-LAST`."""
    first, last = map(int, span.removeprefix("bytes=").split("-"))
    if first >= len(body):
        return 416, {"Content-Range": f"bytes */{len(body)}"}, b""
    part = body[first : last + 1]
    return 206, {**headers, "Content-Range": f"bytes {first}-{first + len(part) - 1}/{len(body)}"}, part


@contextmanager
def served() -> Iterator[Web]:
    """A web server on this machine."""
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(self.path)
            web.asked.append(path)
            web.headers.append(dict(self.headers))
            if path in web.silent:
                web.ended.wait(30)
            status, headers, body = web.pages.get(path, (404, {}, b"nothing here"))
            if web.gives_parts and status == 200 and (span := self.headers.get("Range")):
                status, headers, body = part_of(body, span, headers)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body)), "Connection": "close"}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def handle(self) -> None:
            with suppress(OSError):  # a reader that leaves early
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    web.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        web.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def web() -> Iterator[Web]:
    """A web server on this machine; no root is known to be unreachable yet."""
    require("aiohttp")
    forget()
    with served() as web:
        yield web
    forget()


@pytest.fixture(scope="module")
def s3() -> Iterator[Any]:
    """A client of moto's server, in whose bucket the tests of a module put pictures; the environment has its address and its keys."""
    require("s3fs", "moto", "flask")
    with warnings.catch_warnings(action="ignore"):  # theirs
        import boto3
        from moto.server import ThreadedMotoServer

        server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(f"http://{host}:{port}").items():
            patch.setenv(name, value)
        patch.delenv("AWS_PROFILE", raising=False)
        forget()
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET)
        yield client
        client.close()
    server.stop()
    forget()


def environment(endpoint: str) -> dict[str, str]:
    """What a person sets who reads a bucket."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def put_folder(client: Any, folder: Path, below: str) -> None:
    """Put the files of a folder into the bucket."""
    for file in folder.rglob("*.*"):
        client.put_object(Bucket=BUCKET, Key=f"{below}/{file.relative_to(folder).as_posix()}", Body=file.read_bytes())


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Every request to a bucket: what for, the object's key, and the bytes."""
    require("s3fs")
    import s3fs

    requests: Asked = []
    call = s3fs.S3FileSystem._call_s3

    async def noted(files: Any, method: str, *more: Any, **about: Any) -> Any:
        requests.append((method, about.get("Key", ""), about.get("Range", "")))
        return await call(files, method, *more, **about)

    monkeypatch.setattr(s3fs.S3FileSystem, "_call_s3", noted)
    return requests


def forget() -> None:
    """Open connections anew, ask again those who did not answer, and know no shard: as another process begins."""
    for kept in (files._STAMPS, tar_shard._PLACES, parquet_shard._TABLES, parquet_shard._GROUPS):
        kept.clear()
    buckets._files.cache_clear()
    web_folders._files.cache_clear()
    asking._UNREACHABLE.clear()


def require(*modules: str, needed: str = NEEDED) -> None:
    """Skip where these are not installed. In CI they must be."""
    for module in modules:
        try:
            __import__(module)
        except ImportError:
            if os.environ.get("CI"):
                raise
            pytest.skip(needed)
