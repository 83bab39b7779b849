"""Small datasets that the tests of proposing work on."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from multilabelfy.dataset.model import ImageState
from multilabelfy.proposals.model import Proposal
from multilabelfy.proposals.runs import Run
from multilabelfy.settings import Settings
from multilabelfy.store.dataset import datasets, images, proposals
from multilabelfy.store.dataset.looks import embeddings as stored_embeddings
from multilabelfy.workflows.importing.applying import import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.proposing.runs import ProposalSummary, propose
from multilabelfy.workflows.workspace import Workspace

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HERE = Path(__file__).parent
NAME = "colours"
SHADES: Mapping[str, tuple[int, int, int]] = {"red": (255, 40, 0), "green": (0, 255, 40), "blue": (40, 0, 255)}


def settings(folder: Path, database_url: str | None = None) -> Settings:
    """Two images a batch, so that a handful of images makes several."""
    return Settings(workspace=folder / "workspace", database_url=database_url, batch_size=2, decode_threads=2)


def paint(folder: Path, n_of_each: int) -> Path:
    """`<colour>/<number>.png`, each 8 × 8 pixels of its colour with a little of a second one; returns the folder of all."""
    for colour, shade in SHADES.items():
        (folder / "pictures" / colour).mkdir(parents=True, exist_ok=True)
        for number in range(n_of_each):
            Image.new("RGB", (8, 8), shade).save(folder / "pictures" / colour / f"{number}.png")
    return folder / "pictures"


def add_study(workspace: Workspace, pictures: Path) -> None:
    """Import the class folders as the dataset NAME; a second time adds what is new."""
    labels = pictures.parent / "labels.txt"
    labels.write_text("red\ngreen\nblue\n")
    import_dataset(workspace, ImportRequest(NAME, pictures, labels=str(labels), skip_bad=True), now=NOW)


def propose_by(workspace: Workspace, *functions: str, k: int = 2, embeddings: bool = False) -> ProposalSummary:
    """Propose with these functions of `scorers_for_proposing`."""
    return propose(workspace, NAME, [spec(function) for function in functions], k=k, folder=HERE, embeddings=embeddings, now=NOW)


def spec(function: str) -> str:
    return f"python:scorers_for_proposing:{function}"


def proposed(workspace: Workspace) -> dict[str, list[Proposal]]:
    """The proposals of every image that has some, by path."""
    with workspace.store.reading() as c:
        return {path: found for path, found in proposals.iterate(c, datasets.find(c, NAME).id) if found}


def vectors(workspace: Workspace, run: Run) -> dict[str, list[float]]:
    """What a run stored of how each picture looks, by path."""
    with workspace.store.reading() as c:
        path_of = {image.id: image.path for image in images.iterate(c, run.dataset)}
        pieces = [(ids, rows.tolist()) for ids, rows in stored_embeddings.iterate(c, run.id)]
    return {path_of[image]: row for ids, rows in pieces for image, row in zip(ids, rows, strict=True)}


def runs(workspace: Workspace) -> list[Run]:
    with workspace.store.reading() as c:
        return proposals.runs(c, datasets.find(c, NAME).id)


def states(workspace: Workspace) -> dict[str, ImageState]:
    with workspace.store.reading() as c:
        return {image.path: image.state for image in images.iterate(c, datasets.find(c, NAME).id)}


def calls() -> list[int]:
    """The sizes of the batches that were scored, in the module that `propose` has imported by its plain name."""
    sizes: list[int] = sys.modules["scorers_for_proposing"].CALLS
    return sizes
