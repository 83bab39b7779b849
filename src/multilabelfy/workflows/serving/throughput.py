"""How much the workspace has handed out and taken in, over all datasets: for whoever watches it from outside."""

from dataclasses import dataclass

from multilabelfy.annotation.model import Task
from multilabelfy.store.handing_out.leases import totals
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Throughput:
    """Of one task: the answers that are stored (revisions not counted), the sheets that were handed out, and those in hand now."""

    answered: int
    handed_out: int
    in_hand: int


def throughput(workspace: Workspace) -> dict[Task, Throughput]:
    """The totals of every task, of one moment. Raises StoreUnavailable."""
    with workspace.store.reading() as c:
        return {task: Throughput(of.answered, of.handed_out, of.in_hand) for task, of in totals(c).items()}
