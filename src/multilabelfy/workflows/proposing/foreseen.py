"""What a run will take, said before it begins: by how fast its model was on this machine, else by the work of its network."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from multilabelfy.inference.choosing.machine import device_of, this_machine
from multilabelfy.inference.choosing.suggesting import MeasuredSpeed, estimated
from multilabelfy.inference.choosing.table import known_models
from multilabelfy.inference.cluster.engine import Cluster
from multilabelfy.inference.scorers.scores_file import ScoresFile
from multilabelfy.workflows.proposing.jobs import ProposalJob
from multilabelfy.workflows.proposing.speeds import newest
from multilabelfy.workflows.workspace import Workspace


class Basis(StrEnum):
    """What is known of a run's speed before it begins."""

    MEASURED = "as fast as it was here before"
    ESTIMATED = "estimated from other models' runs here"
    GUESSED = "a guess by the work of its network: no model was measured here yet"


@dataclass(frozen=True, slots=True)
class ForeseenRun:
    """About how many seconds a model takes for the images that wait for it, and how that is known."""

    source: str
    n_images: int
    seconds: float
    basis: Basis


Expect = Callable[[ForeseenRun], None]
"""Called for each model before it begins, where something is known."""


def unexpected(_: ForeseenRun) -> None:
    """Expect nothing."""


def foreseen(workspace: Workspace, job: ProposalJob, cluster: Cluster | None) -> ForeseenRun | None:
    """What this run will take on this machine.

    None for a model that was not measured here and is not in the table or runs on a graphics card, for scores of a file, and on other
    machines.
    """
    if job.model is None or isinstance(job.model.scorer, ScoresFile) or (cluster is not None and cluster.address is not None):
        return None
    source, n, device, here = job.run.source, job.n_pending, device_of(job.model.scorer), this_machine()
    speeds = newest(workspace, (device,))
    if source in speeds:
        return ForeseenRun(source, n, n / speeds[source].images_per_second, Basis.MEASURED)
    known = known_models().get(source.partition("@")[0])
    if known is None or known.gigamacs is None or device != here.processor:
        return None
    measured = [MeasuredSpeed(speed.source, speed.images_per_second) for speed in speeds.values()]
    estimate = estimated(known_models(), known.gigamacs, n_cores=here.n_cores, measured=measured, n_images=n)
    return ForeseenRun(source, n, estimate.seconds, Basis.GUESSED if estimate.is_guess else Basis.ESTIMATED)
