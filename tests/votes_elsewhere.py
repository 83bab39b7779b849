"""Votes that people cast elsewhere: as files, and as a study that was made of them without pictures."""

from pathlib import Path

import numpy as np
from tests.studies import NAME, NOW, Study

from multilabelfy.settings import load_settings
from multilabelfy.store.dataset import datasets, images
from multilabelfy.workflows.importing.votes.applying import import_votes
from multilabelfy.workflows.importing.votes.request import VotesRequest, VotesSummary
from multilabelfy.workflows.workspace import Workspace, open_workspace

ROWS = (
    "b.jpg,cat,7,yes", "b.jpg,dog,7,no", "b.jpg,cat,Ada,yes", "b.jpg,dog,Ada,no",  # agreed
    "a.jpg,dog,7,yes", "a.jpg,cat,7,no", "a.jpg,dog,Ada,maybe", "a.jpg,cat,Ada,no",  # a maybe
    "c.jpg,cat,7,no", "c.jpg,cat,Ada,no", "c.jpg,cat,Bob,no",  # nothing, by three
    "d.jpg,cat,Ada,yes", "d.jpg,dog,Bob,yes",  # each was asked about another label
)  # fmt: skip


def table(folder: Path, rows: tuple[str, ...] = ROWS, columns: str = "image,label,annotator,vote", name: str = "votes.csv") -> Path:
    """A table of votes."""
    file = folder / name
    file.write_text("\n".join((columns, *rows)) + "\n")
    return file


def raters_npz(folder: Path, votes: dict[tuple[int, str, int], int], n_raters: int) -> Path:
    """A file as ReaL's, of votes by (rater, image, label), in which a question stands where its first vote does."""
    asked = list(dict.fromkeys((image, label) for _, image, label in votes))
    tensor = np.zeros((n_raters, len(asked), 3), dtype=np.int64)
    for (rater, image, label), vote in votes.items():
        tensor[rater, asked.index((image, label)), vote] = 1
    info = np.array([[image, str(label)] for image, label in asked])
    np.savez(folder / "raters.npz", tensor=tensor, info=info, ids=np.arange(n_raters) + 101)
    return folder / "raters.npz"


def imported(workspace: Workspace, votes: Path, name: str = NAME, **wanted: object) -> VotesSummary:
    """The dataset of these votes."""
    return import_votes(workspace, VotesRequest(name, votes, **wanted), now=NOW)  # type: ignore[arg-type]


def study_of(workspace: Workspace) -> Study:
    """The study in a workspace that has one of this name."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, NAME)
        return Study(workspace, dataset, tuple(images.iterate(c, dataset.id)))


def study_of_votes(folder: Path, rows: tuple[str, ...] = ROWS) -> Study:
    """A study without pictures, in a workspace of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    workspace = open_workspace(load_settings(folder / "workspace"), create=True)
    imported(workspace, table(folder, rows))
    return study_of(workspace)
