"""Where the weights of a pretrained model are: a folder, or the cache of the Hugging Face hub, which is asked only for what is not there.

The cache lies where the hub's client puts it (https://huggingface.co/docs/huggingface_hub/guides/manage-cache):
`models--OWNER--NAME/snapshots/COMMIT/FILE`, and `refs/REVISION` holds the commit of a branch or tag.
"""

import difflib
import fnmatch
import hashlib
import os
import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies

from multilabelfy.errors import ScorerUnavailable

PATIENCE_SECONDS = 5.0
CONFIG = "config.json"
MAIN = "main"
WEIGHTS = ("model*.safetensors", "pytorch_model*.bin")
"""Names of files with weights, those that are taken if both are there first."""
BESIDE = ("*.json", "*.txt", "*.model")
"""What a model needs beside its weights: how it is built, how it prepares pictures, how it reads text."""
NAME = re.compile(r"\w[\w.-]*/\w[\w.-]*", re.ASCII)
N_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Pretrained:
    """A model in a folder. `name` is OWNER/NAME, or the folder's own name; `revision` begins its commit or its files' SHA-256."""

    name: str
    folder: Path
    revision: str


def pretrained(target: str, attempt: str) -> Pretrained:
    """The model that `target` names: a folder with its files, or OWNER/NAME of the hub, with @REVISION if that is not to be `main`.

    What is in the hub's cache is taken as it is, and nobody is asked whether there is something newer; what is not there is fetched.
    Raises ScorerUnavailable, which begins with the attempt and names a way out.
    """
    folder = Path(target).expanduser()
    if folder.is_dir():
        if not _is_model(folder):
            raise ScorerUnavailable(f"{attempt}: the folder has no {CONFIG}, or no weights ({' or '.join(WEIGHTS)}) beside it.")
        return Pretrained(folder.resolve().name, folder, _digest(folder))
    name, _, revision = target.partition("@")
    if not NAME.fullmatch(name):
        raise ScorerUnavailable(
            f"{attempt}: '{target}' is neither a folder here nor a model OWNER/NAME of the hub.{_beside(folder)}{_alike(name)}"
        )
    kept = _cached(name, revision or MAIN) or _fetched(name, revision or MAIN, attempt)
    return Pretrained(name, kept, kept.name[:N_DIGITS])


def hub_cache() -> Path:
    """The folder of the hub's cache, by the variables that its client reads."""
    if given := os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE"):
        return Path(given).expanduser()
    if home := os.environ.get("HF_HOME"):
        return Path(home).expanduser() / "hub"
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "huggingface" / "hub"


def models_in_cache(cache: Path | None = None) -> Iterator[tuple[str, Path]]:
    """The names and folders of the models in the hub's cache that arrived in full, by name: a snapshot's link leads to a whole file."""
    for repository in sorted((cache or hub_cache()).glob("models--*--*")):
        name = "/".join(repository.name.split("--")[1:])
        if folder := _cached(name, MAIN, cache):
            yield name, folder


def is_within_reach(address: str) -> bool:
    """Whether something listens at this address. Of what lies behind a proxy nothing is known: it may be."""
    parts = urlsplit(address)
    if parts.scheme in getproxies():
        return True
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 443), timeout=PATIENCE_SECONDS):
            return True
    except OSError:
        return False


def _cached(name: str, revision: str, cache: Path | None = None) -> Path | None:
    """The folder of this revision's files, or of this commit's, where they are in the hub's cache."""
    repository = (cache or hub_cache()) / f"models--{name.replace('/', '--')}"
    reference = repository / "refs" / revision
    folder = repository / "snapshots" / (reference.read_text().strip() if reference.is_file() else revision)
    return folder if _is_model(folder) else None


def _is_model(folder: Path) -> bool:
    return (folder / CONFIG).exists() and any(file.exists() for weights in WEIGHTS for file in folder.glob(weights))


def _fetched(name: str, revision: str, attempt: str) -> Path:
    """The folder into which the hub's client brought this model. Raises ScorerUnavailable."""
    from huggingface_hub import HfApi, constants, errors, snapshot_download

    bring = (
        "Without a connection, bring it from a machine that has one: there "
        f"`hf download {name} --local-dir {name.partition('/')[2]}`, then copy the folder here and name it instead."
    )
    if constants.HF_HUB_OFFLINE or not is_within_reach(constants.ENDPOINT):
        raise ScorerUnavailable(f"{attempt}: it is not in the hub's cache, and the hub is out of reach.{_alike(name)}\n{bring}")
    try:
        files = _wanted(HfApi().list_repo_files(name, revision=revision))
        return Path(snapshot_download(name, revision=revision, allow_patterns=files))
    except (errors.RepositoryNotFoundError, errors.GatedRepoError):
        way_out = "Is it spelt right? One that is private or asks for consent needs `hf auth login`."
        raise ScorerUnavailable(f"{attempt}: the hub shows no model '{name}' here. {way_out}{_alike(name)}") from None
    except errors.RevisionNotFoundError:
        raise ScorerUnavailable(f"{attempt}: the model '{name}' has no revision '{revision}'.") from None
    except Exception as error:  # the hub's client raises its own and its transport's classes
        reason = str(error).strip().split("\n")[0] or type(error).__name__
        raise ScorerUnavailable(f"{attempt}: the hub did not give its files: {reason}\n{bring}") from error


def _wanted(files: Sequence[str]) -> list[str]:
    """Of a repository's files those that are read: its weights in one form, and what belongs to them."""
    weights = next((some for pattern in WEIGHTS if (some := fnmatch.filter(files, pattern))), [])
    return [file for file in files if "/" not in file and any(fnmatch.fnmatch(file, pattern) for pattern in BESIDE)] + weights


def _digest(folder: Path) -> str:
    """The first 8 hexadecimal digits of the SHA-256 of the names and contents of the files that are read."""
    names = sorted(_wanted([file.name for file in folder.iterdir() if file.is_file()]))
    whole = hashlib.sha256()
    for name in names:
        with (folder / name).open("rb") as content:
            whole.update(name.encode() + hashlib.file_digest(content, "sha256").digest())
    return whole.hexdigest()[:N_DIGITS]


def _beside(missing: Path) -> str:
    """Folders with names like the one that is missing, where it would be."""
    with suppress(OSError):
        alike = difflib.get_close_matches(missing.name, [entry.name for entry in missing.parent.iterdir() if entry.is_dir()])
        return f" Did you mean the folder {', '.join(alike)}?" if alike else ""
    return ""


def _alike(name: str) -> str:
    """Names in the cache that are like this one, or some of them."""
    cached = [known for known, _ in models_in_cache() if not known.startswith("timm/")]
    alike = difflib.get_close_matches(name, cached, n=5) or difflib.get_close_matches(name.rpartition("/")[2], cached, n=5, cutoff=0.4)
    return f" In the hub's cache there is {', '.join(alike)}." if alike else ""
