"""A pretrained model is found in its folder or in the hub's cache; what is not there is answered with a way out, at once."""

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from tests.inference.hub_caches import COMMIT, cached

from multilabelfy.errors import ScorerUnavailable
from multilabelfy.inference.hub import hub_cache, models_in_cache, pretrained

VIT = "lab/vit-tiny"


@pytest.fixture(autouse=True)
def _cut_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A hub at whose address nobody listens, and an empty cache."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", address)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.chdir(tmp_path)


def folder(path: Path, weights: bytes = b"weights") -> Path:
    path.mkdir()
    (path / "config.json").write_text("{}")
    (path / "model.safetensors").write_bytes(weights)
    return path


def refusal(target: str) -> str:
    with pytest.raises(ScorerUnavailable) as refused:
        pretrained(target, "Cannot use it")
    return str(refused.value)


def test_a_model_in_the_cache_is_known_by_its_commit_and_nobody_is_asked(tmp_path: Path) -> None:
    snapshot = cached(tmp_path / "hub", VIT)

    found = pretrained(VIT, "Cannot use it")

    assert (found.name, found.folder, found.revision) == (VIT, snapshot, "0a1b2c3d")
    assert pretrained(f"{VIT}@{COMMIT}", "Cannot use it") == found
    assert list(models_in_cache()) == [(VIT, snapshot)]


def test_another_revision_is_another_one(tmp_path: Path) -> None:
    snapshot = cached(tmp_path / "hub", VIT, revision="v2")

    assert pretrained(f"{VIT}@v2", "Cannot use it").folder == snapshot
    assert "it is not in the hub's cache" in refusal(VIT)


def test_sharded_weights_and_those_of_torch_are_weights_too(tmp_path: Path) -> None:
    cached(tmp_path / "hub", "lab/sharded", weights="model-00001-of-00001.safetensors")
    cached(tmp_path / "hub", "lab/torchs", weights="pytorch_model.bin")
    cached(tmp_path / "hub", "lab/flax", weights="flax_model.msgpack")

    assert [name for name, _ in models_in_cache()] == ["lab/sharded", "lab/torchs"]


def test_a_folder_is_known_by_its_content_and_comes_before_the_hub(tmp_path: Path) -> None:
    cached(tmp_path / "hub", "mine/best")
    (tmp_path / "mine").mkdir()
    here = folder(tmp_path / "mine" / "best")
    first = pretrained("mine/best", "Cannot use it")

    (here / "optimizer.pt").write_bytes(b"is not read")
    assert pretrained(str(here), "Cannot use it") == first.__class__("best", here, first.revision)

    (here / "preprocessor_config.json").write_text('{"size": 384}')
    assert pretrained("mine/best", "Cannot use it").revision != first.revision


def test_a_folder_that_holds_no_model_says_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert "the folder has no config.json, or no weights (model*.safetensors or pytorch_model*.bin)" in refusal("empty")


@pytest.mark.parametrize("target", ["vit-tiny", "./lab/vit-tiny", "https://hub.example/lab/vit-tiny", "../lab", "a/b/c"])
def test_what_is_neither_a_folder_nor_a_name_is_said(target: str) -> None:
    assert f"'{target}' is neither a folder here nor a model OWNER/NAME of the hub." in refusal(target)


def test_a_misspelt_name_is_answered_with_those_alike_in_the_cache(tmp_path: Path) -> None:
    cached(tmp_path / "hub", VIT)

    assert f"In the hub's cache there is {VIT}." in refusal("lab/vit-tinny")
    assert f"In the hub's cache there is {VIT}." in refusal("vit-tiny")


def test_without_a_connection_the_way_out_is_a_folder_and_nothing_asks_again(caplog: pytest.LogCaptureFixture) -> None:
    answer = refusal(VIT)

    assert answer.startswith("Cannot use it: it is not in the hub's cache, and the hub is out of reach.")
    assert f"hf download {VIT} --local-dir vit-tiny" in answer
    assert caplog.text == ""


def test_a_misspelt_folder_is_answered_with_those_beside_it(tmp_path: Path) -> None:
    folder(tmp_path / "my-vit")

    assert "Did you mean the folder my-vit?" in refusal("my-vitt")


class Hub(BaseHTTPRequestHandler):
    """A hub with one model, by the protocol that its client speaks."""

    files: ClassVar = {"config.json": b"{}", "model.safetensors": b"weights", "pytorch_model.bin": b"the same", "README.md": b"# ViT"}
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        file = self.path.rpartition("/")[2]
        if self.path.startswith(f"/api/models/{VIT}/tree/"):
            listed = [{"type": "file", "path": name, "size": len(held), "oid": name} for name, held in self.files.items()]
            self._send(200, json.dumps(listed).encode())
        elif self.path.startswith(f"/api/models/{VIT}"):
            self._send(200, json.dumps({"id": VIT, "sha": COMMIT, "siblings": [{"rfilename": name} for name in self.files]}).encode())
        elif self.path.startswith(f"/{VIT}/resolve/") and file in self.files:
            self._send(200, self.files[file], {"ETag": f'"{file}"', "X-Repo-Commit": COMMIT})
        else:
            self._send(401, b"{}", {"X-Error-Code": "RepoNotFound"})

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """In silence."""

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), "Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[type[Hub]]:
    """The hub on loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", address)
        monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}")
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
        Hub.asked.clear()
        yield Hub
        server.shutdown()


def test_what_is_not_in_the_cache_is_fetched_once_and_only_what_is_read(hub: type[Hub]) -> None:
    found = pretrained(VIT, "Cannot use it")

    assert {file.name for file in found.folder.iterdir()} == {"config.json", "model.safetensors"}
    hub.asked.clear()
    assert pretrained(VIT, "Cannot use it") == found
    assert hub.asked == []


def test_a_name_that_the_hub_does_not_know_is_asked_for_once(hub: type[Hub], caplog: pytest.LogCaptureFixture) -> None:
    assert "the hub shows no model 'lab/vitt' here. Is it spelt right?" in refusal("lab/vitt")
    assert len([path for path in hub.asked if "vitt" in path]) == 1
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("variables", "where"),
    [
        ({"HF_HUB_CACHE": "/a", "HF_HOME": "/b"}, "/a"),
        ({"HF_HOME": "/b", "XDG_CACHE_HOME": "/c"}, "/b/hub"),
        ({"XDG_CACHE_HOME": "/c"}, "/c/huggingface/hub"),
    ],
)
def test_the_cache_lies_where_its_client_would_put_it(variables: dict[str, str], where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert hub_cache() == Path(where)
