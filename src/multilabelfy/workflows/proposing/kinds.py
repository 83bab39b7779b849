"""List what can propose labels here: the kinds of SPEC, the models on this machine, the one that suits it, the runs so far."""

from collections.abc import Mapping
from dataclasses import dataclass

from multilabelfy.inference.choosing.here import HUB, models_here, transformers_here
from multilabelfy.inference.choosing.machine import Machine, this_machine
from multilabelfy.inference.choosing.suggesting import MeasuredSpeed, SuggestedModel, suggested
from multilabelfy.inference.choosing.table import KnownModel, best_for_their_work, known_models
from multilabelfy.inference.registry import RECOMMENDED, KindHere, kinds_here
from multilabelfy.proposals.runs import Run
from multilabelfy.store.dataset import datasets, images, proposals
from multilabelfy.store.dataset.looks import embeddings
from multilabelfy.workflows.proposing.made_with import MadeWith, made_with
from multilabelfy.workflows.proposing.offered import files_of
from multilabelfy.workflows.proposing.speeds import KeptSpeed, newest
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One model's run over a dataset: how many images still wait for it, with what it was made, where that is known, and how many images it
    embedded.
    """

    dataset: str
    run: Run
    n_pending: int
    made_with: MadeWith | None = None
    n_embedded: int = 0


@dataclass(frozen=True, slots=True)
class UsableModel:
    """A model that needs no connection: where it lies, what the table knows of it, and its newest speed on this machine."""

    spec: str
    where: str
    known: KnownModel | None
    speed: KeptSpeed | None


@dataclass(frozen=True, slots=True)
class Models:
    """The kinds of SPEC with what each needs, the model to begin with, and the stored runs."""

    kinds: tuple[KindHere, ...]
    recommended: str
    runs: tuple[StoredRun, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What helps to choose: this machine, a suggestion for it, the models that are on it, and the best of the table for their work."""

    machine: Machine
    suggestion: SuggestedModel
    here: tuple[UsableModel, ...]
    best: tuple[KnownModel, ...]


def models(workspace: Workspace | None, name: str | None = None) -> Models:
    """What can propose labels, with the runs of one dataset, of all, or, without a workspace, of none. Raises UnknownDataset."""
    return Models(kinds_here(), RECOMMENDED, () if workspace is None else _runs(workspace, name))


def choice(workspace: Workspace | None, name: str | None = None) -> Choice:
    """What helps to choose a model for a dataset (or, without a name, for one of a usual size). Raises UnknownDataset."""
    machine, table = this_machine(), known_models()
    speeds = {} if workspace is None else newest(workspace, (machine.processor, *machine.cards))
    on_processor = [MeasuredSpeed(speed.source, speed.images_per_second) for speed in speeds.values() if speed.device == machine.processor]
    n_images = _n_images(workspace, name)
    suggestion = suggested(table, n_cores=machine.n_cores, has_card=bool(machine.cards), measured=on_processor, n_images=n_images)
    return Choice(machine, suggestion, _here(workspace, speeds), best_for_their_work(table))


def _here(workspace: Workspace | None, speeds: Mapping[str, KeptSpeed]) -> tuple[UsableModel, ...]:
    known = [UsableModel(each.known.model, each.where, each.known, speeds.get(each.known.model)) for each in models_here()]
    others = [UsableModel(spec, HUB, None, _of_file(speeds, spec)) for spec in transformers_here()]
    files = [] if workspace is None else files_of(workspace)
    return (*known, *others, *(UsableModel(file, "the workspace's folder models", None, _of_file(speeds, file)) for file in files))


def _of_file(speeds: Mapping[str, KeptSpeed], file: str) -> KeptSpeed | None:
    """The newest speed of a file or model of this name: a source has its digest or commit behind it."""
    return next((speed for source, speed in reversed(list(speeds.items())) if source.rpartition("@")[0] == file), None)


def _n_images(workspace: Workspace | None, name: str | None) -> int | None:
    if workspace is None or name is None:
        return None
    with workspace.store.reading() as c:
        return sum(images.counts(c, datasets.find(c, name).id).values())


def _runs(workspace: Workspace, name: str | None) -> tuple[StoredRun, ...]:
    made = made_with(workspace)
    with workspace.store.reading() as c:
        chosen = datasets.all_datasets(c) if name is None else [datasets.find(c, name)]
        return tuple(
            StoredRun(dataset.name, run, proposals.n_pending(c, run.id), made.get((dataset.name, run.source)), embeddings.n_of(c, run.id))
            for dataset in chosen
            for run in proposals.runs(c, dataset.id)
        )
