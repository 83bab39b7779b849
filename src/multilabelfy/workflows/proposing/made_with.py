"""With what a run's proposals were made, beyond its name: a line in the workspace's file `made_with.jsonl`.

A run's name in the database says which model it was, by commit or content. Versions, the preparation of pictures and templates are for
whoever describes a study or repeats a run later. A run that goes on with something else gets another line.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import metadata
from typing import Any

from multilabelfy.inference.spec import MODULES, ScorerKind
from multilabelfy.workflows.workspace import Workspace

FILE = "made_with.jsonl"
ALWAYS = ("multilabelfy", "numpy", "pillow")
RUNS_NETWORKS = "onnxruntime"


@dataclass(frozen=True, slots=True)
class MadeWith:
    """Versions by package, and what the scorer says of itself: its architecture, how it prepares pictures, its templates, and its
    precision if that is not float32."""

    dataset: str
    source: str
    versions: Mapping[str, str]
    details: Mapping[str, Any]
    at: str


def keep_made_with(workspace: Workspace, dataset: str, source: str, kind: ScorerKind, scorer: object, now: datetime) -> None:
    """Keep it where it differs from the last line of this run. A folder that cannot be written changes nothing."""
    precision = getattr(scorer, "precision", None)
    details = {**getattr(scorer, "details", {}), **({"precision": precision} if precision else {})}
    made = MadeWith(dataset, source, _versions(kind), details, now.isoformat(timespec="seconds"))
    last = made_with(workspace).get((dataset, source))
    if last is not None and (last.versions, last.details) == (made.versions, made.details):
        return
    with suppress(OSError), (workspace.folder / FILE).open("a") as kept:
        kept.write(json.dumps(asdict(made)) + "\n")


def made_with(workspace: Workspace) -> dict[tuple[str, str], MadeWith]:
    """By dataset and source, the newest line. One that cannot be read counts as absent."""
    return {(made.dataset, made.source): made for made in _read(workspace)}


def _read(workspace: Workspace) -> Iterator[MadeWith]:
    with suppress(OSError):
        for line in (workspace.folder / FILE).read_text().splitlines():
            with suppress(ValueError, TypeError):
                yield MadeWith(**json.loads(line))


def _versions(kind: ScorerKind) -> dict[str, str]:
    """Of the packages that decide what comes out."""
    modules = MODULES[kind]
    versions = {}
    for package in (*ALWAYS, *modules, *((RUNS_NETWORKS,) if "torch" in modules else ())):
        with suppress(metadata.PackageNotFoundError):
            versions[package] = metadata.version(package)
    return versions
