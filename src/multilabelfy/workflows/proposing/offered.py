"""Which models a page may start, never code that a form names: those of timm, EfficientNet-lite0, transformers' in the hub's cache, and
files in the workspace's `models`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.inference.choosing.here import transformers_here
from multilabelfy.inference.choosing.table import LITE0
from multilabelfy.inference.registry import RECOMMENDED, KindHere, kinds_here
from multilabelfy.inference.spec import ScorerKind
from multilabelfy.workflows.workspace import Workspace

FOLDER = "models"
ON_PAGES = (ScorerKind.TIMM, ScorerKind.TRANSFORMERS, ScorerKind.CLIP, ScorerKind.ONNX, ScorerKind.SCORES)
SUFFIXES = {".onnx": ScorerKind.ONNX, ".npy": ScorerKind.SCORES}
TIMM = re.compile(r"timm/[\w.-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class OfferedKinds:
    """The kinds that a page may start, whether they can be used here, and the files that are there, as SPECs without folders."""

    kinds: tuple[KindHere, ...]
    files: tuple[str, ...]
    recommended: str = RECOMMENDED


def offered(workspace: Workspace) -> OfferedKinds:
    """What may be started from a page."""
    kinds = tuple(here for here in kinds_here() if here.kind in ON_PAGES)
    return OfferedKinds(kinds, files_of(workspace))


def files_of(workspace: Workspace) -> tuple[str, ...]:
    """The files in the workspace's folder `models`, as SPECs without folders."""
    return tuple(sorted(f"{SUFFIXES[file.suffix]}:{file.name}" for file in _files(workspace)))


def spec_of(workspace: Workspace, text: str) -> str:
    """The SPEC for the command line. Raises InvalidInput if a page may not start it."""
    if TIMM.fullmatch(text) or text == LITE0 or text in transformers_here():
        return text
    by_name = {f"{SUFFIXES[file.suffix]}:{file.name}": file for file in _files(workspace)}
    if text not in by_name:
        what = f"name a model as timm/MODEL, or choose one in the hub's cache here, or a file in the workspace's folder '{FOLDER}'"
        raise InvalidInput("Cannot propose labels", [Problem(text or "model", what)])
    kind, _, name = text.partition(":")
    return f"{kind}:{by_name[f'{kind}:{name}'].resolve()}"


def named_on_page(spec: str) -> str:
    """The SPEC of a started model as a page names it: a file without its folders.

    >>> named_on_page("onnx:/srv/lab/models/mine.onnx"), named_on_page("timm/resnet50")
    ('onnx:mine.onnx', 'timm/resnet50')
    """
    kind, colon, file = spec.partition(":")
    return f"{kind}:{Path(file).name}" if colon else spec


def _files(workspace: Workspace) -> Iterator[Path]:
    folder = workspace.folder / FOLDER
    if folder.is_dir():
        yield from (file for file in folder.iterdir() if file.suffix in SUFFIXES and file.is_file())
