"""List what can propose labels here, the recommended model, and the runs so far."""

from dataclasses import dataclass

from multilabelfy.inference.registry import RECOMMENDED, KindHere, kinds_here
from multilabelfy.proposals.runs import Run
from multilabelfy.store.dataset import datasets, proposals
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One model's run over a dataset, with how many images still wait for it."""

    dataset: str
    run: Run
    n_pending: int


@dataclass(frozen=True, slots=True)
class Models:
    """The kinds of SPEC with what each needs, the model to begin with, and the stored runs."""

    kinds: tuple[KindHere, ...]
    recommended: str
    runs: tuple[StoredRun, ...]


def models(workspace: Workspace | None, name: str | None = None) -> Models:
    """What can propose labels, with the runs of one dataset, of all, or, without a workspace, of none. Raises UnknownDataset."""
    return Models(kinds_here(), RECOMMENDED, () if workspace is None else _runs(workspace, name))


def _runs(workspace: Workspace, name: str | None) -> tuple[StoredRun, ...]:
    with workspace.store.reading() as c:
        chosen = datasets.all_datasets(c) if name is None else [datasets.find(c, name)]
        return tuple(
            StoredRun(dataset.name, run, proposals.n_pending(c, run.id)) for dataset in chosen for run in proposals.runs(c, dataset.id)
        )
