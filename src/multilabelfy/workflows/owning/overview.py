"""How far a dataset has come through the four stages, and the owner's next step."""

import shlex
from dataclasses import asdict, dataclass
from typing import Any

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageState
from multilabelfy.plurals import counted
from multilabelfy.store import members
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.decisions import releases
from multilabelfy.workflows.owning.steps import StudyStep, step_of
from multilabelfy.workflows.owning.watching import Stages
from multilabelfy.workflows.workspace import Workspace

ARCHIVED = "It is archived: `multilabelfy dataset NAME --archive --undo` takes it back."
COMMANDS = {
    StudyStep.IMPORT: "multilabelfy import {} --images DIR",
    StudyStep.RESUME: "resume the dataset on its settings page",
    StudyStep.REFINE: "refine: invite experts with `multilabelfy invite NAME --role expert`, then `multilabelfy serve`",
    StudyStep.ANNOTATE: "annotate: invite people with `multilabelfy invite NAME`, then `multilabelfy serve`",
    StudyStep.PROPOSE: "multilabelfy propose {} --model SPEC",
    StudyStep.RELEASE: "multilabelfy resolve {}",
    StudyStep.REPORT: "multilabelfy report {} --out DIR",
}
"""How an owner takes each step, with a place for the dataset's name."""
WITH_TEAM = {
    StudyStep.REFINE: "refine: run `multilabelfy serve` for {} (`multilabelfy invite NAME` prints somebody a new link)",
    StudyStep.ANNOTATE: "annotate: run `multilabelfy serve` for {} (`multilabelfy invite NAME` prints somebody a new link)",
}
"""The same where the team has who is needed, with a place for how many they are."""


@dataclass(frozen=True, slots=True)
class DatasetStatus:
    """Counts of images by state, the newest release (0: none), and the next step in words."""

    name: str
    n_images: int
    counts: dict[str, int]
    release: int
    paused: bool
    archived: bool
    next_step: str

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    def sentence(self) -> str:
        """For a terminal."""
        parts = ", ".join(f"{n} {state}" for state, n in self.counts.items() if n)
        return f"{self.name}: {counted(self.n_images, 'image')} ({parts or 'none'}); release {self.release or 'none yet'}. {self._next()}"

    def _next(self) -> str:
        return self.next_step if self.archived else f"Next: {self.next_step}"


def statuses(workspace: Workspace) -> list[DatasetStatus]:
    """The status of every dataset, by name, archived ones last."""
    with workspace.store.reading() as c:
        return [status_of(c, dataset) for dataset in sorted(datasets.all_datasets(c), key=lambda dataset: dataset.is_archived)]


def status_of(c: Connection, dataset: StoredDataset) -> DatasetStatus:
    """How far one dataset has come; it reads only counters, so it costs the same for any number of images."""
    counts = images.counts(c, dataset.id)
    release = releases.newest(c, dataset.id)
    return DatasetStatus(
        name=dataset.name,
        n_images=sum(counts.values()),
        counts={state.value: counts.get(state, 0) for state in ImageState},
        release=release.number if release else 0,
        paused=dataset.paused,
        archived=dataset.is_archived,
        next_step=ARCHIVED if dataset.is_archived else _how(c, dataset, step_of(dataset, Stages(counts), release)),
    )


def _how(c: Connection, dataset: StoredDataset, step: StudyStep) -> str:
    """How the step is taken: nobody is invited where there is somebody for it."""
    roles = [person.role for person in members.team(c, dataset.id) if not person.owns_workspace] if step in WITH_TEAM else []
    if step is StudyStep.REFINE and Role.EXPERT in roles:
        return WITH_TEAM[step].format(counted(roles.count(Role.EXPERT), "expert"))
    if step is StudyStep.ANNOTATE and roles:
        return WITH_TEAM[step].format(counted(len(roles), "person", "people"))
    return COMMANDS[step].format(shlex.quote(dataset.name))
